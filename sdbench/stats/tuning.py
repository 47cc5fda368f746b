"""What tuning buys: the test score to expect after k trials of a method's grid. Numbers in, numbers out.

A trial is a cell of the grid, with one validation score to choose by and test scores to report. k of the n trials are
drawn at random without replacement and the best by validation is chosen: its expected test score is a sum over the
trials with the probability that each is the one chosen, which order statistics give exactly, so nothing is simulated.
Dodge et al. 2019, Show Your Work, section 3, with draws without replacement, for a grid holds no trial twice (Tang
et al. 2020, Showing Your Work Doesn't Always: so the estimate is without bias), and choosing on validation.

A trial that failed or diverged is a trial: it costs one of the k and is chosen only where all k failed; then there is
no score. The expectation is over the draws that give a score, and `p_no_score` says how many do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sdbench.stats import Interval, expanded_tail
from sdbench.stats.clusters import Floats, Values, cluster_draws


@dataclass(frozen=True)
class BestOf:
    """After k trials. expected: the mean test score over draws, with its interval over clusters of images (other image
    seeds; the same trainings, the same choice); its n are trials with a test score, n_unscored those without.
    drawn_low, drawn_high: where 95 % of the draws lie, exactly: the luck of the draw, which is not an interval of the
    mean. p_no_score: the probability that the draw gives no score. Scores are None where no draw gives one.
    """

    k: int
    expected: Interval
    drawn_low: float | None
    drawn_high: float | None
    p_no_score: float


def best_of_k(
    validation: Values,
    test: ArrayLike,
    higher_is_better: bool = True,
    seed: int = 0,
    level: float = 0.95,
    resamples: int = 4000,
) -> tuple[BestOf, ...]:
    """The tuning curve of n trials, k = 1..n.

    validation: (n,). test: (n, c), a trial's mean in each cluster, or (n,) without any interval. None, NaN or
    infinite means no score. A trial's test score is the mean of its scored clusters; one that has no validation
    score cannot be chosen, whatever its test score is.
    """
    table = np.asarray(test, dtype=np.float64).reshape(len(np.asarray(validation)), -1)
    known = np.isfinite(table)
    n_scored, clusters = int(known.any(axis=1).sum()), int(known.any(axis=0).sum())
    can_win = known.any(axis=1) & np.isfinite(np.asarray(validation, dtype=np.float64))
    reach = chosen(validation, higher_is_better) * can_win
    weights = reach / np.maximum(reach.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    means = np.where(known, table, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    low, high = _ends(weights, table[:, known.any(axis=0)], means, seed, level, resamples)
    curve = []
    for i, weight in enumerate(weights):
        value = float(weight @ means) if weight.any() else None
        seen = value is not None and clusters > 1
        ends = (float(low[i]), float(high[i])) if seen else (None, None)
        expected = Interval(value, ends[0], ends[1], n_scored, len(table) - n_scored, clusters)
        curve.append(BestOf(i + 1, expected, *_middle(weight, means), max(0.0, 1 - float(reach[i].sum()))))
    return tuple(curve)


def chosen(validation: Values, higher_is_better: bool = True) -> Floats:
    """The probability that each trial is the one chosen, (n, n): row k - 1 after k of the n trials, column by trial.

    The trial with the i-th lowest validation score is the best of k in C(i - 1, k - 1) of C(n, k) draws. Of equals each
    is chosen as often; trials without a score are the lowest, equal among themselves.
    """
    numbers = np.asarray(validation, dtype=np.float64)
    scores = np.where(np.isfinite(numbers), numbers if higher_is_better else -numbers, -np.inf)
    n = len(scores)
    rows = [[math.comb(i, k - 1) / math.comb(n, k) for i in range(n)] for k in range(1, n + 1)]
    by_rank = np.array(rows, dtype=np.float64).reshape(n, n)
    values, index, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    shared = [by_rank[:, end - count : end].sum(axis=1) / count for end, count in zip(ends, counts, strict=True)]
    return np.stack(shared, axis=1)[:, index] if len(values) else by_rank


def _ends(
    weights: Floats, table: Floats, means: Floats, seed: int, level: float, resamples: int
) -> tuple[Floats, Floats]:
    """The cluster bootstrap's ends of `weights` @ trial means, the choice held fast: (n,) each, of no use below two."""
    clusters = table.shape[1]
    if clusters < 2:
        return means, means
    known = np.isfinite(table)
    draws = cluster_draws(clusters, seed, resamples)
    counts = draws @ known.T.astype(np.float64)
    drawn = np.where(counts > 0, draws @ np.where(known, table, 0.0).T / np.maximum(counts, 1), means)
    tail = expanded_tail(clusters, level)
    low, high = np.quantile(drawn @ weights.T, [tail, 1 - tail], axis=0)
    return low, high


def _middle(weights: Floats, means: Floats, share: float = 0.95) -> tuple[float | None, float | None]:
    """The ends of the middle `share` of a score's exact distribution over draws."""
    if not weights.any():
        return None, None
    order = np.argsort(means)
    reached = np.cumsum(weights[order])
    at = np.searchsorted(reached, [(1 - share) / 2, (1 + share) / 2 - 1e-12])
    low, high = means[order][np.minimum(at, len(order) - 1)]
    return float(low), float(high)
