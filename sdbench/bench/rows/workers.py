"""Two workers of one thread each beside one process of two threads, at the same training steps."""

from __future__ import annotations

import time
from dataclasses import replace

from sdbench.bench import measure as measuring
from sdbench.bench.measure import Block
from sdbench.bench.results import Found, Line, line
from sdbench.bench.rows.base import ENDLESS, PRECISIONS, words_of
from sdbench.bench.rows.lora_step import training
from sdbench.bench.settings import Bench
from sdbench.bench.side import Side, Spec, running


def measure(bench: Bench) -> Found:
    if len(bench.cores) < 2:
        return Found(notes=["two workers: not measured, as there is one core or an accelerator"])
    return Found(lines=[_line(bench, precision) for precision in bench.settings.precisions])


def _line(bench: Bench, precision: str) -> Line:
    settings, cores, title = bench.settings, bench.cores[:2], PRECISIONS[precision][0]
    words = [*settings.overrides, *training(bench).overrides, *words_of(precision)]
    one = Spec("ours", [*words, "threads=2"], bench.work / "workers" / precision / "one", ENDLESS, cores=cores)
    two = {
        f"worker {core}": replace(one, overrides=words, folder=one.folder.parent / str(core), cores=[core])
        for core in cores
    }
    with running({"one": one, **two}) as sides:
        alone, workers = [sides["one"]], [sides[name] for name in two]
        together(alone, 2 * settings.warmup_steps)
        together(workers, settings.warmup_steps)
        blocks: dict[str, list[Block]] = {"one": [], "two": []}
        for name in measuring.order(["two", "one"], settings.rounds):
            who, steps = (workers, 1) if name == "two" else (alone, 2)
            blocks[name].append(together(who, steps * settings.block_steps))
    ours = (f"two workers of one thread, {title}", blocks["two"])
    reference = (f"one process of two threads, {title}", blocks["one"])
    return line("two workers, LoRA steps", ours, reference, "step", bench.must("workers"))


def together(sides: list[Side], steps: int) -> Block:
    """The same number of steps of every side at a time: until the last has ended; memory and processor time of all."""
    began = time.perf_counter()
    for side in sides:
        side.start(steps)
    blocks = [side.wait() for side in sides]
    seconds = time.perf_counter() - began
    cpu_seconds, peak_bytes = sum(b.cpu_seconds for b in blocks), sum(b.peak_bytes for b in blocks)
    return Block(steps * len(sides), seconds, cpu_seconds, peak_bytes)
