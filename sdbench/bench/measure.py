"""How a comparison is taken and read: the order of blocks, spreads, ratios with intervals, verdicts. Numbers only."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sdbench import stats
from sdbench.errors import UserError

NOISE = 0.03  # a ratio this near to 1 says nothing


@dataclass(frozen=True)
class Block:
    """Some steps (or images, or whole runs) of one side.

    peak_bytes: the most memory it has held since before its first step.
    """

    steps: int
    seconds: float
    cpu_seconds: float
    peak_bytes: float


@dataclass(frozen=True)
class Spread:
    """Median, least and most of what was measured, and of how many blocks."""

    median: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Must:
    """What a ratio has to reach: `>= 1.3`, or `<= 1.05` where less is better."""

    at_least: bool
    bound: float

    @staticmethod
    def read(text: str) -> Must:
        match = re.fullmatch(r"(>=|<=) *(\d+(?:\.\d+)?)", text.strip())
        if match is None:
            raise UserError(f"must is {text!r}; write it as '>= 1.3' or '<= 1.05'")
        return Must(match[1] == ">=", float(match[2]))

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"


def order(sides: Sequence[str], rounds: int) -> list[str]:
    """A B C C B A, `rounds` times: what drifts while it is measured falls on every side alike."""
    return [*sides, *reversed(sides)] * rounds


def spread(values: Iterable[float]) -> Spread:
    numbers = np.fromiter(values, float)
    return Spread(float(np.median(numbers)), float(numbers.min()), float(numbers.max()), len(numbers))


def ratio(numerator: Sequence[float], denominator: Sequence[float]) -> stats.Interval:
    """The geometric mean over rounds of numerator / denominator, with its 95 % bootstrap interval over rounds.

    Both hold two blocks a round, in the order in which they were taken; a round is A B B A, so its ratio is free of a
    steady drift. No interval below two rounds.
    """
    if len(numerator) != len(denominator) or len(numerator) % 2:
        raise ValueError(f"{len(numerator)} and {len(denominator)} blocks are no rounds of two each")
    sums = [np.add(one[::2], one[1::2]) for one in (np.asarray(numerator), np.asarray(denominator))]
    logs = np.log(sums[0] / sums[1])
    found = stats.mean_interval(logs, np.arange(len(logs)))
    value, low, high = (None if x is None else math.exp(x) for x in (found.value, found.low, found.high))
    return stats.Interval(value, low, high, found.n, found.n_unscored, found.clusters)


def verdict(must: Must | None, found: stats.Interval | None) -> str:
    """`held` or `missed` where the whole interval says so, else `undecided`; nothing where nothing is asked."""
    if must is None or found is None or found.value is None:
        return ""
    if found.low is None or found.high is None:
        low = high = found.value
    else:
        low, high = found.low, found.high
    if (low >= must.bound) if must.at_least else (high <= must.bound):
        return "held"
    return "missed" if ((high < must.bound) if must.at_least else (low > must.bound)) else "undecided"


def break_even(our_once: float, their_once: float, our_step: float, their_step: float) -> float | None:
    """Steps after which the one-off costs of ours are won back: 0 where they are less, None where never."""
    more = our_once - their_once
    if more <= 0:
        return 0.0
    return more / (their_step - our_step) if their_step > our_step else None
