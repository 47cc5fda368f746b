"""What an audit asks of a metric, and whether it holds: numbers in, a verdict out. Pure; numpy and scipy only.

The thresholds, chosen before anything was measured, one for each kind of question, the same for every metric:

- `SEPARATION` 0.9, of sentinels and of what is there or not: where pictures are as different as a subject and a blank
  square, or a right and a wrong word, a metric that is to be averaged over a few dozen images should put nine pairs of
  ten in the right order (an area under the curve of 0.9 is customarily called excellent).
- `ASSOCIATION` 0.5, Spearman, of graded truth: what Cohen (1988) calls a large effect. Scenes of one degree differ in
  all else, so a value near 1 is not to be had; a metric that gives 1 to one degree of five alone reaches 0.71.
- `AGREEMENT` 0.5, Kendall's tau between two backbones: three pairs of images of four in the same order.
- `MONOTONE` 0.9, under degradation: Spearman of mean and strength over six strengths, as a share of what the same means
  would have in perfect order, so that a metric which reaches its floor early loses nothing; it lets one neighbouring
  pair change places, and not two.
- `CEILING` 0.8 of the way from floor to ceiling, of pictures that show what is judged as well as pictures can.
- `SAME` 1e-6, of what must not change at all.

Where there is an interval, its lower end must also be beyond chance (0.5 of a separation, 0 of an association).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau, rankdata

from sdbench.seeds import seed_of

SEPARATION, ASSOCIATION, AGREEMENT, MONOTONE, CEILING, SAME = 0.9, 0.5, 0.5, 0.9, 0.8, 1e-6
RESAMPLES, LEVEL = 500, 0.95

Floats = NDArray[np.float64]
Numbers = Sequence[float] | Floats


@dataclass(frozen=True)
class Check:
    """One question to one metric. value: None where it could not be asked, and `note` says why.

    low, high: a bootstrap's 95 % interval, where one was made. n: images (or strengths) behind it. wanted: in words.
    passed: None of a figure that decides nothing, and of what could not be asked.
    """

    name: str
    statistic: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    wanted: str = ""
    passed: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """status: `passed`, `failed`, or `not audited`. why: in words, what failed, or why nothing could be asked."""

    status: str
    why: str

    @property
    def passed(self) -> bool:
        return self.status == "passed"


def verdict(checks: Sequence[Check]) -> Verdict:
    """A metric passes that fails no check, of those that could be asked; with none of them, it is not audited."""
    asked = [check for check in checks if check.passed is not None]
    if not asked:
        why = dict.fromkeys(check.note for check in checks if check.note)
        return Verdict("not audited", "; ".join(why) or "there is nothing to ask of it")
    failed = [check for check in asked if not check.passed]
    if failed:
        return Verdict("failed", "; ".join(f"{c.name}: {c.statistic} {c.value:.3f}, {c.wanted}" for c in failed))
    return Verdict("passed", f"{len(asked)} of {len(asked)} checks")


def separates(name: str, more: Numbers, less: Numbers) -> Check:
    """Whether `more` are above `less`: the area under the curve, a tie counting half. NaN is left out."""
    numbers, labels = _join(more, less)
    if len(set(labels.tolist())) < 2:
        return Check(name, "AUC", None, n=len(numbers), note="one of its two groups of images has no score")
    interval = _bootstrap(name, lambda rows: auc(numbers[rows], labels[rows]), _strata(labels))
    return _judged(name, "AUC", auc(numbers, labels), interval, len(numbers), SEPARATION, 0.5)


def wins(name: str, own: Numbers, other: Numbers) -> Check:
    """In what share of pairs `own` is above `other`, a tie counting half; pairs with NaN are left out."""
    difference = np.asarray(own, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    difference = difference[np.isfinite(difference)]
    if not len(difference):
        return Check(name, "pairs won", None, note="none of its images has a score")
    won = (np.sign(difference) + 1) / 2
    interval = _bootstrap(name, lambda rows: float(won[rows].mean()), [np.arange(len(won))])
    return _judged(name, "pairs won", float(won.mean()), interval, len(won), SEPARATION, 0.5)


def follows(name: str, values: Numbers, truth: Numbers, scenes: Sequence[Any] | None = None) -> Check:
    """Spearman's correlation of values and graded truth. scenes: what is resampled; without them, the image."""
    numbers, degrees = np.asarray(values, dtype=np.float64), np.asarray(truth, dtype=np.float64)
    there = np.isfinite(numbers)
    numbers, degrees = numbers[there], degrees[there]
    if len(set(degrees.tolist())) < 2:
        return Check(name, "Spearman", None, n=len(numbers), note="its images with a score show only one degree")
    names = np.arange(len(there)) if scenes is None else np.unique(np.asarray(scenes), return_inverse=True)[1]
    members = [np.flatnonzero(names[there] == one) for one in np.unique(names[there])]

    def drawn(rows: NDArray[np.intp]) -> float:
        kept = np.concatenate([members[row] for row in rows])
        return spearman(numbers[kept], degrees[kept])

    interval = _bootstrap(name, drawn, [np.arange(len(members))])
    return _judged(name, "Spearman", spearman(numbers, degrees), interval, len(numbers), ASSOCIATION, 0.0)


