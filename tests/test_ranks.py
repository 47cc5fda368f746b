"""Ranks: places, ranges and letters from verdicts worked out by hand; ranges hold true ranks."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from sdbench.stats import Interval
from sdbench.stats.pairs import Comparison, Verdict, compare
from sdbench.stats.ranks import Rank, ranks


def _pair(first: str, second: str, difference: float | None, decided: bool = False) -> Comparison:
    interval = Interval(difference, None, None, 0, 0, 0)
    higher: Verdict = "higher" if difference and difference > 0 else "lower"
    return Comparison(first, second, interval, interval, None, None, higher if decided else "tie")


def test_a_chain_where_only_the_ends_can_be_told_apart() -> None:
    """The textbook's a, ab, b: the middle ties with both ends, the ends do not tie."""
    pairs = [_pair("db", "lora", 1.0), _pair("lora", "ti", 1.0), _pair("db", "ti", 2.0, decided=True)]
    assert ranks(pairs) == (Rank("db", 1, 1, 2, "a"), Rank("lora", 2, 1, 3, "ab"), Rank("ti", 3, 2, 3, "b"))


def test_all_told_apart_and_none() -> None:
    pairs = [(x, y) for x, y in combinations("wxyz", 2)]
    apart = ranks([_pair(x, y, -1.0, decided=True) for x, y in pairs])
    assert apart == tuple(Rank(name, i, i, i, "abcd"[i - 1]) for i, name in enumerate("zyxw", start=1))
    tied = ranks([_pair(x, y, -1.0) for x, y in pairs])
    assert [(rank.rank, rank.low, rank.high, rank.letters) for rank in tied] == [(i, 1, 4, "a") for i in (1, 2, 3, 4)]


def test_where_less_is_better_the_order_turns() -> None:
    pairs = [_pair("x", "y", 1.0, decided=True)]
    assert [rank.name for rank in ranks(pairs)] == ["x", "y"]
    assert [rank.name for rank in ranks(pairs, higher_is_better=False)] == ["y", "x"]


def test_equals_share_a_place_and_a_pair_without_a_difference_is_a_tie() -> None:
    got = ranks([_pair("x", "y", 0.0), _pair("x", "z", None), _pair("y", "z", None)])
    assert [(rank.rank, rank.low, rank.high, rank.letters) for rank in got] == [(1, 1, 3, "a")] * 3
    assert ranks([]) == ()


def test_methods_share_a_letter_exactly_if_they_are_not_told_apart_and_lie_in_their_range() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        names, means = "abcdefgh", rng.normal(size=8)
        pairs = [_pair(x, y, means[i] - means[j], bool(rng.random() < 0.5))
                 for (i, x), (j, y) in combinations(enumerate(names), 2)]  # fmt: skip
        got = {rank.name: rank for rank in ranks(pairs)}
        for pair in pairs:
            share = {*got[pair.first].letters} & {*got[pair.second].letters}
            assert bool(share) == (pair.verdict == "tie")
        assert all(1 <= rank.low <= rank.rank <= rank.high <= 8 for rank in got.values())


def test_the_ranges_hold_all_true_ranks_at_once() -> None:
    rng, at, held = np.random.default_rng(3), np.arange(30), 0
    means = {"a": 0.0, "b": 0.0, "c": 0.5, "d": 0.9}
    places = {"d": (1, 1), "c": (2, 2), "a": (3, 3), "b": (3, 3)}
    for trial in range(300):
        shared = rng.normal(size=30)
        scores = {name: (mean + shared + rng.exponential(size=30), at) for name, mean in means.items()}
        got = ranks(compare(scores, seed=trial, resamples=10))
        held += all(rank.low <= places[rank.name][0] <= rank.high for rank in got)
    assert held / 300 > 0.94


def test_relabelling_and_reordering_the_methods_changes_no_rank() -> None:
    rng, at = np.random.default_rng(5), np.arange(12)
    scores = {name: (rng.normal(i / 2, size=12), at) for i, name in enumerate("pqrs")}
    straight = {rank.name: rank for rank in ranks(compare(scores))}
    turned = {rank.name: rank for rank in ranks(compare(dict(reversed(scores.items()))))}
    assert straight == turned
