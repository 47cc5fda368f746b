"""The house style: what every chart shares. Looks that differ in grey, panels, axis words, reference lines, saving."""

from __future__ import annotations

import io
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from sdbench.records import Card

STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "0.9",
    "axes.axisbelow": True,
    "axes.ymargin": 0.09,  # room at the foot for the marks of runs without a score
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.6,
    "savefig.dpi": 110,
    "svg.hashsalt": "sdbench",  # ids of an SVG are random without it
    "svg.fonttype": "none",  # text as text: a paper's editor can set it, and the file is half as large
}
MARKERS = "osD^vP*X<>"
LINES = ["-", "--", "-.", ":"]
REFERENCE_LINES: dict[str, Any] = {"base": "--", "base_raw": "-.", "sibling": (0, (8, 2, 1, 2, 1, 2)), "real": ":"}
BAD_MARKS = {"diverged": "x", "failed": "+"}  # at the foot of a panel, where a score would have stood
NONE = "–"
COLOURS = 256  # of a PNG


@dataclass(frozen=True)
class Look:
    """How one series is told from the others, by colour and without."""

    colour: Any
    marker: str
    line: str


@contextmanager
def house() -> Iterator[None]:
    """Inside, matplotlib draws and saves in this style, whatever the user's own settings are."""
    with matplotlib.style.context(["default", STYLE]):
        yield


def colours(count: int) -> list[Any]:
    """Dark to light in even steps of lightness, ending before yellow, which is too pale on white."""
    return list(matplotlib.colormaps["viridis"](np.linspace(0.0, 0.82, max(count, 1))))


def looks(keys: Iterable[Hashable]) -> dict[Any, Look]:
    """A look for each key, in order."""
    names = list(dict.fromkeys(keys))
    return {
        name: Look(colour, MARKERS[i % len(MARKERS)], LINES[i % len(LINES)])
        for i, (name, colour) in enumerate(zip(names, colours(len(names)), strict=False))
    }


def panels(count: int, width: float = 3.4, height: float = 2.6, foot: float = 0.0) -> tuple[Figure, list[Axes]]:
    """A figure of `count` panels, at most three beside each other. All inches; foot: room kept below for a legend."""
    columns = 2 if count in (2, 4) else min(count, 3)
    rows = -(-count // columns)
    figure = Figure(figsize=(max(width * columns, 4.6), height * rows + 0.3 + foot), layout="constrained")
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for spare in axes[count:]:
        spare.set_visible(False)
    return figure, axes[:count]


def save(figure: Figure, path: Path) -> None:
    """Write `path` (.png) and the same as .svg beside it; neither holds a date or a version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    few = Image.open(drawn).convert("RGB").quantize(COLOURS)  # a third of the bytes
    few.save(path.with_suffix(".png"), optimize=True)
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None, "Creator": None})


def foot(entries: int, columns: int = 4) -> float:
    """Inches that a legend of so many entries takes below the panels."""
    return 0.2 * -(-entries // columns)


def legend(figure: Figure, axes: Sequence[Axes], columns: int = 4) -> None:
    """One legend below all panels; an entry that several panels have stands once."""
    entries: dict[str, Any] = {}
    for axis in axes:
        for line, label in zip(*axis.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, line)
    if entries:
        figure.legend(
            entries.values(), entries.keys(), loc="outside lower center", ncols=min(len(entries), columns), numpoints=1
        )


def entries(axis: Axes, named: Mapping[str, Look], marked: bool = False) -> None:
    """Legend entries in this order, whichever panel draws a series first."""
    for name, look in named.items():
        axis.plot([], [], look.line, marker=look.marker if marked else "", markersize=3, color=look.colour, label=name)


def words(card: Card) -> str:
    """The axis of a metric's mean: `mean [cosine]`, and below it which way is better."""
    better = {"higher": "higher is better", "lower": "lower is better"}.get(card.direction, "")
    return "\n".join(filter(None, [f"mean [{card.unit}]" if card.unit else "mean", better]))


def reach(rows: pd.DataFrame, metric: str) -> list[Any]:
    """Down and up from each mean to the ends of its interval, 0 where it has none."""
    low, high = (rows[f"{metric}{end}"].astype(float).fillna(rows[metric]) for end in ("_low", "_high"))
    return [(rows[metric] - low).clip(lower=0).to_numpy(), (high - rows[metric]).clip(lower=0).to_numpy()]


def reference_lines(axis: Axes, references: pd.DataFrame, metric: str, upright: bool = False) -> None:
    """Floors and ceiling across a panel, each with its interval as a grey band; upright where the metric runs along x.

    references: kind, label, `<metric>`, `_low`, `_high`; one that has no score has no line.
    """
    line, span = (axis.axvline, axis.axvspan) if upright else (axis.axhline, axis.axhspan)
    for row in references.dropna(subset=[metric]).to_dict("records"):
        line(row[metric], color="0.45", linestyle=REFERENCE_LINES[row["kind"]], linewidth=1, label=row["label"])
        if pd.notna(row[f"{metric}_low"]):
            span(row[f"{metric}_low"], row[f"{metric}_high"], color="0.45", alpha=0.1, linewidth=0)


def bad_marks(axis: Axes, x: Iterable[float], statuses: Iterable[str], colour: Any, tier: int = 0) -> None:
    """A mark at the foot of the panel for each run that diverged or failed there; its height is no score.

    tier: which line of marks, so that those of several series stand above each other.
    """
    for at, status in zip(x, statuses, strict=True):
        ended(axis, at, 0.02 + 0.03 * tier, status, colour, transform=axis.get_xaxis_transform())


def ended(axis: Axes, x: float, y: float, status: str, colour: Any, **how: Any) -> None:
    """The mark of a run that diverged or failed, at a point; none for one that is done."""
    if status in BAD_MARKS:
        axis.plot(x, y, BAD_MARKS[status], color=colour, markersize=5, clip_on=False, zorder=5, **how)


def bad_entries(axis: Axes, statuses: Iterable[str]) -> None:
    """Legend entries for such marks, in grey."""
    for status in sorted(set(statuses) & set(BAD_MARKS)):
        axis.plot([], [], BAD_MARKS[status], color="0.3", markersize=5, label=status)
