"""What a row of the bench found. Plain data: the page is written from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sdbench.bench.equality import Equality
from sdbench.bench.measure import Block, Must, Spread, ratio, spread, verdict
from sdbench.stats import Interval


@dataclass(frozen=True)
class Line:
    """One comparison. seconds, cpu_seconds: per `unit`, of wall and of processor time. must: None where none is asked.

    ratio: reference by ours; where less is to be shown (`<=`), ours by reference.
    """

    what: str
    ours: str
    reference: str
    unit: str
    our_seconds: Spread
    reference_seconds: Spread
    ratio: Interval
    cpu_ratio: Interval
    must: Must | None
    our_peak_bytes: float
    reference_peak_bytes: float

    @property
    def verdict(self) -> str:
        return verdict(self.must, self.ratio)


@dataclass(frozen=True)
class Once:
    """What a side costs before its first step, in seconds, by what it is spent on."""

    what: str
    side: str
    seconds: dict[str, float]
    break_even_steps: float | None = None
    against: str = ""


@dataclass
class Found:
    """All that one row found. equality: by the name of what was compared; where one failed there are no lines."""

    equality: dict[str, Equality] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    once: list[Once] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def line(
    what: str,
    ours: tuple[str, Sequence[Block]],
    reference: tuple[str, Sequence[Block]],
    unit: str,
    must: Must | None,
) -> Line:
    """From each side's name and its blocks, two a round."""
    (our_name, our_blocks), (their_name, their_blocks) = ours, reference
    our, their = ([b.seconds / b.steps for b in blocks] for blocks in (our_blocks, their_blocks))
    our_cpu, their_cpu = ([b.cpu_seconds / b.steps for b in blocks] for blocks in (our_blocks, their_blocks))
    faster = must is None or must.at_least
    return Line(
        what, our_name, their_name, unit, spread(our), spread(their),
        ratio(their, our) if faster else ratio(our, their),
        ratio(their_cpu, our_cpu) if faster else ratio(our_cpu, their_cpu), must,
        max(b.peak_bytes for b in our_blocks), max(b.peak_bytes for b in their_blocks),
    )  # fmt: skip
