"""Quality against cost: which points nothing beats on both, and how much they cover together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, FuncFormatter, LogLocator, MaxNLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from sdbench.plots import factors, style
from sdbench.records import Card

COSTS = {"train_seconds": ("training", "s"), "weight_bytes": ("weights as saved", "B")}  # column -> title, unit


def front(cost: ArrayLike, quality: ArrayLike) -> NDArray[np.bool_]:
    """Which points are not dominated: none other costs at most as much and is at least as good, and is better in one.

    cost, quality: (n,), less cost and more quality are better; a point with a NaN is not on the front and beats none.
    Equal points are on it together.
    """
    c, q = (np.asarray(values, dtype=np.float64) for values in (cost, quality))
    beaten = (c[:, None] <= c) & (q[:, None] >= q) & ((c[:, None] < c) | (q[:, None] > q))
    finite: NDArray[np.bool_] = np.isfinite(c) & np.isfinite(q)
    return finite & ~(beaten & finite[:, None]).any(axis=0)


def hypervolume(cost: ArrayLike, quality: ArrayLike, reference: tuple[float, float]) -> float:
    """The area that the points dominate and that dominates `reference` (cost, quality); 0 where there is none.

    In two dimensions, of Zitzler and Thiele 1998, Multiobjective Optimization Using Evolutionary Algorithms. Points
    that do not beat the reference in both add nothing, NaN neither.
    """
    c, q = (np.asarray(values, dtype=np.float64) for values in (cost, quality))
    kept = front(c, q) & (c < reference[0]) & (q > reference[1])
    order = np.lexsort((q[kept], c[kept]))
    heights = np.diff(q[kept][order], prepend=reference[1])  # cost ascends along a front, and so does quality
    return float(((reference[0] - c[kept][order]) * heights).sum())


def next_power_of_ten(cost: ArrayLike) -> float:
    """The one above every cost: a bound that runs of about the same cost share, so that they can be compared."""
    return float(10.0 ** (np.floor(np.log10(np.nanmax(np.asarray(cost, dtype=np.float64)))) + 1))


def quality_vs_cost(summary: pd.DataFrame, cards: Sequence[Card], cost: str, path: Path) -> None:
    """A panel per metric: every trained row by what it costs; the Pareto front with 95 % intervals, the rest dimmed.

    Below each title the hypervolume of the front over (log10 cost, metric), and its reference point: the next power
    of ten above every cost, and the untuned base's mean (of several the worst; without one, the worst end of the
    metric's range). The front is that of the means, and the best of many noisy means flatters: read it with the
    intervals. Inference steps are those of the method's best cell.
    summary: as sdbench.tables.summarise gives it. cards: metrics with a direction. cost: one of COSTS.
    """
    rows, references = factors.at_best(summary, ["lr", "steps", "rest"]), factors.references(summary)
    rows = rows.assign(cost=rows[cost].astype(float))
    rows, look = rows[rows["cost"] > 0], style.looks(rows["label"])
    title, unit = COSTS[cost]
    with style.house():
        figure, axes = style.panels(len(cards), height=2.9, foot=style.foot(len(look) + 4))
        for axis, card in zip(axes, cards, strict=True):
            scored = rows.dropna(subset=[card.name])
            _points(axis, scored, card, look)
            style.reference_lines(axis, references, card.name)
            axis.set_title(f"{card.title}\n")
            note = _volume(scored, card, references, unit)
            axis.text(0.5, 1.02, note, transform=axis.transAxes, ha="center", va="bottom", size=7, color="0.3")
            axis.set(xlabel=title, ylabel=style.words(card), xscale="log")
            _ticks(axis, rows["cost"], unit)
        style.legend(figure, axes)
        style.save(figure, path)


def _sign(card: Card) -> float:
    return -1.0 if card.direction == "lower" else 1.0


def _points(axis: Axes, rows: pd.DataFrame, card: Card, look: dict[Any, style.Look]) -> None:
    on = pd.Series(front(rows["cost"], _sign(card) * rows[card.name]), index=rows.index)
    for label, mine in rows.groupby("label", sort=False):
        shown = look[label]
        axis.plot([], [], linestyle="none", marker=shown.marker, color=shown.colour, label=label)
        dim, bright = mine[~on[mine.index]], mine[on[mine.index]]
        axis.plot(dim["cost"], dim[card.name], shown.marker, color=shown.colour, markersize=3, alpha=0.3, linewidth=0)
        reach = style.reach(bright, card.name)
        axis.errorbar(
            bright["cost"], bright[card.name], reach, fmt=shown.marker, color=shown.colour, capsize=2, markersize=6
        )
    best = rows[on].sort_values("cost")
    axis.step(best["cost"], best[card.name], where="post", color="black", linewidth=0.8, zorder=1, label="Pareto front")


def _volume(rows: pd.DataFrame, card: Card, references: pd.DataFrame, unit: str) -> str:
    if rows.empty:
        return "no score"
    sign = _sign(card)
    base = sign * references.loc[references["kind"] == "base", card.name].dropna()
    floor = float(base.min()) if len(base) else min(sign * card.low, sign * card.high)
    most = next_power_of_ten(rows["cost"])
    area = hypervolume(np.log10(rows["cost"]), sign * rows[card.name], (math.log10(most), floor))
    return f"hypervolume {area:.3f} from ({_amount(unit)(most, 0)}, {sign * floor:.3f})"


def _amount(unit: str) -> Any:
    """`5 MB` and `2000 s`."""
    return FuncFormatter(lambda value, _: f"{value:g} s") if unit == "s" else EngFormatter(unit)


def _ticks(axis: Axes, cost: pd.Series, unit: str) -> None:
    ratio = cost.max() / cost.min() if len(cost) else 1.0
    decades = LogLocator(subs=(1,) if ratio > 100 else (1, 2, 5))
    axis.xaxis.set_major_locator(decades if ratio > 10 else MaxNLocator(4))
    axis.xaxis.set_major_formatter(_amount(unit))
    axis.xaxis.set_minor_locator(NullLocator())
