"""Learning rate x training steps, a panel per method, a figure per metric."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Patch, Rectangle

from sdbench.plots import factors, style
from sdbench.records import Card

HATCHES = {"diverged": "////", "failed": "xxxx", "stopped": "...."}
FEW = 48  # cells of a panel whose values can be read when written in
LEVELS = 64  # of the colour scale
CELL_IN, SIDE_IN = 0.3, 1.1  # a column's width, and what labels take beside
LETTERS_PER_IN = 9  # of the figure's height: what the bar's label has room for


def lr_by_steps(summary: pd.DataFrame, card: Card, path: Path) -> None:
    """The metric's mean at each learning rate and number of training steps; lighter is better, in all panels alike.

    Hatched: diverged, failed or stopped. A dash: not run, or no image could be judged. Framed: the method's best cell.
    Values are written in where a panel has at most FEW cells. Inference steps and all else are those of the best cell.
    summary: as sdbench.tables.summarise gives it.
    """
    rows = factors.at_best(summary, ["lr", "steps"])
    values = rows[card.name].astype(float)
    name = "viridis_r" if card.direction == "lower" else "viridis"
    scale = ScalarMappable(Normalize(values.min(), values.max()), matplotlib.colormaps[name].resampled(LEVELS))
    across, up = rows["steps"].nunique(), rows["lr"].nunique()
    with style.house():
        figure, axes = style.panels(
            rows["label"].nunique(), max(3.4, CELL_IN * across + SIDE_IN), max(2.2, 0.24 * up + 0.9), style.foot(4)
        )
        for axis, (label, mine) in zip(axes, rows.groupby("label", sort=False), strict=True):
            _panel(axis, mine, card.name, scale)
            axis.set(title=label, xlabel="training steps", ylabel="learning rate")
        bar: Any = figure.colorbar(scale, ax=axes, shrink=0.8)
        bar.solids.set(rasterized=False, edgecolor="face")  # vectors in an SVG, without seams
        said = f"{card.title}, {style.words(card)}".replace("\n", ", ")
        bar.set_label(textwrap.fill(said, int(LETTERS_PER_IN * figure.get_figheight())))
        figure.legend(handles=_entries(rows), loc="outside lower center", ncols=4)
        style.save(figure, path)


def _panel(axis: Axes, rows: pd.DataFrame, metric: str, scale: ScalarMappable) -> None:
    rates, steps = sorted(rows["lr"].unique()), sorted(rows["steps"].unique())
    few = len(rates) * len(steps) <= FEW
    cells = {(row["lr"], row["steps"]): row for row in rows.to_dict("records")}
    for y, rate in enumerate(rates):
        for x, step in enumerate(steps):
            _cell(axis, x, y, cells.get((rate, step)), metric, scale, few)
    every = -(-len(steps) // 10)
    axis.set_xticks(range(0, len(steps), every), [f"{step:g}" for step in steps[::every]])
    axis.set_yticks(range(len(rates)), [f"{rate:g}" for rate in rates])
    axis.set(xlim=(-0.5, len(steps) - 0.5), ylim=(-0.5, len(rates) - 0.5))
    axis.grid(False)
    axis.tick_params(length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)


def _cell(
    axis: Axes, x: int, y: int, row: dict[Any, Any] | None, metric: str, scale: ScalarMappable, few: bool
) -> None:
    place: dict[str, Any] = {"xy": (x - 0.5, y - 0.5), "width": 1, "height": 1}
    value = np.nan if row is None else row[metric]
    if row is not None and row["status"] in HATCHES:
        axis.add_patch(
            Rectangle(**place, facecolor="white", edgecolor="0.4", hatch=HATCHES[row["status"]], linewidth=0.3)
        )
    elif pd.isna(value):
        axis.text(x, y, style.NONE, ha="center", va="center", color="0.4")
    else:
        colour = scale.to_rgba(np.array(value))
        axis.add_patch(Rectangle(**place, facecolor=colour, edgecolor="white", linewidth=0.5))
        if few:
            axis.text(x, y, f"{value:.2f}", ha="center", va="center", size=7, color=ink(colour))
    if row is not None and row["best"]:
        axis.add_patch(Rectangle(**place, fill=False, edgecolor="black", linewidth=2, zorder=4, clip_on=False))


def ink(colour: Any) -> str:
    """Black on light, white on dark, by luminance (ITU-R BT.601)."""
    return "black" if np.dot(colour[:3], (0.299, 0.587, 0.114)) > 0.5 else "white"


def _entries(rows: pd.DataFrame) -> list[Patch]:
    found = [status for status in HATCHES if status in set(rows["status"])]
    return [
        *(Patch(facecolor="white", edgecolor="0.4", hatch=HATCHES[status], label=status) for status in found),
        Patch(fill=False, edgecolor="black", linewidth=2, label="best cell, chosen on validation seeds"),
        Patch(fill=False, linewidth=0, label=f"{style.NONE}  not run or not scored"),
    ]
