"""Means and paired differences with their spread. Numbers in, numbers out: no tables, no torch.

What is resampled is the cluster. In sdbench a cluster is one (prompt, image seed): the prompts of a study are fixed
conditions that it chose, the image seeds are the random draws, and the images that replicates of a training (other
`train.seed`) make for the same prompt and image seed fall into the same cluster, for they share noise and words.
So an interval says how far a mean would move with other image seeds; how far it would move with other training
seeds it says only in so far as replicates were averaged.

The interval is the cluster bootstrap's percentile interval with the percentiles expanded to Student's t
(Hesterberg 2015, What Teachers Should Know About the Bootstrap, section 3.3: plain percentiles are too narrow by
sqrt((k-1)/k) and by z instead of t). It stays inside the range of the values. Clusters that all have the same mean
give an interval of width 0, which means that no spread was seen, not that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import t as student_t

Values = Sequence[float | None] | NDArray[Any]
Labels = Sequence[str] | Sequence[int] | NDArray[Any]


@dataclass(frozen=True)
class Interval:
    """A mean (or difference of means), its interval, and what it rests on; never NaN.

    value: None when nothing was scored. low, high: None below two clusters, where no spread can be seen.
    n: scored values; n_unscored: values that were missing, which are left out and never counted as 0.
    clusters: how many of them hold a scored value.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    n_unscored: int
    clusters: int


def mean_interval(
    values: Values, clusters: Labels, seed: int = 0, level: float = 0.95, resamples: int = 4000
) -> Interval:
    """The mean of the scored `values` with a cluster-bootstrap interval, the same for any order of the rows.

    values, clusters: (n,); None, NaN or infinite means unscored. Every value weighs the same, so a cluster's weight
    is its number of scored values, in each resample too.
    """
    scored, labels = _scored(values, clusters)
    sums, counts = _per_cluster(scored, labels)[1:]
    low, high = _bootstrap(sums, counts, seed, level, resamples)
    value = float(sums.sum() / counts.sum()) if len(scored) else None
    return Interval(value, low, high, len(scored), len(np.asarray(clusters)) - len(scored), len(sums))


def paired_difference(
    first: Values,
    first_clusters: Labels,
    second: Values,
    second_clusters: Labels,
    seed: int = 0,
    level: float = 0.95,
    resamples: int = 4000,
) -> Interval:
    """The mean over shared clusters of (mean of `first` - mean of `second`) there, with its bootstrap interval.

    A pair is a cluster that is scored on both sides; each weighs the same, however many replicates either side has.
    n counts pairs; n_unscored counts clusters, of either side, that make no pair.
    """
    names, sums, counts = _per_cluster(*_scored(first, first_clusters))
    other_names, other_sums, other_counts = _per_cluster(*_scored(second, second_clusters))
    shared, here, there = np.intersect1d(names, other_names, assume_unique=True, return_indices=True)
    differences = sums[here] / counts[here] - other_sums[there] / other_counts[there]
    asked = len(np.union1d(np.asarray(first_clusters), np.asarray(second_clusters)))
    low, high = _bootstrap(differences, np.ones(len(shared)), seed, level, resamples)
    value = float(differences.mean()) if len(shared) else None
    return Interval(value, low, high, len(shared), asked - len(shared), len(shared))


def _scored(values: Values, clusters: Labels) -> tuple[NDArray[np.float64], NDArray[Any]]:
    numbers, labels = np.asarray(values, dtype=np.float64), np.asarray(clusters)
    if numbers.ndim != 1 or numbers.shape != labels.shape:
        raise ValueError(f"one cluster for each value: got shapes {numbers.shape} and {labels.shape}")
    finite = np.isfinite(numbers)
    return numbers[finite], labels[finite]


def _per_cluster(
    values: NDArray[np.float64], labels: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.float64]]:
    """Names, sums and counts by cluster, names ascending; values are added in sorted order, so rows may come in any."""
    names, index = np.unique(labels, return_inverse=True)
    order = np.lexsort((values, index))
    sums = np.bincount(index[order], values[order], len(names)).astype(np.float64)
    return names, sums, np.bincount(index, minlength=len(names)).astype(np.float64)


def _bootstrap(
    sums: NDArray[np.float64], counts: NDArray[np.float64], seed: int, level: float, resamples: int
) -> tuple[float | None, float | None]:
    """Percentiles of the resampled ratio sum/count; k clusters are drawn k at a time, with replacement."""
    k = len(sums)
    if k < 2:
        return None, None
    weights = np.random.default_rng(seed).multinomial(k, np.full(k, 1 / k), size=resamples)
    means = (weights @ sums) / (weights @ counts)
    tail = ndtr(student_t.ppf((1 - level) / 2, k - 1) * np.sqrt(k / (k - 1)))
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)
