"use strict";
// The one global, and how anything gets onto the page: text as text, never as markup.

var sdbench = { study: null, views: {} };

// element("td", {class: "n"}, "text", anotherElement): strings become text nodes; null children are left out.
sdbench.element = function (tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
};

sdbench.button = function (attributes, press, ...children) {
  const made = sdbench.element("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", press);
  return made;
};

// A labelled <select>; options are [value, text].
sdbench.select = function (title, options, chosen, change) {
  const { element } = sdbench;
  const made = element("select", {}, options.map(([value, text]) =>
    element("option", { value, selected: String(value) === String(chosen) }, text)));
  made.addEventListener("change", () => change(made.value));
  return element("label", {}, element("span", {}, title), made);
};

sdbench.checkbox = function (title, checked, change) {
  const made = sdbench.element("input", { type: "checkbox", checked });
  made.addEventListener("change", () => change(made.checked));
  return sdbench.element("label", { class: "check" }, made, title);
};

// A table whose first row is a header; it scrolls in a box of its own.
sdbench.table = function (caption, head, lines, attributes) {
  const { element } = sdbench;
  const header = element("tr", {}, head.map((title) => element("th", { scope: "col" }, title)));
  const body = lines.map((line) => element("tr", {}, line.map((cell, place) =>
    place ? element("td", {}, cell) : element("th", { scope: "row" }, cell))));
  return element("div", { class: "box", tabindex: "0", role: "region", "aria-label": caption },
    element("table", attributes, element("caption", { class: "unseen" }, caption),
      element("thead", {}, header), element("tbody", {}, body)));
};

sdbench.NONE = "–";

sdbench.number = (value) => (value === null || value === undefined ? sdbench.NONE : value.toFixed(3));

// Three significant digits, whole from 100 on, as the report's tables have it.
sdbench.cost = function (value, unit) {
  if (value === null || value === undefined) return sdbench.NONE;
  const scaled = value / unit;
  if (unit === 1 && Number.isInteger(value)) return value.toLocaleString("en");
  return scaled < 100 ? String(Number(scaled.toPrecision(3))) : scaled.toFixed(0);
};

// †: from few clusters.
sdbench.interval = (score) => (score.low === null || score.high === null ? ""
  : `[${sdbench.number(score.low)}, ${sdbench.number(score.high)}]${score.few ? "†" : ""}`);

sdbench.title = function (metric) {
  const arrow = { higher: " ↑", lower: " ↓" }[metric.direction] || "";
  return `${metric.title}${metric.unit ? ` [${metric.unit}]` : ""}${arrow}${metric.failed ? "‡" : ""}`;
};

sdbench.rowName = (row) => [row.label, row.parameters].filter(Boolean).join(" ");

// Why a row has no number for a metric: its status, or what its images' scores say.
sdbench.why = function (row, metric) {
  const reasons = (row.scores[metric] || { reasons: [] }).reasons;
  const said = reasons.map(([reason, count]) => `${reason} (${count} ${count === 1 ? "image" : "images"})`);
  if (row.status !== "done") said.unshift(`${row.status}: ${row.cause || "no cause was recorded"}`);
  return said.join("; ");
};

// Best first, as the report orders them; what is missing is last in either direction.
sdbench.compare = function (a, b, direction) {
  const [lacksA, lacksB] = [a === null || a === undefined, b === null || b === undefined];
  if (lacksA || lacksB) return lacksA - lacksB;
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
  return direction * order;
};
