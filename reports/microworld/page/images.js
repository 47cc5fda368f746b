"use strict";
// Images: loaded cell by cell when they are asked for, shown as tiles of a contact sheet, one at a time in a dialog.

(function () {
  const { element, button } = sdbench;
  const arrived = {}; // cell number -> {promise, resolve, reject}

  // What a cell's script calls when it is there. said: reasons and evidence, which scores name by their place in it.
  sdbench.receive = function (cell, sheet, said, images) {
    images.forEach((image, index) => {
      for (const score of Object.values(image.scores)) {
        for (const key of ["reason", "evidence"]) if (key in score) score[key] = said[score[key]];
      }
      Object.assign(image, { cell, sheet, index });
    });
    arrived[cell].resolve(images);
  };

  // The images of a cell, as a promise; none for a cell without.
  sdbench.load = function (cell) {
    const { file, cell: name } = sdbench.study.cells[cell];
    if (!file) return Promise.resolve([]);
    if (!arrived[cell]) {
      const wait = {};
      wait.promise = new Promise((resolve, reject) => Object.assign(wait, { resolve, reject }));
      arrived[cell] = wait;
      const script = element("script", { src: `page/cells/${encodeURIComponent(file)}` });
      script.addEventListener("error", () => wait.reject(new Error(`page/cells/${file}, the images of ${name}, is missing`)));
      document.head.append(script);
    }
    return arrived[cell].promise;
  };

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      target.style.backgroundImage = `url("${target.dataset.sheet}")`;
      seen.unobserve(target);
    }
  }, { rootMargin: "300px" });

  // The image as an element of `side` px; its sheet is loaded once it comes near the window.
  sdbench.picture = function (image, side) {
    const { sheet, index } = image;
    const perSheet = sheet.per_sheet;
    const files = sheet.files.map((file) => `page/cells/${encodeURIComponent(file)}`);
    const count = Math.min(perSheet, sheet.sizes_px.length - perSheet * Math.floor(index / perSheet));
    const at = index % perSheet, columns = sheet.columns;
    const made = element("span", { class: "picture", role: "img", "aria-label": `${image.class_prompt || image.prompt}, seed ${image.seed}` });
    made.dataset.sheet = files[Math.floor(index / perSheet)];
    Object.assign(made.style, {
      width: `${side}px`, height: `${side}px`,
      backgroundSize: `${columns * side}px ${Math.ceil(count / columns) * side}px`,
      backgroundPosition: `${-(at % columns) * side}px ${-Math.floor(at / columns) * side}px`,
    });
    seen.observe(made);
    return made;
  };

  // What a metric says of an image, in a word: its value, or a dash that says why.
  sdbench.verdict = function (image, metric) {
    const score = image.scores[metric] || { reason: "was not scored" };
    if (score.value !== undefined) return element("b", {}, sdbench.number(score.value));
    return element("span", { class: "missing", title: score.reason }, `${sdbench.NONE} ${score.reason}`);
  };

  sdbench.tile = function (image, metric, others, side) {
    const label = `${image.class_prompt || image.prompt}, seed ${image.seed}: scores and evidence`;
    return button({ class: "tile", "aria-label": label }, () => sdbench.detail(others, others.indexOf(image), metric),
      sdbench.picture(image, side), sdbench.verdict(image, metric));
  };

  const ORDERS = { given: "prompt and seed", low: "lowest first", high: "highest first", unscored: "unscored first" };

  function ordered(images, metric, order) {
    const value = (image) => (image.scores[metric] || {}).value;
    if (order === "unscored") return [...images].sort((a, b) => (value(a) !== undefined) - (value(b) !== undefined));
    if (order === "given") return images;
    return [...images].sort((a, b) => sdbench.compare(value(a), value(b), order === "low" ? 1 : -1));
  }

  function heading(row, metric) {
    const score = row.scores[metric.name];
    const got = score.value === null ? sdbench.NONE
      : `${sdbench.number(score.value)} ${sdbench.interval(score)}, n ${score.n}`;
    const why = sdbench.why(row, metric.name);
    return [
      element("h2", {}, sdbench.rowName(row)),
      element("p", { id: "summary" }, `${sdbench.title(metric)}: ${got}`),
      why ? element("p", { class: "bad", id: "why" }, why) : "",
    ];
  }

  // #images/<row>/<metric>
  sdbench.views.images = async function (view, place, metricName) {
    const { rows, metrics, select } = sdbench.study;
    const row = rows[place] || rows.find((one) => one.n) || rows[0];
    const named = (name) => metrics.find((one) => one.name === name);
    const metric = named(metricName) || named(select) || metrics[0];
    const go = (nextRow, nextMetric) => { location.hash = `#images/${nextRow}/${encodeURIComponent(nextMetric)}`; };
    const grid = element("div", { class: "tiles", "aria-live": "polite" }, "Loading …");
    let all = [];
    const show = (order) => {
      const images = ordered(all, metric.name, order);
      const cells = sdbench.study.cells;
      grid.replaceChildren(...images.map((image) => element("figure", {},
        sdbench.tile(image, metric.name, images, 128),
        element("figcaption", {}, element("span", { class: "prompt", title: image.class_prompt }, image.class_prompt || image.prompt),
          element("small", {}, `seed ${image.seed}` + (row.cells.length > 1 ? `, train seed ${cells[image.cell].train_seed}` : ""))))));
      if (!images.length) grid.replaceChildren(element("p", {}, "No images."));
    };
    view.replaceChildren(...heading(row, metric), element("div", { class: "controls" },
      sdbench.select("Row", rows.map((one, index) => [index, sdbench.rowName(one)]), rows.indexOf(row), (next) => go(next, metric.name)),
      sdbench.select("Metric", metrics.map((one) => [one.name, one.title]), metric.name, (next) => go(rows.indexOf(row), next)),
      sdbench.select("Order", Object.entries(ORDERS), "given", show)), grid);
    all = (await Promise.all(row.cells.map(sdbench.load))).flat();
    show("given");
  };

  // A box that a score's evidence names, in pixels of the image as it was drawn, drawn over it.
  function box(image, [left, top, right, bottom], side) {
    const [width, height] = image.sheet.sizes_px[image.index];
    const scale = side / Math.max(width, height);
    const made = element("span", { class: "found" });
    Object.assign(made.style, {
      left: `${left * scale + (side - width * scale) / 2}px`, top: `${top * scale + (side - height * scale) / 2}px`,
      width: `${(right - left) * scale}px`, height: `${(bottom - top) * scale}px`,
    });
    return made;
  }

  function evidence(score) {
    return score.evidence === undefined ? "" : element("code", {}, JSON.stringify(score.evidence));
  }

  sdbench.detail = function (images, index, metric) {
    const image = images[index], side = 2 * image.sheet.tile_px;
    const dialog = document.getElementById("detail");
    const turn = (by) => sdbench.detail(images, (index + by + images.length) % images.length, metric);
    const boxes = Object.values(image.scores).map((score) => (score.evidence || {}).box_px).filter(Array.isArray);
    const lines = sdbench.study.metrics.map((one) => {
      const score = image.scores[one.name] || { reason: "was not scored" };
      return [one.title, score.value === undefined ? sdbench.NONE : sdbench.number(score.value), score.reason || "", evidence(score)];
    });
    const cell = sdbench.study.cells[image.cell];
    dialog.replaceChildren(
      element("div", { class: "controls" },
        button({ "aria-label": "Previous image" }, () => turn(-1), "←"), button({ "aria-label": "Next image" }, () => turn(1), "→"),
        element("span", {}, `${index + 1} of ${images.length}`), button({ class: "close" }, () => dialog.close(), "Close")),
      element("div", { class: "one" },
        element("span", { class: "frame" }, sdbench.picture(image, side), boxes.map((found) => box(image, found, side))),
        element("dl", {}, [["prompt", image.prompt], ["judged as", image.class_prompt], ["seed", String(image.seed)],
          ["cell", cell.cell], ["image", image.sample_id]].flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value || sdbench.NONE)]))),
      sdbench.table("Scores of this image", ["metric", "value", "reason", "evidence"], lines));
    dialog.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) turn(by);
    };
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(".close").focus();
  };
})();
