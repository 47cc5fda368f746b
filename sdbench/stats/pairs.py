"""Methods compared two by two on the same prompts and seeds: difference, p-value, who is more often better. Pure.

The p-value is of a sign-flip test: if two methods do equally well, a cluster's difference is as likely to be its
negative (Fisher 1935, The Design of Experiments, section 21; with few clusters: Canay, Romano & Shaikh 2017,
Randomization Tests under an Approximate Symmetry Assumption). What is flipped is the cluster, as it is the cluster
that the interval draws, and flipping the mean is flipping Student's t, to which the interval is expanded: so the two
agree but for draws near the edge. From few clusters there is no small p: from k it is at least 2 / 2^k, so that five
clusters never decide anything at 0.05. Where several subjects have clusters of their own, subjects are flipped. Where
subjects share clusters no flip keeps both together: the p-value is Student's t with the interval's standard error.

A verdict comes from p-values adjusted for all pairs asked at once (Holm 1979), never from an interval alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from scipy.stats import t as student_t

from sdbench.stats import Interval, paired_difference
from sdbench.stats.clusters import Clustered, Floats, Labels, Values, paired, standard_error
from sdbench.stats.improvement import probability_of_improvement

Verdict = Literal["higher", "lower", "tie"]
Scores = Mapping[str, tuple[Values, Labels]]
ROUNDING = 1e-12  # sums that differ by less than this share of their terms are equal
BLOCK = 1000  # flips held in memory at a time


@dataclass(frozen=True)
class Comparison:
    """What can be said of `first` against `second`, from the clusters that both are scored on.

    difference: mean of first - second with its own interval, n the pairs, n_unscored the clusters that make none.
    improvement: the share of clusters on which first > second. p, p_adjusted: None below two pairs. verdict: first
    is `higher` or `lower` than second, or they cannot be told apart (`tie`); None where there is no p.
    """

    first: str
    second: str
    difference: Interval
    improvement: Interval
    p: float | None
    p_adjusted: float | None
    verdict: Verdict | None


def compare(scores: Scores, seed: int = 0, level: float = 0.95, resamples: int = 4000) -> tuple[Comparison, ...]:
    """Every pair of methods, in the order of `scores`: method -> values (n,), clusters (n,) or (n, 2).

    A verdict other than `tie` is wrong for any of the pairs with a chance of at most 1 - level.
    """
    pairs = list(combinations(scores, 2))
    p_values = [paired_p(*scores[first], *scores[second], seed) for first, second in pairs]
    found = []
    for (first, second), p, adjusted in zip(pairs, p_values, holm(p_values), strict=True):
        sides = (*scores[first], *scores[second])
        difference = paired_difference(*sides, seed, level, resamples)
        improvement = probability_of_improvement(*sides, level)
        verdict = _verdict(difference.value, adjusted, 1 - level)
        found.append(Comparison(first, second, difference, improvement, p, adjusted, verdict))
    return tuple(found)


def _verdict(difference: float | None, p_adjusted: float | None, alpha: float) -> Verdict | None:
    if p_adjusted is None or difference is None:
        return None
    if p_adjusted > alpha or difference == 0:
        return "tie"
    return "higher" if difference > 0 else "lower"


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's adjusted p-values, in the order given; None stays None and is no part of the family.

    Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure: the i-th smallest of m is multiplied by
    m - i + 1, is not less than the one before it and not more than 1.
    """
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    least = 0.0
    for smaller, (p, i) in enumerate(known):
        least = max(least, min(1.0, (len(known) - smaller) * p))
        adjusted[i] = least
    return adjusted


def paired_p(
    first: Values, first_clusters: Labels, second: Values, second_clusters: Labels, seed: int = 0, flips: int = 9999
) -> float | None:
    """The two-sided p-value of no difference on the shared clusters; None below two of them."""
    pairs, _ = paired(first, first_clusters, second, second_clusters)
    if pairs.fewest < 2:
        return None
    if len(pairs.levels) == 1:
        return sign_flip_p(np.bincount(pairs.levels[0], pairs.sums).astype(np.float64), seed, flips)
    return _student_p(pairs)


def sign_flip_p(differences: Sequence[float] | Floats, seed: int = 0, flips: int = 9999) -> float:
    """The share of sign patterns whose sum is at least as far from 0 as that of `differences`, (k,).

    All 2^k patterns where those are not more than `flips` (then the seed plays no part), else `flips` random ones and
    the observed (Phipson & Smyth 2010, Permutation p-values Should Never Be Zero).
    """
    values = np.asarray(differences, dtype=np.float64)
    k, far = len(values), abs(values.sum()) - ROUNDING * np.abs(values).sum()
    if 2**k <= flips:
        signs = 1 - 2 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1)
        return float((np.abs(signs @ values) >= far).mean())
    rng, hits = np.random.default_rng(seed), 0
    for done in range(0, flips, BLOCK):
        signs = 1 - 2 * rng.integers(0, 2, (min(BLOCK, flips - done), k), dtype=np.int8)
        hits += int((np.abs(signs @ values) >= far).sum())
    return (hits + 1) / (flips + 1)


def _student_p(pairs: Clustered) -> float:
    error, mean = standard_error(pairs) or 0.0, abs(float(pairs.sums.mean()))
    if error <= ROUNDING * mean:  # no spread was seen: as much as flipping that many clusters could say
        return 2 * 0.5**pairs.fewest if mean else 1.0
    return float(2 * student_t.sf(mean / error, pairs.fewest - 1))
