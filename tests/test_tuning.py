"""Tuning curves against every draw counted out, failed trials, ties, direction, intervals."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sdbench.stats import mean_interval
from sdbench.stats.tuning import best_of_k, chosen

Numbers = list[float | None]


def _counted_out(validation: Numbers, test: Numbers, k: int) -> tuple[float | None, float]:
    """Mean test score over all draws of k that give one, and the share that give none; of equals each counts alike."""
    scores, none, draws = [], 0.0, list(combinations(range(len(test)), k))
    for draw in draws:
        known = [v for i in draw if (v := validation[i]) is not None]
        best = [test[i] for i in draw if known and validation[i] == max(known)]
        usable = [score for score in best if score is not None]
        none += 1 - len(usable) / len(best) if best else 1.0
        scores += [(score, 1 / len(best)) for score in usable]
    total = sum(weight for _, weight in scores)
    return (sum(s * w for s, w in scores) / total if scores else None), none / len(draws)


@pytest.mark.parametrize(
    ("validation", "test"),
    [
        ([0.1, 0.5, 0.3, 0.9, 0.2], [0.2, 0.4, 0.6, 0.7, 0.1]),
        ([0.1, None, 0.3, None, 0.2, 0.4], [0.2, None, 0.6, 0.9, 0.1, 0.3]),
        ([0.5, 0.5, 0.3, 0.5, None], [0.2, 0.8, 0.6, 0.1, None]),
        ([0.5, 0.5, 0.7, 0.1], [0.2, None, None, 0.1]),
        ([None, None], [None, None]),
    ],
    ids=["plain", "failed", "ties", "chosen but unscored", "all failed"],
)
def test_the_curve_is_that_of_every_draw_counted_out(validation: Numbers, test: Numbers) -> None:
    for point in best_of_k(validation, np.array(test, dtype=float)):
        expected, none = _counted_out(validation, test, point.k)
        assert point.expected.value == (None if expected is None else pytest.approx(expected))
        assert point.p_no_score == pytest.approx(none)


def test_two_of_three_by_hand() -> None:
    """Of {1, 2}, {1, 3}, {2, 3} the best are 2, 3, 3: mean 8/3."""
    curve = best_of_k([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert [point.expected.value for point in curve] == pytest.approx([2.0, 8 / 3, 3.0])


def test_one_trial_is_the_grids_mean_and_all_are_the_chosen_ones() -> None:
    rng = np.random.default_rng(0)
    validation, test = rng.normal(size=40), rng.normal(size=40)
    curve = best_of_k(validation, test)
    assert curve[0].expected.value == pytest.approx(test.mean())
    assert curve[-1].expected.value == pytest.approx(test[validation.argmax()])


def test_choosing_by_what_is_reported_never_falls_with_more_trials() -> None:
    scores = np.random.default_rng(1).normal(size=25)
    values = [point.expected.value for point in best_of_k(scores, scores)]
    assert values == sorted(values, key=lambda value: value or 0.0)


def test_where_less_is_better_the_curve_is_mirrored() -> None:
    rng = np.random.default_rng(2)
    validation, test = rng.normal(size=12), rng.normal(size=12)
    up, down = best_of_k(validation, test), best_of_k(-validation, -test, higher_is_better=False)
    values = [point.expected.value for point in down if point.expected.value is not None]
    assert [point.expected.value for point in up] == pytest.approx([-value for value in values])


def test_each_row_of_chances_is_a_distribution_whatever_failed() -> None:
    assert chosen([0.3, None, 0.3, 0.9]).sum(axis=1) == pytest.approx(np.ones(4))
    assert chosen([0.1, 0.2, 0.3])[1] == pytest.approx([0, 1 / 3, 2 / 3])
    assert chosen(np.arange(400))[199].sum() == pytest.approx(1)


def test_failed_trials_cost_a_draw_and_are_told_beside_the_score() -> None:
    """One of two works: half of the single draws give nothing, none of the double ones."""
    one, two = best_of_k([0.5, None], [0.4, None])
    assert (one.expected.value, one.p_no_score, two.expected.value, two.p_no_score) == (0.4, 0.5, 0.4, 0.0)
    assert (one.expected.n, one.expected.n_unscored) == (1, 1)


def test_the_luck_of_the_draw_is_where_95_percent_of_the_draws_lie() -> None:
    curve = best_of_k(np.arange(1, 101), np.arange(1, 101, dtype=float))
    assert (curve[0].drawn_low, curve[0].drawn_high) == (3.0, 98.0)
    assert (curve[-1].drawn_low, curve[-1].drawn_high) == (100.0, 100.0)


def test_the_last_points_interval_is_that_of_the_chosen_trials_mean() -> None:
    test = np.random.default_rng(3).normal(size=(4, 30))
    got, want = best_of_k([1.0, 3.0, 2.0, 0.0], test)[-1].expected, mean_interval(test[1], np.arange(30))
    assert (got.low, got.high, got.clusters) == pytest.approx((want.low, want.high, 30))


def test_a_trial_scored_in_some_clusters_is_their_mean() -> None:
    got = best_of_k([1.0, 2.0], [[1.0, 2.0, 3.0], [np.nan, 4.0, 6.0]])
    assert [point.expected.value for point in got] == pytest.approx([3.5, 5.0])
    assert got[1].expected.low is not None and got[1].expected.few


def test_the_order_of_trials_does_not_matter_and_the_seed_decides() -> None:
    rng = np.random.default_rng(4)
    validation, test, order = rng.normal(size=9), rng.normal(size=(9, 20)), rng.permutation(9)
    straight, mixed = best_of_k(validation, test), best_of_k(validation[order], test[order])
    assert best_of_k(validation, test) == straight != best_of_k(validation, test, seed=1)
    for one, other in zip(straight, mixed, strict=True):
        assert (one.expected.low, one.expected.high) == pytest.approx((other.expected.low, other.expected.high))
