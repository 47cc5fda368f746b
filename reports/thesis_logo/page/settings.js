"use strict";
// What two cells were made with, and where that differs.

(function () {
  const { element } = sdbench;
  const state = { left: null, right: null, all: false };

  const said = (cell, key) => sdbench.study.settings.own[cell][key] ?? sdbench.study.settings.common[key];

  // [key, left, right, differ] of every setting that either cell has.
  sdbench.difference = function (left, right) {
    return sdbench.study.settings.keys.map((key) => [key, said(left, key), said(right, key)])
      .filter(([, a, b]) => a !== undefined || b !== undefined)
      .map(([key, a, b]) => [key, a, b, a !== b]);
  };

  function show(view) {
    const { cells } = sdbench.study;
    const all = sdbench.difference(state.left, state.right);
    const lines = all.filter(([, , , differ]) => state.all || differ);
    const value = (text) => (text === undefined ? element("span", { class: "missing", title: "this cell has no such setting" }, sdbench.NONE) : text);
    const made = sdbench.table("Settings", ["setting", cells[state.left].cell, cells[state.right].cell],
      lines.map(([key, a, b, differ]) => [key, ...[a, b].map((text) => (differ ? element("b", {}, value(text)) : value(text)))]), { id: "difference" });
    const count = all.filter(([, , , differ]) => differ).length;
    view.querySelector("output").textContent = `${count} of ${all.length} settings differ`;
    view.querySelector(".result").replaceChildren(made);
  }

  // #settings/<cell>/<cell>
  sdbench.views.settings = function (view, left, right) {
    const { cells, rows } = sdbench.study;
    const bests = rows.filter((row) => row.best).map((row) => row.cells[0]);
    const number = (text, other) => (cells[text] ? Number(text) : other);
    state.left = number(left, state.left ?? bests[0] ?? 0);
    state.right = number(right, state.right ?? bests[1] ?? cells.length - 1);
    const options = cells.map((cell, index) => [index, cell.cell]);
    const go = (a, b) => { location.hash = `#settings/${a}/${b}`; };
    view.replaceChildren(element("div", { class: "controls" },
      sdbench.select("One", options, state.left, (next) => go(next, state.right)),
      sdbench.select("Other", options, state.right, (next) => go(state.left, next)),
      sdbench.checkbox("also what is equal", state.all, (on) => { state.all = on; show(view); }),
      element("output", { "aria-live": "polite" })), element("div", { class: "result" }));
    show(view);
  };
})();
