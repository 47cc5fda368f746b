"use strict";
// What made the numbers: code, packages and device of the study, the metrics' cards, each cell's stages.

sdbench.views.origins = function (view) {
  if (view.childElementCount) return;
  const { element, table, NONE } = sdbench;
  const { made_with: madeWith, metrics, cells } = sdbench.study;
  const range = (card) => `${card.low} to ${card.high}`;
  const cards = metrics.map((card) => [sdbench.title(card), range(card), card.backbone, card.preprocessing, card.aggregation, String(card.version), card.source]);
  const stages = cells.flatMap((cell) => cell.stages.map((one) => [
    cell.cell, one.stage, one.folder, one.started ? one.started.slice(0, 19).replace("T", " ") : NONE,
    one.seconds === null ? NONE : sdbench.cost(one.seconds, 1), one.device || NONE,
    one.commit ? one.commit.slice(0, 12) + (one.dirty ? " (with uncommitted changes)" : "") : NONE,
  ]));
  view.append(
    element("h2", {}, "Made with"), table("Made with", ["made with", "versions"], madeWith, { class: "wrap" }),
    element("h2", {}, "Metrics"), table("Metrics", ["metric", "range", "backbone", "preprocessing", "aggregation", "version", "source"], cards, { class: "wrap" }),
    element("h2", {}, "Stages"), table("Stages", ["cell", "stage", "folder in the store", "started (UTC)", "seconds", "device", "commit"], stages, {}));
};
