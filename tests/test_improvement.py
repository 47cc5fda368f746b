"""Probability of improvement: counts by hand, ties, replicates, missing clusters, Wilson's interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, mannwhitneyu

from sdbench.stats import Interval
from sdbench.stats.improvement import probability_of_improvement


def test_it_is_the_share_of_clusters_that_the_first_wins_with_ties_one_half() -> None:
    got = probability_of_improvement([3.0, 1.0, 2.0, 5.0], list("abcd"), [1.0, 1.0, 3.0, 2.0], list("abcd"))
    assert (got.value, got.n, got.n_unscored, got.clusters) == (0.625, 4, 0, 4)


def test_swapping_the_sides_mirrors_it() -> None:
    rng, at = np.random.default_rng(0), np.arange(30)
    one, other = rng.normal(size=30).round(), rng.normal(size=30).round()
    there, back = probability_of_improvement(one, at, other, at), probability_of_improvement(other, at, one, at)
    mirrored = [1 - x for x in (back.value, back.high, back.low) if x is not None]
    assert [there.value, there.low, there.high] == pytest.approx(mirrored)


def test_replicates_in_one_cluster_make_the_mann_whitney_statistic() -> None:
    one, other = [0.3, 0.9, 0.5], [0.5, 0.1, 0.2, 0.7]
    got = probability_of_improvement(one, ["a"] * 3, other, ["a"] * 4)
    assert got.value == pytest.approx(mannwhitneyu(one, other).statistic / 12)
    assert (got.low, got.high, got.few) == (None, None, True)


def test_a_cluster_missing_on_either_side_is_left_out_and_counted() -> None:
    got = probability_of_improvement([1.0, None, 2.0], ["a", "b", "c"], [0.0, 0.0, 0.0], ["a", "b", "d"])
    assert got == Interval(1.0, None, None, 1, 3, 1)
    assert probability_of_improvement([], [], [], []) == Interval(None, None, None, 0, 0, 0)


def test_winning_everywhere_is_not_certainty() -> None:
    at = np.arange(20)
    got = probability_of_improvement(np.ones(20), at, np.zeros(20), at)
    assert got.value == got.high == 1 and got.low == pytest.approx(1 / (1 + 2.093**2 / 19), abs=1e-4)


def test_for_many_clusters_it_is_wilsons_interval() -> None:
    wins, at = (np.arange(1000) < 640).astype(float), np.arange(1000)
    got, want = probability_of_improvement(wins, at, np.full(1000, 0.5), at), binomtest(640, 1000)
    interval = want.proportion_ci(method="wilson")
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high), abs=2e-4)


def test_the_order_of_rows_changes_no_bit() -> None:
    rng = np.random.default_rng(7)
    values, clusters, order = rng.normal(size=60), rng.integers(0, 20, 60), rng.permutation(60)
    got = probability_of_improvement(values[order], clusters[order], np.zeros(20), np.arange(20))
    assert got == probability_of_improvement(values, clusters, np.zeros(20), np.arange(20))
