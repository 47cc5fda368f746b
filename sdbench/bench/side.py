"""One side of a comparison: a process of its own that pauses between blocks, so that sides can take turns."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sdbench import allocator, provenance
from sdbench.bench.measure import Block
from sdbench.errors import UserError

PRE_COMPUTE = "--pre_compute_text_embeddings"
CHANNELS_LAST = "--channels_last"  # no flag of the scripts, but one line of code for whoever changes them
ALLOCATOR = "--allocator"  # nor this: sdbench.allocator's variables, which its own workers are started with
NO_FLAGS = (CHANNELS_LAST, ALLOCATOR)
REFERENCES = ("script", "loop", "arm")  # kinds that are none of sdbench's own


@dataclass(frozen=True)
class Spec:
    """What a side is to run. kind: module of sdbench.bench.sides. overrides: of conf/, the cell that is trained.

    folder: its own, for whatever it writes. script, flags: of diffusers' own scripts. steps: after which it ends.
    fixed: the step's noise, timesteps, batches and posterior samples are those that sdbench draws. double: in double
    precision. cores: of the CPU, to each of which it has a thread; none where it is not pinned.
    """

    kind: str
    overrides: list[str]
    folder: Path
    steps: int
    script: Path | None = None
    flags: list[str] = field(default_factory=list)
    fixed: bool = False
    double: bool = False
    cores: list[int] = field(default_factory=list)


class Stopped(Exception):
    """Whoever asked has seen enough."""


class Pace:
    """Within the process of a side: told of every step, it waits wherever a block ends."""

    def __init__(self, connection: Connection, began: float, last: int | None) -> None:
        """began: on the clock of `time.perf_counter`. last: the step after which it is over."""
        self.connection, self.mark, self.last = connection, began, last
        self.once: dict[str, float] = {}  # one-off costs in seconds, by name
        self.losses: list[float] = []
        self.wanted, self.done = 0, 0

    def spent(self, name: str) -> None:
        """What was done since the last such call is a one-off cost."""
        now = time.perf_counter()
        self.once[name] = self.once.get(name, 0.0) + now - self.mark
        self.mark = now

    def ready(self) -> None:
        """The next thing is a step: told with the one-off costs.

        From here on memory is counted, until what a side runs counts it anew: a training on a GPU, a stage of a store.
        """
        reset_peak()  # once: what a CUDA graph computes in shows while it is captured, and in no replay
        self.connection.send({"once": self.once})
        self._wait()

    def step(self, loss: float | None = None) -> None:
        """A step is over. Raises Stopped where no more are wanted."""
        if loss is not None:
            self.losses.append(loss)
        self.done += 1
        if len(self.losses) == self.last:
            raise Stopped
        if self.done == self.wanted:
            self._send()
            self._wait()

    def _send(self) -> None:
        synchronize()
        seconds, cpu_seconds = time.perf_counter() - self.clock, time.process_time() - self.cpu_clock
        self.connection.send({"block": Block(self.done, seconds, cpu_seconds, peak_bytes())})

    def _wait(self) -> None:
        self.wanted, self.done = self.connection.recv(), 0
        if not self.wanted:
            raise Stopped
        self.clock, self.cpu_clock = time.perf_counter(), time.process_time()


class Side:
    """The parent's end of a side. Raises UserError with the side's last words where it dies."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.log = spec, spec.folder / "log.txt"
        spec.folder.mkdir(parents=True, exist_ok=True)
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_main, args=(spec, theirs, time.perf_counter()), daemon=True)
        with _variables(spec):
            self.process.start()
        theirs.close()
        self.once: dict[str, float] = self.answer()["once"]

    def block(self, steps: int) -> Block:
        self.start(steps)
        return self.wait()

    def start(self, steps: int) -> None:
        self.connection.send(steps)

    def wait(self) -> Block:
        block: Block = self.answer()["block"]
        return block

    def end(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.connection.send(0)
        self.process.join()

    def answer(self) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self.connection.recv()
        except EOFError:
            self.process.join()
            last = " / ".join([line for line in self.log.read_text().splitlines() if line.strip()][-3:])
            raise UserError(f"the side {self.spec.kind!r} of the bench ended: {last}") from None
        return answer


@contextlib.contextmanager
def _variables(spec: Spec) -> Iterator[None]:
    """Those of the environment that a side is started with."""
    asked = bool(spec.cores) and (spec.kind not in REFERENCES or ALLOCATOR in spec.flags)
    added = allocator.environment("cpu") if asked else {}
    if spec.cores:
        added["CUDA_VISIBLE_DEVICES"] = ""  # a script would take a card, and memory would be that of the card
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            del os.environ[name]
            os.environ.update({name: value} if value is not None else {})


Losses = Callable[[Spec], list[float]]


def losses_of(spec: Spec) -> list[float]:
    """Let a side run to its own end: the loss of each step."""
    side = Side(spec)
    side.connection.send(spec.steps + 1)
    losses: list[float] = side.answer()["losses"]
    side.process.join()
    return losses


@contextlib.contextmanager
def running(specs: dict[str, Spec]) -> Iterator[dict[str, Side]]:
    """All sides, each up to its first step; one after the other, so that what each loads is timed alone."""
    sides: dict[str, Side] = {}
    try:
        for name, spec in specs.items():
            sides[name] = Side(spec)
        yield sides
    finally:
        for side in sides.values():
            side.end()


def synchronize() -> None:
    """Wait for an accelerator's work; nothing elsewhere."""
    import torch

    if torch.cuda.is_initialized():
        torch.cuda.synchronize()


def forget() -> None:
    """Give back the accelerator's memory that is not in use: other processes want it."""
    import torch

    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def peak_bytes() -> int:
    """The most memory held since `reset_peak`: the accelerator's where one is in use, else resident."""
    import torch

    return int(torch.cuda.max_memory_allocated()) if torch.cuda.is_initialized() else provenance.peak_rss_bytes()


def reset_peak() -> None:
    import torch

    if torch.cuda.is_initialized():
        torch.cuda.reset_peak_memory_stats()
    provenance.reset_peak()


def _main(spec: Spec, connection: Connection, began: float) -> None:
    """The process of a side. Its words go to its log; what it prints is nobody's result."""
    with (spec.folder / "log.txt").open("a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    if spec.cores:
        os.environ["OMP_NUM_THREADS"] = str(len(spec.cores))
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, spec.cores)
    os.environ["HF_HUB_OFFLINE"] = "1"
    pace = Pace(connection, began, spec.steps if spec.fixed else None)
    run(spec, pace)


def _exact() -> None:
    """Products in single precision are in single precision, and come out again the same."""
    import torch

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.deterministic = True


def run(spec: Spec, pace: Pace) -> None:
    """All of a side, in this process: at the end it tells its losses."""
    if spec.fixed:
        _exact()
    with contextlib.suppress(Stopped):
        importlib.import_module(f"sdbench.bench.sides.{spec.kind}").run(spec, pace)
    pace.connection.send({"losses": pace.losses})
