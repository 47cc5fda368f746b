"""What tuning buys each method: the score to expect after k trials of its grid, and what the median trial loses."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sdbench.records import STOPPED
from sdbench.results import ROW, Results
from sdbench.stats.sensitivity import sensitivity
from sdbench.stats.tuning import best_of_k
from sdbench.tables.clusters import judged, on_test_seeds
from sdbench.tables.summary import lower_is_better


@dataclass(frozen=True)
class Tuning:
    """curves: per method and k = 1..trials, the test score of the study's `select`, chosen on validation seeds.
    sensitivity: per method, what its median trial loses against the chosen one, as a share of what its grid spans.
    """

    curves: pd.DataFrame
    sensitivity: pd.DataFrame


def tuning(results: Results, summary: pd.DataFrame) -> Tuning:
    """Trials are the trained rows of one subject, model and method; one that failed or diverged is a trial too.

    One that early stopping left untried is none.
    """
    curves, losses = [], []
    higher = not lower_is_better(results)
    tried = summary[(summary["kind"] == "trained") & (summary["status"] != STOPPED)]
    for keys, trials in tried.groupby([*ROW[:3], "label"], sort=False):
        test = _cluster_means(results, trials)
        validation = trials["validation"].to_numpy(dtype=float)
        for best in best_of_k(validation, test.to_numpy(dtype=float), higher):
            got = best.expected
            numbers = (best.k, got.value, got.low, got.high, got.n, got.n_unscored, got.clusters)
            curves.append((results.name, *keys, *numbers, best.drawn_low, best.drawn_high, best.p_no_score))
        lost = sensitivity(validation, test.mean(axis=1).to_numpy(dtype=float), higher)
        ends = (lost.best, lost.median, lost.best_test, lost.worst_test, lost.lost_by_median)
        losses.append((results.name, *keys, lost.trials, lost.n_unscored, *ends))
    head = ["study", *ROW[:3], "label"]
    scores = ["k", "expected", "low", "high", "n", "n_unscored", "clusters", "drawn_low", "drawn_high", "p_no_score"]
    left = ["trials", "n_unscored", "best", "median", "best_test", "worst_test", "lost_by_median"]
    return Tuning(pd.DataFrame(curves, columns=[*head, *scores]), pd.DataFrame(losses, columns=[*head, *left]))


def _cluster_means(results: Results, trials: pd.DataFrame) -> pd.DataFrame:
    """(trials, clusters) of `select`, NaN where a trial has none there."""
    images = on_test_seeds(results)
    images = images[images["row"].isin(trials["row"])]
    if results.select not in results.cards or images.empty:
        return pd.DataFrame({"none": float("nan")}, index=trials.index)
    mine = judged(results, images, results.select)
    wide = mine.pivot_table(index="row", columns="cluster", values="value", aggfunc="mean", dropna=False)
    return wide.reindex(trials["row"])
