"""Intervals per method: each one's best cell in a line of its own, floors and ceiling as reference lines."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes

from sdbench.plots import factors, style
from sdbench.records import Card


def intervals(summary: pd.DataFrame, cards: Sequence[Card], path: Path) -> None:
    """A panel per metric, a line per method: its best cell's mean and 95 % interval, in the study's order from the top.

    A method without a score there has a dash and why. summary: as sdbench.tables.summarise gives it.
    """
    rows, references = factors.anchors(summary).reset_index(drop=True), factors.references(summary)
    look, names, why = style.looks(rows["label"]), _names(rows), _why_none(factors.trained(summary))
    with style.house():
        figure, axes = style.panels(len(cards), height=0.42 * len(rows) + 0.9, foot=style.foot(4))
        for axis, card in zip(axes, cards, strict=True):
            style.reference_lines(axis, references, card.name, upright=True)
            for place, row in enumerate(rows.to_dict("records")):
                if row["best"] and pd.notna(row[card.name]):
                    _interval(axis, place, rows.iloc[[place]], card.name, look[row["label"]])
                else:
                    words = f"{style.NONE} ({'no score' if row['best'] else why[row['label']]})"
                    axis.text(0.5, place, words, transform=axis.get_yaxis_transform(), ha="center", va="center")
            axis.set(title=card.title, xlabel=style.words(card).replace("\n", ", "), ylim=(len(rows) - 0.5, -0.5))
            axis.set_yticks(range(len(rows)), names, size=7)
            axis.grid(False, axis="y")
        for axis in axes[1:]:
            if axis.get_position().x0 > axes[0].get_position().x0:  # beside the first column, which has the names
                axis.tick_params(labelleft=False)
        style.legend(figure, axes)
        style.save(figure, path)


def _names(rows: pd.DataFrame) -> list[str]:
    said = rows["parameters"].where(rows["best"].astype(bool), "")
    return ["\n".join([name, *textwrap.wrap(what, 26)[:2]]) for name, what in zip(rows["label"], said, strict=True)]


def _why_none(rows: pd.DataFrame) -> dict[str, str]:
    """What became of the cells of a method that has no best one."""
    bad = rows[rows["status"] != "done"].groupby("label")["status"].unique()
    return {label: ", ".join(sorted(bad.get(label, ["no score"]))) for label in rows["label"].unique()}


def _interval(axis: Axes, place: int, row: pd.DataFrame, metric: str, look: style.Look) -> None:
    reach = style.reach(row, metric)
    axis.errorbar(row[metric], [place], xerr=reach, fmt=look.marker, color=look.colour, capsize=3, markersize=6)
