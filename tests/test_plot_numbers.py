"""What the charts compute, against closed forms: the over-training knee, the Pareto front and its hypervolume."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sdbench.plots.knee import knee
from sdbench.plots.pareto import front, hypervolume, next_power_of_ten


def parabola(at: float, half: float, sign: int = 1) -> tuple[list[int], Any, Any, Any]:
    """Steps 0, 100 .. 1000 and a mean that is `sign` times 1 - ((step - at) / 1000)^2, with intervals of +-half."""
    steps = list(range(0, 1001, 100))
    mean = sign * (1 - ((np.array(steps) - at) / 1000) ** 2)
    return steps, mean, mean - half, mean + half


def test_the_knee_of_a_parabola_is_the_last_step_whose_interval_touches_that_of_its_top() -> None:
    assert knee(*parabola(400, 0.05)) == 700  # apart where ((step - 400) / 1000)^2 > 0.1: from 800 on
    assert knee(*parabola(400, 0.02)) == 600
    assert knee(*parabola(400, 0.001)) == 400  # the best step itself, where even the next one is worse


def test_a_metric_where_lower_is_better_has_its_knee_in_the_mirror_and_one_without_direction_none() -> None:
    assert knee(*parabola(400, 0.05, -1), direction="lower") == 700
    assert knee(*parabola(400, 0.05), direction="none") is None


@pytest.mark.parametrize("half", [0.2, np.nan])
def test_there_is_no_knee_where_intervals_do_not_part_or_are_missing(half: float) -> None:
    assert knee(*parabola(400, half)) is None


def test_a_curve_that_rises_or_stays_flat_has_no_knee() -> None:
    assert knee(*parabola(1000, 0.001)) is None
    assert knee([1, 2, 3], [0.5] * 3, [0.5] * 3, [0.5] * 3) is None
    assert knee([], [], [], []) is None and knee([1], [np.nan], [np.nan], [np.nan]) is None


def test_a_dip_that_the_curve_recovers_from_is_no_knee() -> None:
    mean = np.array([0.2, 0.9, 0.1, 0.88])
    assert knee([1, 2, 3, 4], mean, mean - 0.05, mean + 0.05) is None


def test_missing_steps_and_the_order_of_steps_do_not_move_the_knee() -> None:
    steps, mean, low, high = parabola(400, 0.05)
    gap = np.where(np.isin(steps, [500, 900]), np.nan, mean)
    assert knee(steps, gap, low, high) == 700
    assert knee(steps[::-1], mean[::-1], low[::-1], high[::-1]) == 700


def test_the_front_is_what_nothing_beats_on_both() -> None:
    cost, quality = [1, 2, 3, 4, 2, 1], [1, 3, 2, 4, 3, 0]
    assert front(cost, quality).tolist() == [True, True, False, True, True, False]


def test_a_point_with_something_missing_neither_stands_on_the_front_nor_beats_one_that_does() -> None:
    assert front([1, 2, np.nan, 1], [1, 2, 9, np.nan]).tolist() == [True, True, False, False]


def test_hypervolume_is_the_area_of_the_staircase() -> None:
    # steps of height 1, 2 and 1 that reach from costs 1, 2 and 4 to the reference's 5; (3, 2) lies inside
    assert hypervolume([1, 2, 4, 3], [1, 3, 4, 2], (5, 0)) == 4 * 1 + 3 * 2 + 1 * 1
    assert hypervolume([4, 3, 1, 2, 2], [4, 2, 1, 3, 3], (5, 0)) == 11  # any order, and a point that is there twice


def test_what_does_not_beat_the_reference_adds_nothing() -> None:
    assert hypervolume([6, 5, 1], [9, 9, -1], (5, 0)) == 0 == hypervolume([], [], (5, 0))
    assert hypervolume([1, 6, np.nan], [2, 9, 3], (5, 1)) == 4


def test_a_point_that_is_added_never_shrinks_the_hypervolume() -> None:
    cost, quality = np.random.default_rng(0).random((2, 30))
    grown = [hypervolume(cost[:n], quality[:n], (1, 0)) for n in range(31)]
    assert grown == sorted(grown) and 0 < grown[-1] < 1


def test_the_reference_cost_lies_strictly_above_every_cost() -> None:
    assert [next_power_of_ten([3, most]) for most in (9.0, 10.0, 999.0)] == [10, 100, 1000]
