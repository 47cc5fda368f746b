"use strict";
// Images side by side: a line per prompt and image seed, a column per training, checkpoints by a slider.

(function () {
  const { element } = sdbench;
  const state = { chosen: null, stop: 0, prompt: "", metric: "", subject: null, seed: null, turn: 0 };

  // Rows that are checkpoints of one training are one column: {key, label, rows by steps}.
  function trajectories() {
    const found = new Map();
    for (const row of sdbench.study.rows.filter((one) => one.n)) {
      if (!found.has(row.trajectory)) found.set(row.trajectory, { key: row.trajectory, rows: [], label: row.label, subject: row.subject });
      found.get(row.trajectory).rows.push(row);
    }
    for (const one of found.values()) one.rows.sort((a, b) => a.steps - b.steps);
    return [...found.values()];
  }

  const steps = (columns) => [...new Set(columns.filter((one) => one.rows.length > 1)
    .flatMap((one) => one.rows.map((row) => row.steps)))].sort((a, b) => a - b);

  // The checkpoint that a column shows: its best (else its last) at the slider's left end, then the last one reached.
  function checkpoint(column, step) {
    if (step === null) return column.rows.find((row) => row.best) || column.rows[column.rows.length - 1];
    return [...column.rows].reverse().find((row) => row.steps <= step) || column.rows[0];
  }

  function cellOf(row) {
    const { cells } = sdbench.study;
    return row.cells.find((cell) => String(cells[cell].train_seed) === String(state.seed)) ?? row.cells[0];
  }

  // Lines by sample id; pictures that nobody drew answer no prompt and fill their column in order.
  function lineUp(columns) {
    const lines = new Map();
    for (const { row, images } of columns) {
      if (row.pictures) continue;
      for (const image of images) if (!lines.has(image.sample_id)) lines.set(image.sample_id, image);
    }
    if (!lines.size) return columns.map(({ images }) => images).sort((a, b) => b.length - a.length)[0] || [];
    return [...lines.values()];
  }

  const answer = ({ row, images }, line, place) =>
    images.find((one) => one.sample_id === line.sample_id) || (row.pictures ? images[place] : null);

  function head({ row }) {
    const place = sdbench.study.rows.indexOf(row);
    return element("th", { scope: "col" }, element("a", { href: `#images/${place}` }, row.label),
      element("small", {}, row.parameters || (row.pictures ? "answers no prompt" : "untuned")),
      element("small", { class: "steps" }, row.steps === null ? "" : `${row.steps} steps`));
  }

  async function show(view) {
    const turn = (state.turn += 1);
    const chosen = trajectories().filter((one) => state.chosen.has(one.key) && one.subject === state.subject);
    const stops = [null, ...steps(chosen)];
    state.stop = Math.min(state.stop, stops.length - 1);
    slider(view, stops, chosen);
    const rows = chosen.map((one) => checkpoint(one, stops[state.stop]));
    const columns = await Promise.all(rows.map(async (row) => ({ row, images: await sdbench.load(cellOf(row)) })));
    if (turn !== state.turn) return; // the slider went on while images were loading
    const all = lineUp(columns);
    prompts(view, all);
    const lines = all.filter((image) => !state.prompt || image.class_prompt === state.prompt);
    const body = lines.map((line) => {
      const images = columns.map((column) => answer(column, line, all.indexOf(line)));
      const there = images.filter(Boolean);
      return element("tr", {},
        element("th", { scope: "row" }, line.class_prompt || line.prompt, element("small", {}, `seed ${line.seed}`)),
        images.map((image) => element("td", {}, image ? sdbench.tile(image, state.metric, there, 128) : sdbench.NONE)));
    });
    view.querySelector(".grid").replaceChildren(element("table", { id: "grid" }, element("caption", { class: "unseen" }, "Images side by side"),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "prompt and image seed"), columns.map(head))),
      element("tbody", {}, body)));
  }

  function slider(view, stops, chosen) {
    const place = view.querySelector(".slider");
    place.hidden = stops.length < 2;
    const input = place.querySelector("input");
    input.max = stops.length - 1;
    input.value = state.stop;
    const step = stops[state.stop];
    const text = step === null ? (chosen.some((one) => one.rows.some((row) => row.best)) ? "each one's best" : "each one's last") : `${step} steps`;
    input.setAttribute("aria-valuetext", text);
    place.querySelector("output").textContent = text;
  }

  function prompts(view, lines) {
    const texts = [...new Set(lines.map((image) => image.class_prompt))];
    if (!texts.includes(state.prompt)) state.prompt = "";
    const choice = sdbench.select("Prompt", [["", "all prompts"], ...texts.map((text) => [text, text])], state.prompt,
      (next) => { state.prompt = next; show(view); });
    view.querySelector(".prompts").replaceChildren(choice);
  }

  function choose(view, found) {
    const boxes = found.filter((one) => one.subject === state.subject).map((one) => {
      const what = one.rows.length > 1 ? `${one.rows[0].parameters} … ${one.rows[one.rows.length - 1].parameters}` : one.rows[0].parameters;
      return sdbench.checkbox([one.label, what].filter(Boolean).join(" "), state.chosen.has(one.key), (on) => {
        state.chosen[on ? "add" : "delete"](one.key);
        show(view);
      });
    });
    view.querySelector("fieldset").replaceChildren(element("legend", { class: "unseen" }, "Columns"), ...boxes);
  }

  function build(view) {
    const found = trajectories();
    const { metrics, select, cells } = sdbench.study;
    const subjects = [...new Set(found.map((one) => one.subject))];
    const seeds = [...new Set(cells.map((cell) => cell.train_seed).filter((seed) => seed !== null))];
    state.subject = subjects[0];
    state.seed = seeds[0];
    state.metric = select;
    state.chosen = new Set(found.filter((one) => one.rows.some((row) => row.best || row.kind !== "trained")).map((one) => one.key));
    const range = element("input", { type: "range", min: 0, step: 1, id: "steps", "aria-label": "Training steps" });
    range.addEventListener("input", () => { state.stop = Number(range.value); show(view); });
    view.replaceChildren(element("div", { class: "controls" },
      element("span", { class: "prompts" }),
      sdbench.select("Metric", metrics.map((one) => [one.name, one.title]), state.metric, (next) => { state.metric = next; show(view); }),
      subjects.length > 1 ? sdbench.select("Subject", subjects.map((one) => [one, one]), state.subject,
        (next) => { state.subject = next; choose(view, found); show(view); }) : "",
      seeds.length > 1 ? sdbench.select("Training seed", seeds.map((one) => [one, String(one)]), state.seed,
        (next) => { state.seed = next; show(view); }) : "",
      element("label", { class: "slider" }, element("span", {}, "Training steps"), range, element("output", {}))),
    element("details", { class: "columns" }, element("summary", {}, "Choose columns"), element("fieldset", {})),
    element("div", { class: "box grid", tabindex: "0", role: "region", "aria-label": "Images side by side" }));
    choose(view, found);
  }

  sdbench.views.compare = function (view) {
    if (!state.chosen) build(view);
    return show(view);
  };
})();
