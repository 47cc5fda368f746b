"""The rule of asynchronous successive halving: whose score at a rung takes it to the next. Numbers in, names out.

ASHA, Li et al. 2020, arXiv 1810.05934, algorithm 2: of the n that have reached a rung by now, the best
floor(n / reduction_factor) go on. Nobody waits for the others, so one that was among the best of few may go on and
later be passed by others: which go on depends on the order in which scores arrive, as is ASHA's nature.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EarlyStoppingSettings:
    """metric: the score that tells. reduction_factor: one in so many settings of a method is trained further."""

    metric: str
    reduction_factor: int


def best(scores: Mapping[str, float | None], reduction_factor: int, higher_is_better: bool = True) -> list[str]:
    """Who goes on from a rung, best first.

    scores: of all that have reached the rung. None, NaN or infinite (a training that diverged, images that could not be
    judged) counts among the n and never goes on. Of equals those that come first in `scores` do, so give them in an
    order that does not depend on who arrived when.
    """
    sign = -1.0 if higher_is_better else 1.0
    known = {name: sign * score for name, score in scores.items() if score is not None and math.isfinite(score)}
    return sorted(known, key=known.__getitem__)[: len(scores) // reduction_factor]


def least(candidates: int, rungs: int, reduction_factor: int) -> list[int]:
    """How many of so many candidates reach each rung at least, lowest first, if all of them have a score."""
    return [candidates // reduction_factor**rung for rung in range(rungs)]
