"""Every kind of interval that claims 95 % covers 93 to 97 % of simulated truths at 30 clusters."""

from __future__ import annotations

import pytest

from sdbench.stats import coverage

pytestmark = pytest.mark.endurance


@pytest.mark.parametrize("kind", coverage.KINDS, ids=lambda kind: kind.__name__)
def test_coverage_at_30_clusters(kind: coverage.Trial) -> None:
    assert 0.93 <= coverage.coverage(kind, 30, trials=1500) <= 0.97


@pytest.mark.parametrize("kind", [coverage.mean_of_scores, coverage.right_or_wrong], ids=lambda kind: kind.__name__)
def test_coverage_of_a_mean_at_60_clusters(kind: coverage.Trial) -> None:
    assert 0.93 <= coverage.coverage(kind, 60, trials=1500) <= 0.97


def test_few_clusters_cover_less_or_say_nothing_and_the_figures_do_not_move() -> None:
    five = coverage.coverage(coverage.right_or_wrong, 5, trials=300)
    assert five == coverage.coverage(coverage.right_or_wrong, 5, trials=300) < 0.97
    assert coverage.coverage(coverage.no_false_alarm, 5, trials=300) == 1.0
