"""When a measured number is a pro and when a con: plain rules, numbers in, words out.

Each is `pro`, `con` or `neither`, which also is what an interval that holds the border gets. They are conventions of
this project, stated beside every table that uses them; the number stands there too, for who draws the line elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import stdev
from typing import Literal

Verdict = Literal["pro", "con", "neither"]
LIGHTER = 10  # times: from there on, a file is of another order of size
STEADY, UNSTEADY = 0.1, 0.25  # spread over draws, as a share of the way from floor to ceiling

RULES = {
    "overfits": "memorization of its images against that of held-out pictures, which are no copies: con where its "
    "interval lies above, pro where it lies at or below",
    "captures detail": "the share of the way from the untuned base to held-out pictures of the subject: pro where its "
    "interval lies above one half, con where it lies below",
    "storage": f"bytes as saved: pro at a {LIGHTER}th of the heaviest method's or less; con above that, where another "
    f"method takes a {LIGHTER}th of it or less",
    "consistency": "standard deviation of the means by training seed and image seed, as a share of the way from the "
    f"untuned base to held-out pictures: pro up to {STEADY:g}, con from {UNSTEADY:g}; none for a method whose mean is "
    "not above the base's, as it has nothing to be consistent in",
}


def overfits(low: float, high: float, held_out: float) -> Verdict:
    """low, high: interval of the memorization score, lower is better. held_out: that of pictures that are no copies."""
    return "con" if low > held_out else "pro" if high <= held_out else "neither"


def captures_detail(low: float, high: float, floor: float, ceiling: float) -> Verdict:
    """low, high: interval of a score of which more is better; floor < ceiling."""
    middle = (floor + ceiling) / 2
    return "pro" if low > middle else "con" if high < middle else "neither"


def storage(weight_bytes: float, every: Sequence[float]) -> Verdict:
    """every: bytes of all methods that are compared, this one's too."""
    if weight_bytes * LIGHTER <= max(every):
        return "pro"
    return "con" if min(every) * LIGHTER <= weight_bytes else "neither"


def spread(means: Sequence[float], floor: float, ceiling: float) -> float:
    """Standard deviation of two means or more, as a share of the way from floor to ceiling; floor < ceiling."""
    return stdev(means) / (ceiling - floor)


def consistency(share: float) -> Verdict:
    """share: as `spread` gives it."""
    return "pro" if share <= STEADY else "con" if share >= UNSTEADY else "neither"
