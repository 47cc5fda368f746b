"""The probability of improvement: on how many of the same prompts and seeds is one method better? Pure.

Agarwal et al. 2021, Deep Reinforcement Learning at the Edge of the Statistical Precipice: P(X > Y), averaged over
tasks; here the cluster is the task and replicates are the runs. It says how often, the difference says how much.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student_t

from sdbench.stats import Interval
from sdbench.stats.clusters import Clustered, Labels, Values, cluster_values, standard_error


def probability_of_improvement(
    first: Values, first_clusters: Labels, second: Values, second_clusters: Labels, level: float = 0.95
) -> Interval:
    """P(first > second) in a cluster, ties counted one half: mean over the clusters scored on both sides, in [0, 1].

    first, second: (n,), (m,); their clusters (n,) or (n, 2). In a cluster every replicate of the one side meets every
    one of the other, so it is the Mann-Whitney statistic over their product. n counts shared clusters, n_unscored
    those of either side that are not. Where all clusters agree a bootstrap would have no width. So the interval is
    Wilson's (1927) for as many draws as the clustered variance is worth, with Student's t for z (Franco et al. 2019,
    Comparative Study of Confidence Intervals for Proportions in Complex Sample Surveys).
    """
    ours, theirs = cluster_values(first, first_clusters), cluster_values(second, second_clusters)
    names = sorted(key for key in ours if key in theirs and len(ours[key]) and len(theirs[key]))
    shares = np.array([0.5 + 0.5 * np.sign(np.subtract.outer(ours[key], theirs[key])).mean() for key in names])
    won = Clustered(np.array(names), shares, np.ones(len(names)))
    low, high = _score_interval(won, level)
    value = float(shares.mean()) if len(names) else None
    return Interval(value, low, high, len(names), len({*ours, *theirs}) - len(names), won.fewest)


def _score_interval(won: Clustered, level: float) -> tuple[float | None, float | None]:
    """Wilson's interval of the mean share; None below two clusters. Without spread a cluster is worth one draw."""
    error = standard_error(won)
    if error is None:
        return None, None
    share, k = float(won.sums.mean()), won.fewest
    draws = share * (1 - share) / error**2 if error and 0 < share < 1 else k - 1
    squared = float(student_t.ppf((1 + level) / 2, k - 1)) ** 2 / draws
    centre, half = share + squared / 2, float(np.sqrt(squared * share * (1 - share) + squared**2 / 4))
    return max(0.0, (centre - half) / (1 + squared)), min(1.0, (centre + half) / (1 + squared))
