"""Intervals: closed forms, coverage, pairing, missing values, order."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from sdbench.stats import Interval, mean_interval, paired_difference


def test_the_mean_and_counts_are_exact_and_missing_is_not_zero() -> None:
    got = mean_interval([1.0, None, 3.0, float("nan"), 5.0], ["a", "a", "b", "c", "b"])
    assert (got.value, got.n, got.n_unscored, got.clusters) == (3.0, 3, 2, 2)


def test_the_interval_is_students_t_interval_for_many_equal_clusters() -> None:
    values = np.random.default_rng(3).normal(size=200)
    got = mean_interval(values, np.arange(200), resamples=40_000)
    half = 1.972 * values.std(ddof=1) / np.sqrt(200)
    assert got.value is not None and got.low is not None and got.high is not None
    assert got.low == pytest.approx(got.value - half, abs=0.05 * half)
    assert got.high == pytest.approx(got.value + half, abs=0.05 * half)


def test_copies_of_a_value_in_its_cluster_add_no_certainty() -> None:
    values = np.random.default_rng(0).normal(size=30)
    once = mean_interval(values, np.arange(30))
    fourfold = mean_interval(np.repeat(values, 4), np.repeat(np.arange(30), 4))
    assert (fourfold.low, fourfold.high) == pytest.approx((once.low, once.high))
    assert (once.n, fourfold.n, fourfold.clusters) == (30, 120, 30)


def test_degenerate_inputs_have_a_defined_result() -> None:
    assert mean_interval([], []) == Interval(None, None, None, 0, 0, 0)
    assert mean_interval([None, None], ["a", "b"]) == Interval(None, None, None, 0, 2, 0)
    assert mean_interval([1.0, 2.0], ["a", "a"]) == Interval(1.5, None, None, 2, 0, 1)
    assert mean_interval([0.5, 0.5], ["a", "b"]) == Interval(0.5, 0.5, 0.5, 2, 0, 2)
    assert paired_difference([], [], [], []) == Interval(None, None, None, 0, 0, 0)
    assert paired_difference([1.0], ["a"], [1.0], ["b"]) == Interval(None, None, None, 0, 2, 0)
    assert paired_difference([1.0], ["a"], [0.25], ["a"]) == Interval(0.75, None, None, 1, 0, 1)


def test_values_without_their_clusters_are_refused() -> None:
    with pytest.raises(ValueError, match="one cluster for each value"):
        mean_interval([1.0, 2.0], ["a"])


def test_an_interval_stays_in_the_range_of_the_values() -> None:
    for k in (2, 3, 5, 10):
        values = (np.arange(k) == 0).astype(float)
        got = mean_interval(values, np.arange(k))
        assert got.low is not None and got.high is not None and 0 <= got.low < 1 / k < got.high <= 1


def test_the_order_of_rows_changes_no_bit_and_the_seed_decides_the_draws() -> None:
    rng = np.random.default_rng(5)
    values, clusters = rng.normal(size=90), rng.integers(0, 30, 90)
    order = rng.permutation(90)
    straight = mean_interval(values, clusters, seed=1)
    assert mean_interval(values[order], clusters[order], seed=1) == straight
    assert mean_interval(values, clusters, seed=2).low != straight.low
    other = rng.normal(size=90)
    paired = paired_difference(values, clusters, other, clusters)
    assert paired_difference(values[order], clusters[order], other[order], clusters[order]) == paired


def test_intervals_that_ignore_the_clusters_would_miss_that_coverage() -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for trial in range(300):
        values = np.repeat(rng.normal(size=30), 5)
        got = mean_interval(values, np.arange(150), seed=trial, resamples=500)
        assert got.low is not None and got.high is not None
        hits += got.low <= 0 <= got.high
    assert hits / 300 < 0.75


def test_the_paired_difference_is_of_the_shared_clusters_only() -> None:
    got = paired_difference([1.0, 2.0, 9.0, None], ["a", "b", "c", "d"], [0.5, 1.0, 7.0], ["b", "a", "d"])
    assert (got.value, got.n, got.n_unscored) == (0.75, 2, 2)


def test_replicates_are_averaged_within_their_pair() -> None:
    got = paired_difference([1.0, 3.0, 0.0], ["a", "a", "b"], [1.0, 1.0], ["a", "b"])
    assert (got.value, got.n) == (0.0, 2)


def test_pairing_beats_not_pairing_where_the_two_move_together() -> None:
    rng = np.random.default_rng(8)
    shared, clusters = rng.normal(size=40), np.arange(40)
    first, second = shared + 0.3 + 0.1 * rng.normal(size=40), shared + 0.1 * rng.normal(size=40)
    paired = paired_difference(first, clusters, second, clusters)
    alone = mean_interval(first, clusters)
    assert paired.low is not None and paired.high is not None and alone.low is not None and alone.high is not None
    assert paired.high - paired.low < 0.3 * (alone.high - alone.low)
    assert paired.low > 0


def test_an_interval_from_fewer_than_ten_clusters_can_be_told() -> None:
    values = np.arange(40.0)
    assert mean_interval(values, values % 9).few and not mean_interval(values, values % 10).few
    assert mean_interval([None], ["a"]).few


def test_stats_needs_neither_pandas_nor_torch() -> None:
    code = "import sys, sdbench.stats; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "sdbench.stats" in loaded and not {"torch", "pandas", "sdbench.records"} & set(loaded)
