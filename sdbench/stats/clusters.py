"""What is resampled: values by cluster, of one label or of two (subject, then prompt and seed). Pure; numpy only.

Two labels are crossed: the cluster that two subjects share by name (the same prompt and image seed) is one cluster.
Where every subject has clusters of its own they are nested, and subjects alone are drawn, with all that is theirs:
their means hold the spread of what is within (Field & Welsh 2007, Bootstrapping clustered data).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = Sequence[float | None] | NDArray[Any]
Labels = Sequence[str] | Sequence[int] | NDArray[Any]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Clustered:
    """Sums and counts of values by cluster. names: (u,) or (u, 2), ascending; sums, counts: (u,)."""

    names: NDArray[Any]
    sums: Floats
    counts: Floats

    @property
    def levels(self) -> list[NDArray[np.intp]]:
        """Numbers of the labels, one array (u,) for each label that varies and is not another one in every cluster.

        So a single subject is no label, and neither are clusters that no two subjects share.
        """
        columns = self.names.T if self.names.ndim == 2 else self.names[None]
        varied = [codes for column in columns if (codes := np.unique(column, return_inverse=True)[1]).any()]
        coarse = [codes for codes in varied if codes.max() + 1 < len(codes)]
        return coarse or varied[:1] or [np.zeros(len(self.sums), dtype=np.intp)]

    @property
    def fewest(self) -> int:
        """How many clusters the label with the fewest has."""
        return min((int(codes.max()) + 1 for codes in self.levels), default=0) if len(self.sums) else 0


def scored(values: Values, clusters: Labels) -> tuple[Floats, NDArray[Any]]:
    """The values that are numbers, and their labels: (m,) and (m,) or (m, 2); None, NaN and infinite are left out."""
    numbers, labels = np.asarray(values, dtype=np.float64), np.asarray(clusters)
    if numbers.ndim != 1 or len(numbers) != len(labels) or labels.shape[1:] not in ((), (2,)):
        raise ValueError(f"one cluster for each value: got shapes {numbers.shape} and {labels.shape}")
    finite = np.isfinite(numbers)
    return numbers[finite], (labels.astype(str) if labels.ndim == 2 else labels)[finite]


def cluster_means(values: Values, clusters: Labels) -> Clustered:
    """The scored `values` (n,) by their `clusters` (n,) or (n, 2); the same for any order of the rows."""
    numbers, labels = scored(values, clusters)
    names, index = np.unique(labels, return_inverse=True, axis=0 if labels.ndim == 2 else None)
    order = np.lexsort((numbers, index))  # sums are added in sorted order, so rows may come in any
    sums = np.bincount(index[order], numbers[order], len(names)).astype(np.float64)
    return Clustered(names, sums, np.bincount(index, minlength=len(names)).astype(np.float64))


def cluster_values(values: Values, clusters: Labels) -> dict[Any, Floats]:
    """Cluster -> its scored values, ascending, possibly none; a cluster of two labels is a pair of texts."""
    labels = np.asarray(clusters)
    numbers, known = scored(values, labels)
    found: dict[Any, list[float]] = {key: [] for key in _keys(labels)}
    for key, number in zip(_keys(known), numbers.tolist(), strict=True):
        found[key].append(number)
    return {key: np.sort(numbers) for key, numbers in found.items()}


def paired(first: Values, first_clusters: Labels, second: Values, second_clusters: Labels) -> tuple[Clustered, int]:
    """Differences of the two sides' means by shared cluster (as sums; counts are 1), and how many make no pair."""
    ones, others = cluster_means(first, first_clusters), cluster_means(second, second_clusters)
    place = {key: i for i, key in enumerate(_keys(others.names))}
    here = [i for i, key in enumerate(_keys(ones.names)) if key in place]
    there = [place[key] for key in _keys(ones.names[here])]
    differences = ones.sums[here] / ones.counts[here] - others.sums[there] / others.counts[there]
    asked = {*_keys(np.asarray(first_clusters)), *_keys(np.asarray(second_clusters))}
    return Clustered(ones.names[here], differences, np.ones(len(here))), len(asked) - len(here)


def _keys(labels: NDArray[Any]) -> list[Any]:
    return [tuple(map(str, label)) for label in labels] if labels.ndim == 2 else labels.tolist()


def standard_error(means: Clustered) -> float | None:
    """The clustered standard error of sums/counts: linearised residuals, summed by cluster; None below two clusters.

    With two labels the variances by each are added and that by both is taken off, for it is in each of them
    (Cameron, Gelbach & Miller 2011, Robust Inference with Multiway Clustering); the larger one is the least it may be.
    """
    if means.fewest < 2:
        return None
    residuals = (means.sums - means.sums.sum() / means.counts.sum() * means.counts) / means.counts.sum()
    single = [_variance(residuals, codes) for codes in means.levels]
    if len(single) == 1:
        return float(np.sqrt(single[0]))
    return float(np.sqrt(max(*single, sum(single) - _variance(residuals, np.arange(len(residuals))))))


def _variance(residuals: Floats, codes: NDArray[np.intp]) -> float:
    totals = np.bincount(codes, residuals)
    return float((totals**2).sum() * len(totals) / (len(totals) - 1))


@lru_cache(maxsize=4)
def cluster_draws(k: int, seed: int | tuple[int, ...], resamples: int) -> Floats:
    """How often each of k clusters is drawn, k at a time with replacement: (resamples, k), read only.

    Kept for the next call: every metric of a table and every pair of methods rests on the same draws.
    """
    drawn = np.random.default_rng(seed).multinomial(k, np.full(k, 1 / k), size=resamples).astype(np.float64)
    drawn.flags.writeable = False
    return drawn
