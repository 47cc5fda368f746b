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

Where there are several subjects, clusters may have two labels, the subject first. Both are drawn, each apart, and an
image weighs the product (the pigeonhole bootstrap: Owen 2007, The Pigeonhole Bootstrap; Owen & Eckles 2012). That
counts what is an image's own three times, so the percentiles are read off as far out as the two-way standard error
says (Cameron, Gelbach & Miller 2011), with Student's t of the label that has fewer. Such an interval is about other
subjects, and rests on as many as there are.

Coverage of intervals that claim 95 %, on simulated data, in percent (`python -m sdbench.stats.coverage`, which says
what each is). From 5 clusters they miss more than they should or are too wide; below 10 (`few`) tables mark them:

    clusters              5     10     30     60
    mean_of_scores     91.6   94.0   94.5   95.0
    right_or_wrong     93.1   95.3   95.6   95.4
    difference         91.7   94.0   95.5   95.0
    no_false_alarm    100.0   94.3   95.3   95.5
    improvement        99.9   98.2   96.5   94.0
    subjects           95.7   93.8   95.7   94.8
    subjects_alike     99.6   97.8   96.8   96.8
    subjects_apart     92.5   94.8   94.7   95.2
    noise              94.5   94.9   95.5   95.8
    tuning             92.2   94.5   95.1   94.5
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import t as student_t

from sdbench.stats.clusters import (
    Clustered,
    Labels,
    Values,
    cluster_draws,
    cluster_means,
    paired,
    scored,
    standard_error,
)

FEW = 10  # clusters: an interval from fewer is marked wherever it is shown


@dataclass(frozen=True)
class Interval:
    """A mean (or difference of means), its interval, and what it rests on; never NaN.

    value: None when nothing was scored. low, high: None below two clusters, where no spread can be seen.
    n: scored values; n_unscored: values that were missing, which are left out and never counted as 0.
    clusters: how many of them hold a scored value; with two labels, of the label that has fewer.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    n_unscored: int
    clusters: int

    @property
    def few(self) -> bool:
        """Does it rest on fewer than 10 clusters? Then it may be too narrow, by the figures above."""
        return self.clusters < FEW


def mean_interval(
    values: Values, clusters: Labels, seed: int = 0, level: float = 0.95, resamples: int = 4000
) -> Interval:
    """The mean of the scored `values` with a cluster-bootstrap interval, the same for any order of the rows.

    values: (n,); None, NaN or infinite means unscored. clusters: (n,), or (n, 2) with the subject first. Every value
    weighs the same, so a cluster's weight is its number of scored values, in each resample too.
    """
    numbers = scored(values, clusters)[0]
    means = cluster_means(values, clusters)
    value = float(means.sums.sum() / means.counts.sum()) if len(numbers) else None
    low, high = _bootstrap(means, seed, level, resamples)
    return Interval(value, low, high, len(numbers), len(clusters) - len(numbers), means.fewest)


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
    n counts pairs; n_unscored counts clusters, of either side, that make no pair. With two labels a pair is one
    (subject, cluster).
    """
    pairs, n_unpaired = paired(first, first_clusters, second, second_clusters)
    value = float(pairs.sums.mean()) if len(pairs.sums) else None
    low, high = _bootstrap(pairs, seed, level, resamples)
    return Interval(value, low, high, len(pairs.sums), n_unpaired, pairs.fewest)


def expanded_tail(k: int, level: float, ratio: float | None = None) -> float:
    """The lower tail to read off a bootstrap of k clusters: as many of its deviations out as Student's t asks for.

    ratio: standard error by deviation of the draws; sqrt(k / (k - 1)) where one label was drawn (Hesterberg 2015).
    """
    by = np.sqrt(k / (k - 1)) if ratio is None else ratio
    return float(ndtr(student_t.ppf((1 - level) / 2, k - 1) * by))


def _bootstrap(means: Clustered, seed: int, level: float, resamples: int) -> tuple[float | None, float | None]:
    """Percentiles of the resampled ratio sum/count; None below two clusters."""
    if means.fewest < 2:
        return None, None
    if len(means.levels) == 2:
        return _crossed_bootstrap(means, seed, level, resamples)
    sums, counts = (np.bincount(means.levels[0], column) for column in (means.sums, means.counts))
    weights = cluster_draws(len(sums), seed, resamples)
    tail = expanded_tail(len(sums), level)
    low, high = np.quantile((weights @ sums) / (weights @ counts), [tail, 1 - tail])
    return float(low), float(high)


def _crossed_bootstrap(means: Clustered, seed: int, level: float, resamples: int) -> tuple[float, float]:
    """Both labels are drawn apart, an image weighs the product; the tail puts right what that counts too often."""
    at = tuple(means.levels)
    shape = tuple(int(codes.max()) + 1 for codes in at)
    tables = np.zeros((2, *shape))
    tables[0][at], tables[1][at] = means.sums, means.counts
    rows, columns = (cluster_draws(k, (seed, i), resamples) for i, k in enumerate(shape))
    sums, counts = (np.einsum("ra,ra->r", rows @ table, columns) for table in tables)
    drawn = sums[counts > 0] / counts[counts > 0]  # a draw of subjects and clusters that never met has no mean
    error, deviation = standard_error(means), float(drawn.std())
    tail = expanded_tail(min(shape), level, error / deviation if error and deviation else 1.0)
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)
