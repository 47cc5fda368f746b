"""A training of sdbench beside the reference's: proved equal, then timed in turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sdbench.bench import equality, measure
from sdbench.bench.measure import Block
from sdbench.bench.results import Found, Once, line
from sdbench.bench.settings import Bench
from sdbench.bench.side import CHANNELS_LAST, NO_FLAGS, PRE_COMPUTE, Losses, Side, Spec, losses_of, running
from sdbench.errors import UserError

ENDLESS = 10**7  # steps: a side that is timed is ended from outside
PRECISIONS = {"no": ("float32", "float32"), "bf16": ("bf16", "bfloat16"), "fp16": ("fp16", "float16")}


@dataclass(frozen=True)
class Training:
    """What is trained: a name, its overrides of conf/, the script of diffusers that does the same, its best flags."""

    what: str
    overrides: list[str]
    script: str
    flags: tuple[str, ...] = (PRE_COMPUTE,)


def step(bench: Bench, training: Training, row: str, losses: Losses = losses_of) -> Found:
    """Seconds per step of `training` against the reference; without equal losses there are none."""
    found = Found(equality=prove(bench, training, losses))
    failed = [name for name, one in found.equality.items() if not one.passed]
    if failed:
        found.notes.append(f"{training.what}: not timed, as losses differ ({', '.join(failed)})")
        return found
    timed = _sides(bench, training)
    with running(timed) as sides:
        blocks = take(sides, bench.settings.warmup_steps, bench.settings.block_steps, bench.settings.rounds)
        once = {name: side.once for name, side in sides.items()}
    for ours, reference, asked in _pairs(bench, list(timed)):
        must = bench.must(row) if asked else None
        one = line(training.what, (ours, blocks[ours]), (reference, blocks[reference]), "step", must)
        found.lines.append(one)
        mine, theirs = sum(once[ours].values()), sum(once[reference].values())
        steps = measure.break_even(mine, theirs, one.our_seconds.median, one.reference_seconds.median)
        if asked:
            found.once += [Once(training.what, ours, once[ours], steps, reference)]
            found.once += [Once(training.what, reference, once[reference])]
    return found


def prove(bench: Bench, training: Training, losses_of: Losses) -> dict[str, equality.Equality]:
    """Losses of sdbench and of the reference in single precision, on the same numbers, step by step.

    The reference is run in the memory format that sdbench uses, as the kernels of another one round otherwise; how far
    it is then from itself in double precision is what is allowed. With a checkout the plain loop is proved too.
    """
    ours = _spec(bench, training, "ours", "no", fixed=True)
    kinds = ["script", "loop"] if bench.checkout else ["loop"]
    runs = {"sdbench": ours}
    for kind in kinds:
        runs[kind] = _spec(bench, training, kind, "no", [CHANNELS_LAST], fixed=True)
    double = _spec(bench, training, kinds[0], "no", fixed=True, double=True)
    exact = losses_of(_in(double, "double"))
    losses = {name: losses_of(_in(spec, name)) for name, spec in runs.items()}
    truth = losses[kinds[0]]
    others = [name for name in losses if name != kinds[0]]
    return {f"{training.what}: {name} and {kinds[0]}": equality.compare(losses[name], truth, exact) for name in others}


def words_of(precision: str) -> list[str]:
    """Overrides of a cell that is trained and drawn in it."""
    return [f"train.mixed_precision='{precision}'", f"model.dtype={PRECISIONS[precision][1]}"]


def _in(spec: Spec, name: str) -> Spec:
    return replace(spec, folder=spec.folder / name)


def _spec(
    bench: Bench,
    training: Training,
    kind: str,
    precision: str,
    flags: Sequence[str] = (),
    fixed: bool = False,
    double: bool = False,
) -> Spec:
    words = [*bench.settings.overrides, *training.overrides, *words_of(precision), "train.state_every=0"]
    steps = bench.settings.equality_steps if fixed else ENDLESS
    script = script_path(bench.checkout, training.script) if kind == "script" and bench.checkout else None
    folder = folder_of(bench, training) / ("equality" if fixed else "timed")
    return Spec(kind, words, folder, steps, script, list(flags), fixed, double, bench.cores[-1:])


def folder_of(bench: Bench, training: Training) -> Path:
    return bench.work / training.what.replace(" ", "-")


def script_path(checkout: Path, script: str) -> Path:
    path = checkout / "examples" / script
    if not path.is_file():
        raise UserError(f"{path} is not there; name a checkout of huggingface/diffusers, e.g. PEER=~/diffusers")
    return path


def _sides(bench: Bench, training: Training) -> dict[str, Spec]:
    """By name: sdbench and the reference's best flags in each precision, the reference as it is by default."""
    kind = "script" if bench.checkout else "loop"
    made: dict[str, Spec] = {}
    for precision in bench.settings.precisions:
        title = PRECISIONS[precision][0]
        made[f"sdbench, {title}"] = _spec(bench, training, "ours", precision)
        made[f"{kind}, best flags, {title}"] = _spec(bench, training, kind, precision, training.flags)
        more = NO_FLAGS if bench.cores else [CHANNELS_LAST]
        said = " + ".join(flag.strip("-") for flag in more)
        made[f"{kind}, best flags + {said}, {title}"] = _spec(
            bench, training, kind, precision, [*training.flags, *more]
        )
    made[f"{kind}, defaults"] = _spec(bench, training, kind, "no")
    return {name: _in(spec, str(i)) for i, (name, spec) in enumerate(made.items())}


def _pairs(bench: Bench, names: list[str]) -> list[tuple[str, str, bool]]:
    """Ours, a reference, and whether the row's bound is asked of the pair: of the best flags in the same precision."""
    pairs = []
    for precision in bench.settings.precisions:
        title = PRECISIONS[precision][0]
        ours = f"sdbench, {title}"
        for name in names:
            if not name.startswith("sdbench") and (name.endswith(f", {title}") or name.endswith("defaults")):
                pairs.append((ours, name, "best flags, " in name))
    return pairs


def take(sides: dict[str, Side], warmup: int, steps: int, rounds: int) -> dict[str, list[Block]]:
    """Blocks of `steps` of every side, in turns, after each has warmed up."""
    for side in sides.values():
        if warmup:
            side.block(warmup)
    blocks: dict[str, list[Block]] = {name: [] for name in sides}
    for name in measure.order(list(sides), rounds):
        blocks[name].append(sides[name].block(steps))
    return blocks