def agrees(name: str, values: Numbers, others: Numbers) -> Check:
    """Kendall's tau-b of two judges over the same images or methods."""
    one, other = np.asarray(values, dtype=np.float64), np.asarray(others, dtype=np.float64)
    there = np.isfinite(one) & np.isfinite(other)
    one, other = one[there], other[there]
    if len(one) < 3:
        return Check(name, "Kendall", None, n=len(one), note="fewer than three images have both scores")
    interval = _bootstrap(name, lambda rows: kendall(one[rows], other[rows]), [np.arange(len(one))])
    return _judged(name, "Kendall", kendall(one, other), interval, len(one), AGREEMENT, 0.0)


def falls(name: str, means: Numbers) -> Check:
    """Whether means over growing strengths fall, as a share of how they would in perfect order; 0 where none moves."""
    numbers = np.asarray(means, dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    if len(numbers) < 3:
        return Check(name, "order", None, n=len(numbers), note="fewer than three strengths leave an image to judge")
    strengths = np.arange(len(numbers), dtype=np.float64)
    best = spearman(np.sort(numbers)[::-1], strengths)
    share = spearman(numbers, strengths) / best if best else 0.0
    return _judged(name, "order", share, None, len(numbers), MONOTONE, 0.0)


def reaches(name: str, mean: float, floor: float, ceiling: float, n: int) -> Check:
    """How far `mean` is on the way from floor (0) to ceiling (1)."""
    if not (np.isfinite([mean, floor, ceiling]).all() and ceiling != floor):
        return Check(name, "of the way", None, n=n, note="floor or ceiling has no score, or they are the same")
    return _judged(name, "of the way", (mean - floor) / (ceiling - floor), None, n, CEILING, 0.0)


def unchanged(name: str, before: Numbers, after: Numbers) -> Check:
    """The largest change of a score; of one that comes or goes, infinite."""
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if not np.isfinite(first).any():
        return Check(name, "largest change", None, note="none of its images has a score")
    both = np.isnan(first) & np.isnan(second)
    change = np.where(both, 0.0, np.nan_to_num(np.abs(first - second), nan=np.inf))
    most = float(change.max())
    return Check(name, "largest change", most, n=len(first), wanted=f"wanted ≤ {SAME:g}", passed=most <= SAME)


def figure(name: str, statistic: str, value: float, n: int) -> Check:
    """A number that is told and decides nothing."""
    return Check(name, statistic, value if np.isfinite(value) else None, n=n)


def auc(numbers: Floats, labels: NDArray[np.bool_]) -> float:
    """The probability that a number with label True is above one with label False, a tie counting half."""
    right = int(labels.sum())
    wrong = len(labels) - right
    return float((rankdata(numbers)[labels].sum() - right * (right + 1) / 2) / (right * wrong))


def spearman(first: Floats, second: Floats) -> float:
    """Spearman's rank correlation; 0 where one of them does not vary."""
    a, b = (rankdata(one) - (len(one) + 1) / 2 for one in (first, second))
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale else 0.0


def kendall(first: Floats, second: Floats) -> float:
    """Kendall's tau-b; 0 where one of them does not vary."""
    if len(set(first.tolist())) < 2 or len(set(second.tolist())) < 2:
        return 0.0
    return float(kendalltau(first, second).statistic)


def _join(more: Numbers, less: Numbers) -> tuple[Floats, NDArray[np.bool_]]:
    numbers = np.concatenate([np.asarray(one, dtype=np.float64) for one in (more, less)])
    labels = np.repeat([True, False], [len(more), len(less)])
    there = np.isfinite(numbers)
    return numbers[there], labels[there]


def _strata(labels: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    return [np.flatnonzero(labels), np.flatnonzero(~labels)]


def _bootstrap(
    name: str, statistic: Callable[[NDArray[np.intp]], float], strata: list[NDArray[np.intp]]
) -> tuple[float, float]:
    """Percentile interval; rows are drawn with replacement within each stratum."""
    rng = np.random.default_rng(seed_of("audit", name))
    draws = [statistic(np.concatenate([rng.choice(rows, len(rows)) for rows in strata])) for _ in range(RESAMPLES)]
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _judged(
    name: str, statistic: str, value: float, interval: tuple[float, float] | None, n: int, least: float, chance: float
) -> Check:
    wanted = f"wanted ≥ {least:g}" + (f", interval above {chance:g}" if interval else "")
    low, high = interval or (None, None)
    passed = value >= least - 1e-9 and (low is None or low > chance)
    return Check(name, statistic, value, low, high, n, wanted, passed)
