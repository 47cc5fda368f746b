"""What tuning buys: the score to expect after k trials of each method's grid."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.ticker import MaxNLocator

from sdbench.plots import style
from sdbench.records import Card

CAPTION = (
    "{title}: the test score to expect from the best of k trials of a method's grid, chosen on validation seeds, with "
    "95 % intervals over image seeds; a trial that failed or diverged is one of the k"
)


def tuning_curves(curves: pd.DataFrame, card: Card, path: Path) -> None:
    """A line per method along the number of trials, its interval as a band; a gap where no draw gives a score.

    curves: label, k, expected, low, high. card: the metric that the study selects by.
    """
    look = style.looks(curves["label"])
    with style.house():
        figure, (axis,) = style.panels(1, width=5.2, foot=style.foot(len(look)))
        for label, mine in curves.groupby("label", sort=False):
            shown, mine = look[label], mine.sort_values("k").astype({"expected": float, "low": float, "high": float})
            axis.fill_between(mine["k"], mine["low"], mine["high"], color=shown.colour, alpha=0.13, linewidth=0)
            axis.plot(
                mine["k"], mine["expected"], shown.line, marker=shown.marker, markersize=3, color=shown.colour,
                label=label,
            )  # fmt: skip
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set(title=card.title, xlabel="trials", ylabel=style.words(card))
        style.legend(figure, [axis])
        style.save(figure, path)
