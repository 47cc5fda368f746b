"use strict";
// The leaderboard: sorted by a click on a header, filtered by words and by method; a number opens its images.

(function () {
  const { element, button } = sdbench;
  const state = { text: "", methods: null, all: false, column: null, direction: 1 };
  let lines = []; // {row, line, words}, in the report's order
  let columns = [];

  function identity() {
    const { rows } = sdbench.study;
    const several = (key) => new Set(rows.map((row) => row[key])).size > 1;
    const keys = ["method", "parameters", ...["model", "subject"].filter(several)];
    return keys.map((key) => ({ title: key, first: 1, value: (row) => row[key] || null, show: (row) => name(row, key) }));
  }

  function name(row, key) {
    if (key !== "method") return element("td", {}, row[key] || sdbench.NONE);
    const best = row.best ? element("span", { class: "tag", title: "Chosen on the validation seeds" }, "best") : null;
    return element("th", { scope: "row" }, element("a", { href: `#images/${place(row)}` }, row.method), best && " ", best);
  }

  const place = (row) => sdbench.study.rows.indexOf(row);

  function statusColumn() {
    const show = (row) => element("td", { class: ["done", "stopped"].includes(row.status) ? "quiet" : "bad" },
      row.status === "done" ? "done" : `${row.status}: ${row.cause || "no cause was recorded"}`);
    return { title: "status", first: 1, value: (row) => row.status, show };
  }

  function countColumn() {
    const show = (row) => element("td", { class: "number" }, row.n
      ? button({ class: "score", "aria-label": `${row.n} images of ${sdbench.rowName(row)}: open them` },
        () => open(row), String(row.n)) : sdbench.NONE);
    return { title: "n", first: -1, number: true, value: (row) => row.n, show };
  }

  const open = (row, metric) => { location.hash = `#images/${place(row)}${metric ? `/${encodeURIComponent(metric)}` : ""}`; };

  function metricColumn(metric) {
    const ends = sdbench.study.rows.flatMap((row) => Object.entries(row.scores[metric.name])
      .filter(([key, value]) => ["value", "low", "high"].includes(key) && value !== null).map(([, value]) => value));
    const range = [Math.min(...ends), Math.max(...ends)];
    return {
      title: sdbench.title(metric), first: metric.direction === "lower" ? 1 : -1, number: true, minor: !metric.headline,
      hint: `${metric.failed ? `‡ failed its audit: ${metric.failed}; ` : ""}${metric.backbone}; ${metric.preprocessing}; ${metric.aggregation}`,
      value: (row) => row.scores[metric.name].value,
      show: (row) => element("td", { class: "number" }, score(row, metric, range)),
    };
  }

  function score(row, metric, range) {
    const got = row.scores[metric.name];
    const about = `${metric.title} of ${sdbench.rowName(row)}`;
    if (got.value === null) {
      const why = sdbench.why(row, metric.name) || "no image was judged";
      return button({ class: "score missing", title: why, "aria-label": `${about}: none, ${why}; open its images` },
        () => open(row, metric.name), sdbench.NONE);
    }
    const interval = sdbench.interval(got);
    const lost = got.unscored ? `, ${got.unscored} unscored` : "";
    const label = `${about}: ${sdbench.number(got.value)} ${interval}, n ${got.n}${lost}; open its images`;
    const title = lost ? sdbench.why(row, metric.name) : interval && `95 % interval from ${row.clusters} clusters`;
    return button({ class: "score", "aria-label": label, title }, () => open(row, metric.name),
      element("b", {}, sdbench.number(got.value)), strip(got, range),
      element("small", {}, [interval, `n ${got.n}${lost}`].filter(Boolean).join(" ")));
  }

  // The interval as a line from the column's lowest end to its highest, the mean as a tick.
  function strip(got, [low, high]) {
    const at = (value) => (high > low ? 100 * (value - low) / (high - low) : 50);
    const mark = element("i", { class: "mean" });
    mark.style.left = `${at(got.value)}%`;
    const line = element("i", { class: "line" });
    if (got.low !== null && got.high !== null) {
      line.style.left = `${at(got.low)}%`;
      line.style.width = `${at(got.high) - at(got.low)}%`;
    }
    return element("span", { class: "strip", "aria-hidden": "true" }, line, mark);
  }

  function costColumn(cost) {
    return {
      title: cost.title, first: 1, number: true, value: (row) => row.costs[cost.name],
      show: (row) => element("td", { class: "number quiet" }, sdbench.cost(row.costs[cost.name], cost.unit)),
    };
  }

  function header(column, place) {
    const made = button({ title: column.hint }, () => sort(place), column.title, element("span", { class: "arrow" }));
    return element("th", { scope: "col", "aria-sort": "none", class: column.minor ? "minor" : null }, made);
  }

  function sort(place) {
    const again = state.column === place;
    state.direction = again ? -state.direction : columns[place].first;
    state.column = place;
    show();
  }

  function show() {
    const view = document.getElementById("leaderboard-view");
    view.querySelectorAll("thead th").forEach((head, place) => {
      const order = state.direction > 0 ? "ascending" : "descending";
      head.setAttribute("aria-sort", state.column === place ? order : "none");
    });
    const value = state.column === null ? null : columns[state.column].value;
    const sorted = value
      ? [...lines].sort((a, b) => sdbench.compare(value(a.row), value(b.row), state.direction)) : lines;
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, line, said } of lines) {
      line.hidden = !(state.methods.has(row.method) && words.every((word) => said.includes(word)));
      shown += !line.hidden;
    }
    view.querySelector("tbody").append(...sorted.map(({ line }) => line));
    view.querySelector("table").classList.toggle("headline", !state.all);
    view.querySelector("output").textContent = `${shown} of ${lines.length} rows`;
  }

  function filters() {
    const methods = [...new Set(sdbench.study.rows.map((row) => row.method))];
    state.methods = new Set(methods);
    const words = element("input", { type: "search", id: "filter", placeholder: "words in method, parameters, status" });
    words.addEventListener("input", () => { state.text = words.value; show(); });
    const boxes = methods.map((method) => sdbench.checkbox(method, true, (on) => {
      state.methods[on ? "add" : "delete"](method);
      show();
    }));
    const minor = columns.some((column) => column.minor)
      ? sdbench.checkbox("all metrics", false, (on) => { state.all = on; show(); }) : null;
    return element("form", { class: "controls" },
      element("label", {}, element("span", {}, "Filter"), words),
      element("fieldset", {}, element("legend", {}, "Methods"), boxes), minor, element("output", { "aria-live": "polite" }));
  }

  sdbench.views.leaderboard = function (view) {
    if (lines.length) return;
    const { study } = sdbench;
    columns = [...identity(), statusColumn(), countColumn(), ...study.metrics.map(metricColumn), ...study.costs.map(costColumn)];
    lines = study.rows.map((row) => {
      const cells = columns.map((column) => {
        const cell = column.show(row);
        if (column.minor) cell.classList.add("minor");
        return cell;
      });
      const said = [row.method, row.parameters, row.model, row.subject, row.status, row.cause].join(" ").toLowerCase();
      return { row, line: element("tr", { class: `kind-${row.kind}` }, cells), said };
    });
    const missing = study.missing.length ? element("p", { class: "bad" }, `Not run yet: ${study.missing.join(", ")}`) : null;
    const sibling = study.rows.some((row) => row.kind === "sibling") ? ", “sibling” are pictures of another of the subject’s class" : "";
    const form = filters();
    form.addEventListener("submit", (event) => event.preventDefault());
    const protocol = study.protocol ? element("p", { class: "note" }, study.protocol) : "";
    view.append(protocol, form, missing || "",
      element("div", { class: "box", tabindex: "0", role: "region", "aria-label": "Leaderboard" },
        element("table", { id: "board" }, element("caption", { class: "unseen" }, "Leaderboard"),
          element("thead", {}, element("tr", {}, columns.map(header))), element("tbody", {}))),
      element("p", { class: "note" }, `Ordered by ${study.select} until a header is pressed. “base” is the untuned model ` +
        `asked with the class words, “base_raw” with the raw prompt${sibling}; “real” are held-out pictures of the subject. ` +
        "Each number opens the images behind it."),
      element("p", { class: "note" }, study.intervals, " All metrics and counts: ",
        element("a", { href: "leaderboard.csv" }, "leaderboard.csv"), "."));
    show();
  };
})();
