"""Bradley-Terry: closed forms for two and for consistent tables, what has no number, what the intervals hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from sdbench.stats import expanded_tail
from sdbench.stats.bradley_terry import Standing, fit, standings, win_shares

Vote = tuple[str, str, float]


def _standings(votes: list[Vote], clusters: list[tuple[str, str]] | None = None, **given: int) -> tuple[Standing, ...]:
    first, second, won = (list(column) for column in zip(*votes, strict=True))
    return standings(first, second, won, clusters or [("one", "prompt")] * len(votes), **given)


def _values(votes: list[Vote]) -> list[float | None]:
    return [one.value for one in _standings(votes)]


def test_two_methods_get_their_share_of_wins_with_half_a_vote_each_on_top() -> None:
    assert _values([("a", "b", 1.0)] * 3 + [("b", "a", 1.0)]) == pytest.approx([3.5 / 5, 1.5 / 5])
    assert _values([("a", "b", 1.0)] * 10) == pytest.approx([10.5 / 11, 0.5 / 11])


def test_a_tie_is_half_a_win_for_each() -> None:
    ties = [("a", "b", 0.5)] * 2
    assert _values(ties) == pytest.approx([0.5, 0.5])
    assert _values([("a", "b", 1.0), *ties]) == pytest.approx(_values([("a", "b", 1.0)] * 2 + [("b", "a", 1.0)]))


def test_a_table_that_is_consistent_gives_back_its_strengths() -> None:
    """With the half votes, wins stand as 4 : 2 : 1 does; a over b 2 to 1, a over c 4 to 1, b over c 2 to 1."""
    pairs = {("a", "b"): 1.5, ("a", "c"): 3.5, ("b", "c"): 1.5}
    votes = [vote for (x, y), wins in pairs.items() for vote in [(x, y, 1.0)] * int(wins) + [(x, y, 0.5)]]
    wanted = [(2 / 3 + 4 / 5) / 2, (1 / 3 + 2 / 3) / 2, (1 / 5 + 1 / 3) / 2]
    assert _values(votes) == pytest.approx(wanted, abs=1e-6)


def test_one_who_was_never_compared_with_another_is_placed_by_way_of_a_third() -> None:
    got = {one.name: one for one in _standings([("a", "b", 1.0)] * 4 + [("b", "c", 1.0)] * 4)}
    assert [got[name].value for name in "abc"] == pytest.approx(
        [0.5 * (0.9 + 81 / 82), 0.5, 0.5 * (0.1 + 1 / 82)], abs=1e-5
    )
    assert [got[name].votes for name in "abc"] == [4, 8, 4]


def test_strengths_solve_the_likelihood_equations() -> None:
    wins = np.random.default_rng(0).uniform(0.1, 9, (20, 6, 6)) * (1 - np.eye(6))
    p = fit(wins)
    expected = ((wins + wins.swapaxes(1, 2)) * p[:, :, None] / (p[:, :, None] + p[:, None, :])).sum(-1)
    assert expected == pytest.approx(wins.sum(-1), rel=1e-5)
    assert win_shares(p).mean(-1) == pytest.approx(np.full(20, 0.5))


def test_where_votes_do_not_link_all_there_is_a_reason_and_no_number() -> None:
    got = _standings([("a", "b", 1.0), ("c", "d", 1.0), ("c", "d", 0.0)])
    assert {(one.value, one.low, one.high, one.reason) for one in got} == {
        (None, None, None, "no chain of votes links a, b | c, d")
    }
    assert [one.votes for one in got] == [1, 1, 2, 2]
    assert standings([], [], [], []) == ()


def test_neither_the_order_of_votes_nor_of_sides_matters() -> None:
    rng = np.random.default_rng(3)
    votes = [(*rng.choice(list("abcd"), 2, replace=False), float(rng.choice([0, 0.5, 1]))) for _ in range(40)]
    clusters = [(f"r{rng.integers(3)}", f"p{rng.integers(5)}") for _ in votes]
    order = rng.permutation(40)
    turned = [(votes[i][1], votes[i][0], 1 - votes[i][2]) for i in order]
    assert _standings(votes, clusters) == _standings(turned, [clusters[i] for i in order])


def test_of_two_methods_and_independent_votes_the_interval_is_jeffreys() -> None:
    """Also where all votes agree: 12 of 12 is no certainty."""
    k = 12
    tail = expanded_tail(k, 0.95, np.sqrt((k + 1) / (k - 1)))
    for wins in (12, 8):
        votes = [("a", "b", float(i < wins)) for i in range(k)]
        one = _standings(votes, [("one", f"p{i}") for i in range(k)], resamples=20_000)[0]
        wanted = beta.ppf([tail, 1 - tail], wins + 0.5, k - wins + 0.5)
        assert [one.low, one.high] == pytest.approx(wanted, abs=0.015)


def test_one_rater_and_one_prompt_show_no_spread() -> None:
    assert {(one.low, one.high) for one in _standings([("a", "b", 1.0), ("a", "b", 0.0)])} == {(None, None)}


def test_the_same_votes_cast_by_fewer_raters_say_less() -> None:
    votes = [("a", "b", float(i % 4 > 0)) for i in range(48)]
    many, few = (_standings(votes, [(f"r{i % k}", f"p{i % 16}") for i in range(48)])[0] for k in (24, 4))
    assert many.low is not None and many.high is not None and few.low is not None and few.high is not None
    assert few.high - few.low > many.high - many.low


def coverage(raters: int, prompts: int, deviation: float, times: int, resamples: int = 600) -> float:
    """How often the intervals of three methods hold what raters and prompts in general would say; 30 votes a rater."""
    rng, strength = np.random.default_rng(7), np.array([0.0, 0.5, 1.2])
    everyone = rng.normal(0, deviation, (2, 20_000, 3)).sum(0) + strength
    wins = 1 / (1 + np.exp(everyone[:, None, :] - everyone[:, :, None]))
    truth, hits = (wins.mean(0).sum(1) - 0.5) / 2, []
    for _ in range(times):
        tastes = [rng.normal(0, deviation, (count, 3)) for count in (raters, prompts)]
        votes, clusters = [], []
        for rater in np.repeat(np.arange(raters), 30).tolist():
            prompt, (i, j) = int(rng.integers(prompts)), rng.choice(3, 2, replace=False).tolist()
            gap = (strength + tastes[0][rater] + tastes[1][prompt])[[i, j]] @ [1, -1]
            votes.append(("abc"[i], "abc"[j], float(rng.random() < 1 / (1 + np.exp(-gap)))))
            clusters.append((f"r{rater}", f"p{prompt}"))
        hits += [
            one.low <= true <= one.high
            for one, true in zip(_standings(votes, clusters, resamples=resamples), truth, strict=True)
        ]
    return float(np.mean(hits))


def test_intervals_hold_the_truth_about_as_often_as_they_claim() -> None:
    assert 0.9 <= coverage(10, 10, 0.5, times=60, resamples=300) <= 1
