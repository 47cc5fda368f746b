"""Two labels: standard errors by hand, one subject, nested and shared clusters, pairing, order."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sdbench.stats import mean_interval, paired_difference
from sdbench.stats.clusters import cluster_means, cluster_values, paired, standard_error


def _crossed(subjects: int, clusters: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    labels = np.indices((subjects, clusters)).reshape(2, -1).T
    return np.random.default_rng(4).normal(size=len(labels)) + labels[:, 0], labels


def test_the_standard_error_of_one_value_a_cluster_is_that_of_a_mean() -> None:
    values = [1.0, 2.0, 4.0, 9.0]
    assert standard_error(cluster_means(values, [1, 2, 3, 4])) == pytest.approx(np.std(values, ddof=1) / 2)


def test_the_standard_error_of_two_labels_by_hand() -> None:
    """Rows 0, 1 and columns 0, 1 of [[0, 2], [4, 10]]: mean 4, residuals/4 [[-1, -.5], [0, 1.5]].

    By subject the sums are -1.5 and 1.5, 2 * 4.5 = 9; by cluster -1 and 1, 2 * 2 = 4; by both 4/3 * 3.5 = 14/3.
    9 + 4 - 14/3 = 25/3 is less than 9, the larger of the two.
    """
    labels = [["s0", "a"], ["s0", "b"], ["s1", "a"], ["s1", "b"]]
    assert standard_error(cluster_means([0.0, 2.0, 4.0, 10.0], np.array(labels))) == pytest.approx(3.0)
    # [[0, 4], [5, 9]]: mean 4.5, no interaction: residuals/4 [[-1.125, -.125], [.125, 1.125]]
    # by subject 2 * 2 * 1.25**2 = 6.25, by cluster 2 * 2 * 1 = 4, by both 4/3 * 2.5625: 10.25 - 3.41667
    got = standard_error(cluster_means([0.0, 4.0, 5.0, 9.0], np.array(labels)))
    assert got == pytest.approx(np.sqrt(10.25 - 4 / 3 * 2 * (1.125**2 + 0.125**2)))


def test_with_one_subject_two_labels_are_one() -> None:
    values = np.random.default_rng(1).normal(size=60)
    clusters = np.arange(60) % 20
    both = np.column_stack([np.zeros(60, dtype=int), clusters + 10])  # as text, 10..29 sort as the numbers do
    assert mean_interval(values, both) == mean_interval(values, clusters)


def test_where_clusters_are_not_shared_the_standard_error_is_that_of_subjects() -> None:
    values, labels = _crossed(6, 9)
    apart = np.column_stack([labels[:, 0], labels[:, 1] + 9 * labels[:, 0]])
    by_subject = standard_error(cluster_means(values, labels[:, 0]))
    assert standard_error(cluster_means(values, apart)) == pytest.approx(by_subject)


def test_an_interval_of_two_labels_is_that_many_standard_errors_wide_and_rests_on_the_fewer() -> None:
    values, labels = _crossed(40, 25)
    got, error = mean_interval(values, labels, resamples=20_000), standard_error(cluster_means(values, labels))
    assert got.low is not None and got.high is not None and error is not None
    assert got.high - got.low == pytest.approx(2 * 2.064 * error, rel=0.03)  # t of 24 degrees of freedom
    assert (got.clusters, got.few) == (25, False)
    assert mean_interval(*_crossed(5, 40)).few


def test_subjects_that_differ_widen_the_interval_of_images_taken_as_independent() -> None:
    values, labels = _crossed(8, 20)
    apart, together = mean_interval(values, np.arange(160)), mean_interval(values, labels)
    assert apart.low is not None and apart.high is not None and together.low is not None and together.high is not None
    assert together.high - together.low > 3 * (apart.high - apart.low)


def test_pairs_of_two_labels_are_of_the_same_subject_and_cluster() -> None:
    first = [["dog", "a-1"], ["dog", "a-2"], ["cat", "a-1"]]
    second = [["cat", "a-1"], ["dog", "a-2"], ["cat", "a-2"]]
    got = paired_difference([1.0, 2.0, 7.0], np.array(first), [4.0, 1.0, 9.0], np.array(second))
    assert (got.value, got.n, got.n_unscored, got.clusters) == (2.0, 2, 2, 2)


def test_the_order_of_rows_changes_no_bit_with_two_labels() -> None:
    values, labels = _crossed(5, 8)
    order = np.random.default_rng(0).permutation(40)
    assert mean_interval(values[order], labels[order]) == mean_interval(values, labels)
    straight, shuffled = (paired(v, c, values, labels)[0].sums for v, c in ((values, labels), (-values, labels)))
    assert (straight == 0).all() and (shuffled != 0).all()


def test_two_labels_stay_within_the_values_and_without_spread_have_no_width() -> None:
    labels = np.indices((4, 5)).reshape(2, -1).T
    got = mean_interval((np.arange(20) == 0).astype(float), labels)
    assert got.low is not None and got.high is not None and 0 <= got.low <= 0.05 < got.high <= 1
    same = mean_interval(np.full(20, 0.5), labels)
    assert (same.low, same.high) == (0.5, 0.5)


def test_three_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="one cluster for each value"):
        mean_interval([1.0], np.array([["a", "b", "c"]]))


def test_values_by_cluster_keep_clusters_that_have_none() -> None:
    got = cluster_values([2.0, None, 1.0], ["a", "b", "a"])
    assert {key: numbers.tolist() for key, numbers in got.items()} == {"a": [1.0, 2.0], "b": []}
