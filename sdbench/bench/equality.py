"""Do two loops train the same? Only then is one's speed worth anything beside the other's. Numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Equality:
    """The largest relative difference of two loops' losses in single precision, and the largest that may be.

    allowed: how far the reference's own losses in single precision are from those in double precision, or a multiple
    of it; at least the step from one number to the next, as losses are told in single precision.
    """

    steps: int
    difference: float
    allowed: float

    @property
    def passed(self) -> bool:
        return self.difference <= self.allowed


def compare(
    losses: Sequence[float], reference: Sequence[float], reference_in_double: Sequence[float], times: float = 1.0
) -> Equality:
    """Of losses step by step, under the same noise, timesteps, batches and posterior samples. Empty or ragged raises.

    A loss that is not finite is unequal to any. times: the reference's own difference, so much is allowed.
    """
    if not losses or not len(losses) == len(reference) == len(reference_in_double):
        raise ValueError(f"{len(losses)}, {len(reference)} and {len(reference_in_double)} losses cannot be compared")
    own = _largest(reference, reference_in_double)
    return Equality(len(losses), _largest(losses, reference), max(times * own, float(np.finfo(np.float32).eps)))


def _largest(ones: Sequence[float], others: Sequence[float]) -> float:
    a, b = np.asarray(ones, float), np.asarray(others, float)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    return float(np.max(np.abs(a - b) / np.abs(b)))
