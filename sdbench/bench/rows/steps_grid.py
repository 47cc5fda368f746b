"""A grid of training steps beside its longest training alone: what checkpoints cost that share a trajectory."""

from __future__ import annotations

from sdbench.bench.results import Found, line
from sdbench.bench.rows.base import take
from sdbench.bench.rows.lora_step import training
from sdbench.bench.settings import Bench
from sdbench.bench.side import Spec, running


def measure(bench: Bench) -> Found:
    grid, words = bench.settings.grid, [*bench.settings.overrides, *training(bench).overrides]
    specs = {
        title: Spec("checkpoints", words, bench.work / "steps_grid" / str(n), grid.steps, flags=[str(n)],
                    cores=bench.cores[-1:])
        for title, n in ((f"{grid.checkpoints} checkpoints", grid.checkpoints), ("the longest alone", 1))
    }  # fmt: skip
    with running(specs) as sides:
        blocks = take(sides, 0, 1, grid.rounds)
    ours, reference = ((name, blocks[name]) for name in specs)
    what = f"grid of {grid.checkpoints} up to {grid.steps} steps"
    return Found(lines=[line(what, ours, reference, "grid", bench.must("steps_grid"))])
