"""Krippendorff's alpha: the published example, its two ends, and where it says nothing."""

from __future__ import annotations

import pytest

from sdbench.stats.agreement import krippendorff_alpha


def test_it_is_the_published_example_s() -> None:
    """Krippendorff 2011, section D: four observers, twelve units, missing answers; nominal alpha 0.743."""
    observers = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    units = ["".join(unit).replace(".", "") for unit in zip(*observers, strict=True)]
    got = krippendorff_alpha(units)
    assert got.value == pytest.approx(0.743, abs=5e-4)
    assert (got.n, got.n_unscored) == (11, 1)
    assert got.low is not None and got.high is not None and got.low < 0.743 < got.high <= 1


def test_full_agreement_is_one_and_opposite_answers_are_below_chance() -> None:
    assert krippendorff_alpha([["left"] * 2, ["right"] * 2]).value == 1
    assert krippendorff_alpha([["left", "right"]] * 4).value == pytest.approx(1 - 8 / (32 / 7))


def test_without_two_answers_to_one_or_with_one_answer_to_all_there_is_no_value() -> None:
    alone, same = krippendorff_alpha([["left"], ["tie"]]), krippendorff_alpha([["left", "left"]] * 3)
    assert (alone.value, alone.n, alone.n_unscored) == (None, 0, 2)
    assert (same.value, same.low, same.n) == (None, None, 3)
