"""What an audit asks of a metric, against cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sdbench.audit import judgement
from sdbench.audit.judgement import Check, agrees, falls, figure, follows, reaches, separates, unchanged, verdict, wins

NAN = math.nan


def test_separation_is_the_share_of_pairs_in_order_a_tie_counting_half() -> None:
    check = separates("x", [3, 2], [2, 1])
    assert (check.value, check.n) == (3.5 / 4, 4)
    assert check.passed is False


def test_groups_that_do_not_overlap_pass_with_an_interval_of_one() -> None:
    check = separates("x", [3, 4, 5], [0, 1, NAN])
    assert (check.value, check.low, check.high, check.n, check.passed) == (1.0, 1.0, 1.0, 5, True)


def test_a_group_without_a_score_cannot_be_asked() -> None:
    check = separates("x", [1, 2], [NAN])
    assert (check.value, check.passed) == (None, None) and "no score" in check.note


def test_pairs_are_won_image_by_image() -> None:
    assert wins("x", [1, 5, 5, NAN], [0, 4, 5, 1]).value == pytest.approx(2.5 / 3)


def test_spearman_is_of_ranks_and_leaves_out_what_has_no_score() -> None:
    assert follows("x", [1, 10, 100, NAN], [0, 1, 2, 3]).value == pytest.approx(1)
    assert follows("x", [100, 10, 1], [0, 1, 2]).value == pytest.approx(-1)


def test_one_right_degree_of_five_reaches_what_the_docstring_says() -> None:
    assert follows("x", [0, 0, 0, 0, 1], [0, 1, 2, 3, 4]).value == pytest.approx(math.sqrt(0.5))


def test_values_that_do_not_vary_follow_nothing() -> None:
    check = follows("x", [1, 1, 1], [0, 1, 2])
    assert (check.value, check.passed) == (0.0, False)


def test_an_association_of_few_images_that_may_be_chance_fails() -> None:
    check = follows("x", [1, 3, 2, 4, 3.5], [0, 1, 2, 3, 1.5])
    assert check.value is not None and check.value > judgement.ASSOCIATION
    assert check.low is not None and check.low <= 0 and check.passed is False


def test_scenes_are_resampled_whole() -> None:
    rng = np.random.default_rng(0)
    scene = np.repeat(rng.normal(size=8), 8)
    alone = follows("x", scene, scene + 0.01 * rng.normal(size=64))
    whole = follows("x", scene, scene + 0.01 * rng.normal(size=64), np.repeat(range(8), 8))
    assert whole.low is not None and alone.low is not None and whole.low < alone.low


def test_kendall_counts_pairs_in_the_same_order() -> None:
    assert agrees("x", [1, 2, 3, 4], [1, 2, 4, 3]).value == pytest.approx(4 / 6)


@pytest.mark.parametrize(
    ("means", "share"),
    [
        ([6, 5, 4, 3, 2, 1], 1),
        ([1, 1, 0, 0, 0, 0], 1),
        ([1, 2, 3], -1),
        ([5, 5, 5], 0),
        ([6, 5, 3, 4, 2, 1], 33 / 35),
    ],
)
def test_means_that_reach_their_floor_early_are_in_perfect_order(means: list[float], share: float) -> None:
    assert falls("x", means).value == pytest.approx(share)


def test_one_neighbouring_pair_may_change_places_and_not_two() -> None:
    assert falls("x", [6, 5, 3, 4, 2, 1]).passed
    assert not falls("x", [5, 6, 3, 4, 2, 1]).passed


def test_the_way_from_floor_to_ceiling_goes_either_way() -> None:
    assert reaches("x", 0.9, 0.5, 1.0, 4).value == pytest.approx(0.8)
    assert reaches("x", 0.1, 1.0, 0.0, 4).value == pytest.approx(0.9)
    assert reaches("x", 0.1, 1.0, 1.0, 4).passed is None


def test_what_must_not_change_may_not_come_or_go_either() -> None:
    assert unchanged("x", [0.5, NAN], [0.5, NAN]).passed
    assert unchanged("x", [0.5, 0.2], [0.5, NAN]).value == math.inf
    assert not unchanged("x", [0.5], [0.500002]).passed


def test_a_metric_passes_that_fails_nothing_and_figures_do_not_decide() -> None:
    good, told = separates("a", [1, 1], [0, 0]), figure("b", "mean", 0.1, 3)
    assert verdict([good, told]).passed
    assert verdict([good, told]).why == "1 of 1 checks"


def test_a_failure_names_the_check_and_both_numbers() -> None:
    found = verdict([separates("blank", [0, 0], [1, 1]), separates("a", [1, 1], [0, 0])])
    assert (found.status, found.passed) == ("failed", False)
    assert found.why == "blank: AUC 0.000, wanted ≥ 0.9, interval above 0.5"


def test_a_metric_that_nothing_could_be_asked_of_has_not_passed() -> None:
    found = verdict([Check("a", "AUC", None, note="no weights"), Check("b", "AUC", None, note="no weights")])
    assert (found.status, found.passed, found.why) == ("not audited", False, "no weights")


def test_the_same_numbers_give_the_same_interval() -> None:
    values = np.random.default_rng(1).normal(size=40)
    assert follows("x", values, range(40)) == follows("x", values, range(40))
