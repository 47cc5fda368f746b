"""Sensitivity: what the median trial loses, by hand; failed trials; direction."""

from __future__ import annotations

import pytest

from sdbench.stats.sensitivity import sensitivity


def test_the_loss_by_hand() -> None:
    """0, 2, 3, 10: the chosen one has 10, the median is 2.5: 7.5 of a range of 10."""
    got = sensitivity([0.1, 0.2, 0.3, 0.9], [0.0, 2.0, 3.0, 10.0])
    assert (got.best, got.median, got.best_test, got.worst_test) == (10.0, 2.5, 10.0, 0.0)
    assert got.lost_by_median == pytest.approx(0.75)


def test_the_chosen_trial_need_not_be_the_best_and_then_the_median_can_win() -> None:
    got = sensitivity([0.9, 0.1, 0.2], [3.0, 5.0, 4.0])
    assert (got.best, got.median, got.lost_by_median) == (3.0, 4.0, -0.5)


def test_where_less_is_better_a_loss_is_still_positive() -> None:
    got = sensitivity([1.0, 2.0, 5.0], [1.0, 3.0, 5.0], higher_is_better=False)
    assert (got.best, got.best_test, got.worst_test, got.lost_by_median) == (1, 1, 5, 0.5)


def test_failed_trials_are_the_worst_of_the_grid_and_have_no_score() -> None:
    got = sensitivity([0.9, 0.5, None, 0.1], [9.0, 5.0, None, 1.0])
    assert (got.best, got.median, got.lost_by_median, got.n_unscored) == (9.0, 3.0, 0.75, 1)
    half = sensitivity([0.9, None, None, 0.1], [9.0, None, None, 1.0])
    assert (half.median, half.lost_by_median, half.best) == (None, None, 9.0)


def test_without_scores_or_spread_nothing_is_lost_and_nothing_is_zero() -> None:
    assert sensitivity([None], [None]).lost_by_median is None
    assert sensitivity([], []).best is None
    assert sensitivity([1.0, 2.0], [3.0, 3.0]).lost_by_median is None
