"""The noise floor: by hand, pooled, missing runs, and what share of equal methods it lets differ."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from sdbench.stats.noise_floor import NoiseFloor, noise_floor


def test_deviation_interval_and_least_difference_by_hand() -> None:
    """2, 4, 4, 4, 6: squares 8, 4 degrees of freedom; chi-square 11.143 and 0.4844, t 2.7764 (printed tables)."""
    got = noise_floor([2.0, 4.0, 4.0, 4.0, 6.0])
    assert got.deviation == pytest.approx(np.sqrt(2))
    assert (got.low, got.high) == pytest.approx((np.sqrt(8 / 11.143), np.sqrt(8 / 0.48442)), rel=1e-4)
    assert got.least_difference() == pytest.approx(2.7764 * 2, rel=1e-4)
    assert got.least_difference(runs=4) == pytest.approx(2.7764, rel=1e-4)
    assert (got.repeats, got.configurations, got.n_unscored, got.few) == (5, 1, 0, True)


def test_with_many_repeats_the_least_difference_is_the_repeatability_limit() -> None:
    got = noise_floor(np.random.default_rng(0).normal(size=5000))
    assert got.deviation is not None and got.least_difference() == pytest.approx(2.772 * got.deviation, rel=1e-3)


def test_several_configurations_are_pooled_about_their_own_means() -> None:
    got = noise_floor([1.0, 3.0, 11.0, 13.0, 15.0, 7.0], ["a", "a", "b", "b", "b", "once"])
    assert got.deviation == pytest.approx(np.sqrt((2 + 8) / 3))
    assert (got.repeats, got.configurations) == (5, 2)


def test_the_least_difference_is_where_students_test_of_two_configurations_reaches_its_level() -> None:
    runs = np.array([0.1, 0.5, 0.3, 0.2])
    got = noise_floor([*runs, *runs + 1], ["a"] * 4 + ["b"] * 4)
    least = got.least_difference(runs=4)
    assert least is not None and ttest_ind(runs, runs + least).pvalue == pytest.approx(0.05)


def test_runs_without_a_score_are_counted_and_are_no_repeats() -> None:
    assert noise_floor([1.0, None, float("nan")]) == NoiseFloor(None, None, None, 0, 0, 2, 0.95)
    assert noise_floor([1.0, None]).least_difference() is None
    assert noise_floor([1.0, None, 2.0]).deviation == noise_floor([2.0, 1.0]).deviation


def test_equal_methods_seldom_differ_by_as_much() -> None:
    rng, far = np.random.default_rng(2), 0
    for _ in range(2000):
        least = noise_floor(rng.normal(size=3)).least_difference()
        one, other = rng.normal(size=2)
        far += least is not None and abs(one - other) >= least
    assert 0.035 < far / 2000 < 0.065
