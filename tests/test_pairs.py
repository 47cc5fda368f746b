"""Comparisons: the sign-flip test against scipy and by hand, Holm by hand, agreement with the interval, verdicts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import permutation_test, ttest_1samp

from sdbench.stats.pairs import compare, holm, paired_p, sign_flip_p


def test_the_exact_p_by_hand() -> None:
    """Of the 8 sign patterns of 1, 2, 3 the sums -6 and 6 are as far as 6; of 1, 2, -3 all are as far as 0."""
    assert sign_flip_p([1.0, 2.0, 3.0]) == 0.25
    assert sign_flip_p([1.0, 2.0, -3.0]) == 1.0
    assert sign_flip_p([0.1] * 5) == 2 / 32


@pytest.mark.parametrize("k", [4, 8, 12])
def test_the_exact_p_is_that_of_scipys_permutation_test(k: int) -> None:
    one, other = np.random.default_rng(k).normal([[0.8], [0.0]], size=(2, k))
    want = permutation_test(
        (one, other), lambda x, y: (x - y).mean(), permutation_type="samples", n_resamples=np.inf
    ).pvalue
    assert sign_flip_p(one - other) == pytest.approx(want)


def test_the_sampled_p_nears_students_and_is_never_zero() -> None:
    differences = np.random.default_rng(1).normal(0.2, size=100)
    assert sign_flip_p(differences) == pytest.approx(ttest_1samp(differences, 0).pvalue, abs=0.01)
    assert sign_flip_p(differences + 9, flips=999) == 1 / 1000


def test_p_is_the_same_for_either_side_first_and_for_any_seed_where_it_is_exact() -> None:
    differences = np.random.default_rng(3).normal(0.3, size=10)
    assert sign_flip_p(differences, seed=1) == sign_flip_p(-differences, seed=2)
    many = np.random.default_rng(3).normal(0.1, size=50)
    assert sign_flip_p(many, seed=1) == sign_flip_p(-many, seed=1) != sign_flip_p(many, seed=2)


def test_no_difference_anywhere_is_no_evidence() -> None:
    assert sign_flip_p(np.zeros(6)) == sign_flip_p(np.zeros(60)) == 1.0


def test_p_rests_on_clusters_and_not_on_images() -> None:
    rng, at = np.random.default_rng(2), np.repeat(np.arange(8), 5)
    differences = rng.normal(0.5, size=8)
    assert paired_p(differences[at], at, np.zeros(40), at) == sign_flip_p(differences)


def test_p_and_its_interval_disagree_only_near_the_edge() -> None:
    rng, at, far = np.random.default_rng(5), np.arange(30), []
    for trial in range(200):
        one, other = rng.normal(0.4, size=30), rng.normal(size=30)
        got = compare({"one": (one, at), "other": (other, at)}, seed=trial, resamples=1000)[0]
        assert got.p is not None and got.difference.low is not None and got.difference.high is not None
        if (got.p < 0.05) == (got.difference.low <= 0 <= got.difference.high):
            far.append(got.p)
    assert len(far) < 10 and all(0.03 < p < 0.07 for p in far)


def test_holm_by_hand() -> None:
    """0.01, 0.02, 0.03, 0.04 of four: 4 * 0.01, 3 * 0.02, then 2 * 0.03 and 1 * 0.04 may not be less than 0.06."""
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.5, None, 0.9]) == [1.0, None, 1.0]
    assert holm([]) == [] and holm([0.03]) == [0.03]


def test_holm_is_between_no_correction_and_bonferronis() -> None:
    p_values = np.random.default_rng(0).random(20) ** 3
    for p, adjusted in zip(p_values, holm(p_values.tolist()), strict=True):
        assert adjusted is not None and p <= adjusted <= min(1, 20 * p)


def test_all_pairs_are_compared_in_the_order_of_the_methods() -> None:
    at = np.arange(40)
    base, wobble = np.random.default_rng(6).normal(size=40), np.where(at % 2, 0.1, -0.1)
    scores = {"lora": (base + 1 + wobble / 3, at), "base": (base, at), "db": (base + 1 - wobble, at)}
    got = compare(scores)
    assert [(pair.first, pair.second) for pair in got] == [("lora", "base"), ("lora", "db"), ("base", "db")]
    assert [pair.verdict for pair in got] == ["higher", "tie", "lower"]
    assert got[0].improvement.value == 1.0 and got[2].improvement.value == 0.0


def test_a_verdict_follows_the_corrected_p_where_the_interval_alone_would_not() -> None:
    """t = 0.45 * sqrt(30) = 2.46, p about 0.02: enough for one pair, not for six."""
    noise, at = np.random.default_rng(0).normal(size=30), np.arange(30)
    scores = {"x": ((noise - noise.mean()) / noise.std(ddof=1) + 0.45, at)} | dict.fromkeys("yzw", (0 * noise, at))
    got = compare(scores)[0]
    assert got.p is not None and 0.01 < got.p < 0.03 and got.difference.low is not None and got.difference.low > 0
    assert got.p_adjusted == pytest.approx(6 * got.p) and got.verdict == "tie"


def test_clusters_missing_on_either_side_are_left_out_of_their_pair_only() -> None:
    at = ["a", "b", "c", "d"]
    scores = {"x": ([1.0, 2.0, 3.0, 4.0], at), "y": ([0.0, None, 1.0, 2.0], at), "z": ([1.0, 1.0], ["a", "b"])}
    got = {(pair.first, pair.second): pair for pair in compare(scores)}
    assert [(pair.difference.n, pair.difference.n_unscored) for pair in got.values()] == [(3, 1), (2, 2), (1, 3)]
    assert (got["y", "z"].p, got["y", "z"].p_adjusted, got["y", "z"].verdict) == (None, None, None)
    assert got["x", "y"].p == 0.25


def test_five_clusters_decide_nothing() -> None:
    at = np.arange(5)
    (got,) = compare({"x": (np.ones(5) + 0.01 * at, at), "y": (np.zeros(5), at)})
    assert (got.p, got.verdict, got.difference.few) == (2 / 32, "tie", True)


def test_rows_in_any_order_and_methods_under_other_names_change_nothing() -> None:
    rng, at = np.random.default_rng(9), np.arange(24)
    one, other, order = rng.normal(size=24), rng.normal(size=24), rng.permutation(24)
    (straight,) = compare({"one": (one, at), "other": (other, at)})
    (mixed,) = compare({"a": (one[order], at[order]), "b": (other[order[::-1]], at[order[::-1]])})
    assert (mixed.difference, mixed.improvement, mixed.p) == (straight.difference, straight.improvement, straight.p)


def test_over_subjects_with_clusters_of_their_own_subjects_are_flipped() -> None:
    rng, subjects = np.random.default_rng(4), np.repeat(np.arange(12), 10)
    one, other = (rng.normal(0.4 * rng.normal(0.5, size=12)[subjects]) for _ in range(2))
    labels = np.column_stack([subjects, np.arange(120)])
    totals = (one - other).reshape(12, 10).sum(axis=1)
    assert paired_p(one, labels, other, labels) == pytest.approx(sign_flip_p(totals))


def test_over_subjects_that_share_clusters_p_and_interval_agree() -> None:
    rng, labels, far = np.random.default_rng(8), np.indices((15, 12)).reshape(2, -1).T, []
    for trial in range(60):
        one = rng.normal(0.25, size=180) + 0.4 * rng.normal(size=15)[labels[:, 0]]
        got = compare({"one": (one, labels), "other": (np.zeros(180), labels)}, seed=trial, resamples=1000)[0]
        assert got.p is not None and got.difference.low is not None and got.difference.high is not None
        if (got.p < 0.05) == (got.difference.low <= 0 <= got.difference.high):
            far.append(got.p)
    assert len(far) < 6 and all(0.03 < p < 0.07 for p in far)


def test_over_subjects_without_spread_p_says_no_more_than_their_number_can() -> None:
    labels = np.indices((4, 10)).reshape(2, -1).T
    assert paired_p(np.ones(40), labels, np.zeros(40), labels) == 2 / 2**4
    assert paired_p(np.ones(40), labels, np.ones(40), labels) == 1.0
