"""How much hangs on tuning: what a method's median trial loses of what its grid spans. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sdbench.stats.clusters import Values
from sdbench.stats.tuning import best_of_k


@dataclass(frozen=True)
class Sensitivity:
    """What a trial that was not tuned loses against the one chosen on validation, in test score (unit of the metric).

    best: the chosen trial; median: the median trial, failed ones counted as the worst, None where it is one of them;
    best_test, worst_test: the ends of the grid. Lost: (best - median) / (best_test - worst_test), signed so that more
    is worse, negative where it beats the chosen one; None where something is missing or the grid has no spread. A
    fraction near 0: leave it untuned; near 1: all of the grid's spread is at stake.
    """

    best: float | None
    median: float | None
    best_test: float | None
    worst_test: float | None
    lost_by_median: float | None
    trials: int
    n_unscored: int


def sensitivity(validation: Values, test: Values, higher_is_better: bool = True) -> Sensitivity:
    """Of n trials: validation (n,), test (n,), mean scores.

    The loss is the tunability of Probst, Boulesteix & Bischl 2019 (Tunability: Importance of Hyperparameters of
    Machine Learning Algorithms: tuned less default) with the median in place of the default, which a grid need not
    hold, divided by the grid's range so that metrics compare. Where several trials are best on validation, `best` is
    their mean.
    """
    scores = np.asarray(test, dtype=np.float64)
    known = np.isfinite(scores)
    sign = 1.0 if higher_is_better else -1.0
    ranked = np.sort(np.where(known, sign * scores, -np.inf))
    n = len(scores)
    middle = float(ranked[[(n - 1) // 2, n // 2]].mean()) * sign if n else math.nan
    best = best_of_k(validation, scores, higher_is_better)[-1].expected.value if n else None
    ends = (sign * float(ranked[-1]), float(sign * ranked[n - int(known.sum())])) if known.any() else (None, None)
    median = middle if math.isfinite(middle) else None
    return Sensitivity(best, median, ends[0], ends[1], _lost(best, median, ends), n, n - int(known.sum()))


def _lost(best: float | None, other: float | None, ends: Sequence[float | None]) -> float | None:
    high, low = ends
    if best is None or other is None or high is None or low is None or high == low:
        return None
    return (best - other) / (high - low)
