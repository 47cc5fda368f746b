"""Ranks with what is known of them: from which place to which, and who ties with whom. From verdicts only. Pure.

A method's rank may be any from 1 + those verdicts call better to the last but those they call worse. The verdicts
are right about all pairs at once with 95 %, so are these ranges (Mogstad, Romano, Shaikh & Wilhelm 2024, Inference
for Ranks with Applications to Mobility across Neighbourhoods and Academic Achievement across Countries). Resampled
ranks are not used: where methods are close, which is where it matters, their intervals are known to miss (there, and
Hall & Miller 2009, Using the Bootstrap to Quantify the Authority of an Empirical Ranking).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sdbench.stats.pairs import Comparison


@dataclass(frozen=True)
class Rank:
    """rank: 1 is best, equals share the best of their places. low, high: the places it may have. letters: methods that
    share a letter cannot be told apart; `a` is the letter of the best.
    """

    name: str
    rank: int
    low: int
    high: int
    letters: str


def ranks(comparisons: Sequence[Comparison], higher_is_better: bool = True) -> tuple[Rank, ...]:
    """The ranks of all methods that `comparisons` (every pair of them, see `compare`) speak of, best first.

    A method's place is 1 + how many are ahead of it in their paired difference, so that it is within its range also
    where the methods are scored on different clusters. A pair without a verdict is not told apart.
    """
    names = list(dict.fromkeys(name for pair in comparisons for name in (pair.first, pair.second)))
    sign = 1 if higher_is_better else -1
    ahead, better = _beats(comparisons, sign, decided=False), _beats(comparisons, sign, decided=True)
    place = {name: 1 + sum((other, name) in ahead for other in names) for name in names}
    names.sort(key=lambda name: place[name])
    letters = _letters(names, better)
    return tuple(
        Rank(
            name,
            place[name],
            1 + sum((other, name) in better for other in names),
            len(names) - sum((name, other) in better for other in names),
            letters[name],
        )
        for name in names
    )


def _beats(comparisons: Sequence[Comparison], sign: int, decided: bool) -> set[tuple[str, str]]:
    """(winner, loser) of every pair with a difference, or of those only that have a verdict other than a tie."""
    found = set()
    for pair in comparisons:
        gap = sign * (pair.difference.value or 0.0)
        if gap and (not decided or pair.verdict in ("higher", "lower")):
            found.add((pair.first, pair.second) if gap > 0 else (pair.second, pair.first))
    return found


def _letters(names: Sequence[str], better: set[tuple[str, str]]) -> dict[str, str]:
    """The compact letter display: insert and absorb (Piepho 2004, An Algorithm for a Letter-Based Representation of
    All-Pairwise Comparisons). Two methods share a letter exactly if neither is better. After z come numbers.
    """
    groups = [frozenset(names)]
    for pair in sorted(better, key=lambda two: [names.index(name) for name in two]):
        split = [part for group in groups for part in ([group - {x} for x in pair] if group >= {*pair} else [group])]
        groups = [group for group in dict.fromkeys(split) if not any(group < other for other in split)]
    groups.sort(key=lambda group: sorted(names.index(name) for name in group))
    marks = [chr(ord("a") + i) if i < 26 else f"({i + 1})" for i in range(len(groups))]
    return {name: "".join(mark for mark, group in zip(marks, groups, strict=True) if name in group) for name in names}
