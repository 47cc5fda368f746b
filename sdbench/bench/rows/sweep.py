"""A sweep of LoRA end to end beside the reference's runs of the same arms one after the other, imports included.

The reference: a process for each arm, on all the cores, which trains with the script's best flags, draws the prompts
one at a time and scores them with sdbench's own metrics. sdbench: `sdbench run -m`, a worker of one thread for each
core, with its floor and ceiling rows, which the reference does not have. Both in the last of the bench's precisions.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from pathlib import Path

from sdbench import config
from sdbench.bench import measure as measuring
from sdbench.bench.measure import Block
from sdbench.bench.results import Found, line
from sdbench.bench.rows.base import PRECISIONS, script_path, words_of
from sdbench.bench.rows.lora_step import training
from sdbench.bench.settings import Bench
from sdbench.bench.side import Side, Spec
from sdbench.errors import UserError

UNKNOWN = math.nan  # processor time and memory of workers, which are nobody's children when they end


def measure(bench: Bench) -> Found:
    sweep = bench.settings.sweep
    blocks: dict[str, list[Block]] = {"ours": [], "reference": []}
    for turn, name in enumerate(measuring.order(list(blocks), sweep.rounds)):
        folder = bench.work / f"sweep-{turn}"
        blocks[name].append(ours(bench, folder) if name == "ours" else reference(bench, folder))
    kind, title = "script" if bench.checkout else "loop", PRECISIONS[bench.settings.precisions[-1]][0]
    here = (f"sdbench, {title}", blocks["ours"])
    run, all_of_them = len(_arms_of_reference(bench)), len(arms(bench))
    from_few = "" if run == all_of_them else f", extrapolated from {run} of them"
    there = (f"{kind}, best flags, one after the other{from_few}, {title}", blocks["reference"])
    what = f"sweep of {all_of_them} arms, end to end"
    return Found(lines=[line(what, here, there, "sweep", bench.must("sweep"))])


def arms(bench: Bench) -> list[list[str]]:
    """The overrides of each."""
    return config.expand(_words(bench))


def _words(bench: Bench) -> list[str]:
    sweep = bench.settings.sweep
    return [*bench.settings.overrides, *words_of(bench.settings.precisions[-1]), *sweep.overrides, *sweep.axes]


def ours(bench: Bench, folder: Path) -> Block:
    folder.mkdir(parents=True)
    cores, words = bench.cores, [*_words(bench), *bench.settings.sweep.ours, "study=bench"]
    if cores:
        words += ["hydra/launcher=workers", f"hydra.launcher.n_jobs={len(cores)}"]
    paths = os.pathsep.join([str(config.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    log = folder / "log.txt"
    began = time.perf_counter()
    with log.open("w") as file:
        done = subprocess.run(
            [sys.executable, "-m", "sdbench.cli", "run", "-m", *words], cwd=folder, stdout=file, stderr=file,
            env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
    if done.returncode:
        raise UserError(f"sdbench run of the bench ended with {done.returncode}: {log.read_text()[-500:]}")
    return Block(1, time.perf_counter() - began, UNKNOWN, UNKNOWN)


def reference(bench: Bench, folder: Path) -> Block:
    """Arm after arm, each until it has scored; of arms that are not run, the time of those after the first.

    What is done once, such as a prior's pictures, is the first one's.
    """
    seconds, blocks = list[float](), list[Block]()
    asked = training(bench)
    script = script_path(bench.checkout, asked.script) if bench.checkout else None
    run = _arms_of_reference(bench)
    for i, arm in enumerate(run):
        steps = config.compose_cell(arm).train.steps
        words = [*arm, f"threads={len(bench.cores)}"] if bench.cores else arm
        began = time.perf_counter()
        side = Side(Spec("arm", words, folder / str(i), steps, script, list(asked.flags), cores=bench.cores))
        blocks.append(side.block(1))
        side.end()
        seconds.append(time.perf_counter() - began)
    count = len(arms(bench))
    cpu_seconds = _of_all([b.cpu_seconds for b in blocks], count)
    return Block(1, _of_all(seconds, count), cpu_seconds, max(b.peak_bytes for b in blocks))


def _of_all(spent: list[float], count: int) -> float:
    """By so many arms, of which some were run."""
    later = spent[1:] or spent
    return sum(spent) + (count - len(spent)) * sum(later) / len(later)


def _arms_of_reference(bench: Bench) -> list[list[str]]:
    return arms(bench)[: bench.settings.sweep.reference_arms]
