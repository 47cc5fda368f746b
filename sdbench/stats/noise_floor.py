"""The noise floor: how far apart runs of the same configuration fall that differ in `train.seed` only. Pure.

What is compared is a run's mean score, so that the floor holds everything a repeat changes. The spread is the pooled
standard deviation s with its chi-square interval; two means of m runs each differ by chance, with 95 %, by less than
t * s * sqrt(2 / m), where t is Student's at the degrees of freedom of s: the least significant difference (Fisher
1935, The Design of Experiments; for m = 1 and s known it is the repeatability limit 2.8 s of ISO 5725-6). Both take
runs to be normal about their configuration's mean. A lesser difference between two methods means nothing, however
narrow their intervals over image seeds are.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2
from scipy.stats import t as student_t

from sdbench.stats import FEW
from sdbench.stats.clusters import Values


@dataclass(frozen=True)
class NoiseFloor:
    """deviation: standard deviation between repeats, in the metric's unit, None without two of any configuration;
    low, high: its interval. repeats: scored runs of configurations that have two; configurations: how many of them;
    n_unscored: runs without a score (diverged, failed), which are no repeats.
    """

    deviation: float | None
    low: float | None
    high: float | None
    repeats: int
    configurations: int
    n_unscored: int
    level: float

    @property
    def few(self) -> bool:
        """Does it rest on fewer than 10 repeats?"""
        return self.repeats < FEW

    def least_difference(self, runs: int = 1) -> float | None:
        """The least difference that means something between two means of `runs` runs each, in the metric's unit."""
        if self.deviation is None:
            return None
        far = student_t.ppf((1 + self.level) / 2, self.repeats - self.configurations)
        return float(far * self.deviation * np.sqrt(2 / runs))


def noise_floor(scores: Values, configurations: Sequence[Hashable] | None = None, level: float = 0.95) -> NoiseFloor:
    """The noise floor from the mean score of each run: (n,), None, NaN or infinite where it has none.

    configurations: (n,), which runs repeat each other; one for all without it. Several are pooled, weighed by their
    repeats less one. Runs whose configuration has no other scored run say nothing of noise and are left out.
    """
    numbers = np.asarray(scores, dtype=np.float64)
    labels = [None] * len(numbers) if configurations is None else list(configurations)
    groups: dict[Hashable, list[float]] = {}
    for label, number in zip(labels, numbers.tolist(), strict=True):
        if np.isfinite(number):
            groups.setdefault(label, []).append(number)
    repeated = [np.sort(group) for group in groups.values() if len(group) > 1]
    repeats, n_unscored = sum(map(len, repeated)), int((~np.isfinite(numbers)).sum())
    if not repeated:
        return NoiseFloor(None, None, None, 0, 0, n_unscored, level)
    freedom = repeats - len(repeated)
    squares = float(np.sort([((group - group.mean()) ** 2).sum() for group in repeated]).sum())
    low, high = (float(np.sqrt(squares / chi2.ppf(p, freedom))) for p in ((1 + level) / 2, (1 - level) / 2))
    return NoiseFloor(float(np.sqrt(squares / freedom)), low, high, repeats, len(repeated), n_unscored, level)
