"""A grid of training steps beside its longest training alone: what checkpoints cost that share a trajectory."""

from __future__ import annotations

from sdbench.bench.results import Found, line
from sdbench.bench.rows.base import PRECISIONS, take, words_of
from sdbench.bench.rows.lora_step import training
from sdbench.bench.settings import Bench
from sdbench.bench.side import Spec, running


def measure(bench: Bench) -> Found:
    grid, found = bench.settings.grid, Found()
    for precision in bench.settings.precisions:
        title = PRECISIONS[precision][0]
        specs = {
            f"{name}, {title}": _spec(bench, precision, checkpoints)
            for name, checkpoints in ((f"{grid.checkpoints} checkpoints", grid.checkpoints), ("the longest alone", 1))
        }
        with running(specs) as sides:
            blocks = take(sides, 0, 1, grid.rounds)
        ours, reference = ((name, blocks[name]) for name in specs)
        what = f"grid of {grid.checkpoints} up to {grid.steps} steps"
        found.lines.append(line(what, ours, reference, "grid", bench.must("steps_grid")))
    return found


def _spec(bench: Bench, precision: str, checkpoints: int) -> Spec:
    words = [*bench.settings.overrides, *training(bench).overrides, *words_of(precision)]
    folder = bench.work / "steps_grid" / f"{precision}-{checkpoints}"
    return Spec("checkpoints", words, folder, bench.settings.grid.steps, flags=[str(checkpoints)],
                cores=bench.cores[-1:])  # fmt: skip
