"""Arms of LoRA and of Textual Inversion in packs, beside each trained by itself: seconds per step of one arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sdbench import config
from sdbench.bench import equality
from sdbench.bench.measure import Block, Must
from sdbench.bench.results import Found, line
from sdbench.bench.rows.base import ENDLESS, PRECISIONS, take, words_of
from sdbench.bench.settings import Bench, Packs
from sdbench.bench.side import Losses, Spec, losses_of, running

TWICE = 2.0  # single from double precision, of an arm alone: so far may the pack be from it


@dataclass(frozen=True)
class Case:
    """A pack as it is timed. arms: overrides of each, with spaces between."""

    what: str
    arms: list[str]
    overrides: list[str]
    must: Must | None


def measure(bench: Bench, losses: Losses = losses_of) -> Found:
    found = Found()
    for packs in bench.settings.packs:
        for batch_size in packs.batch_sizes:
            asked = Must.read(packs.must) if batch_size == packs.batch_sizes[0] else None
            measure_case(bench, case_of(bench, packs, batch_size, asked), packs.proved, found, losses)
    return found


def case_of(bench: Bench, packs: Packs, batch_size: int, must: Must | None) -> Case:
    arms = [" ".join(words) for words in config.expand(packs.axes)]
    what = f"{len(arms)} arms of {packs.method}, batch {batch_size}"
    words = [*bench.settings.overrides, f"method={packs.method}", f"train.batch_size={batch_size}"]
    return Case(what, arms, words, must)


def measure_case(bench: Bench, case: Case, proved: int | None, found: Found, losses: Losses) -> None:
    """Adds to `found`: the pack's losses beside the arms' own, and where they are equal its speed in each precision."""
    few = replace(case, arms=case.arms[:proved])
    equal = prove(bench, few, losses)
    found.equality[f"{case.what}: {len(few.arms)} packed and by themselves"] = equal
    if not equal.passed:
        found.notes.append(f"{case.what}: not timed, as losses differ")
        return
    for precision in bench.settings.precisions:
        title = PRECISIONS[precision][0]
        pack = _spec(bench, case, "pack", precision)
        alone = _spec(bench, case, "ours", precision)
        alone = replace(alone, overrides=[*alone.overrides, *case.arms[0].split()])
        specs = {f"one pack, {title}": pack, f"the first arm alone, {title}": alone}
        with running(specs) as sides:
            blocks = take(sides, bench.settings.warmup_steps, bench.settings.block_steps, bench.settings.rounds)
        (ours, packed), (reference, solo) = blocks.items()
        shared = (ours, _of_each(packed, len(case.arms)))
        found.lines.append(line(case.what, shared, (reference, solo), "step of an arm", case.must))


def prove(bench: Bench, case: Case, losses: Losses) -> equality.Equality:
    """Every arm's losses in single precision, one arm after the other."""
    pack, alone = (_spec(bench, case, kind, "no", fixed=True) for kind in ("pack", "solos"))
    exact = _spec(bench, case, "solos", "no", fixed=True, double=True)
    return equality.compare(losses(pack), losses(alone), losses(exact), times=TWICE)


def _spec(bench: Bench, case: Case, kind: str, precision: str, fixed: bool = False, double: bool = False) -> Spec:
    words = [*case.overrides, *words_of(precision), "train.state_every=0"]
    steps = bench.settings.equality_steps if fixed else ENDLESS
    name = "-".join([kind, precision, *["fixed"] * fixed, *["double"] * double])
    return Spec(kind, words, bench.work / case.what.replace(" ", "-") / name, steps,
                flags=case.arms, fixed=fixed, double=double, cores=bench.cores[-1:])  # fmt: skip


def _of_each(blocks: Sequence[Block], arms: int) -> list[Block]:
    return [replace(block, steps=block.steps * arms) for block in blocks]
