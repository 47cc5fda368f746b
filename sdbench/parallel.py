"""Several processes for one training, each with its share of every batch: data parallel, on one machine.

They are started here, and on Linux never outlive who started them, who holds the claims on what they write.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

import torch
from torch.multiprocessing import _prctl_pr_set_pdeathsig  # type: ignore[attr-defined]

from sdbench.errors import StoreError, UserError

if TYPE_CHECKING:
    from accelerate import Accelerator

BUCKET_BYTES = 64 << 20  # of gradients that are added up at once: a copy of all of them would not fit beside SDXL's
GRACE_SECONDS = 2.0  # where one process fails, the others soon miss it: so long it is asked who was the first
PATIENCE = timedelta(hours=1)  # of a process while the first one writes or draws; who has died is noticed at once
TOLD = (UserError, StoreError, torch.OutOfMemoryError)  # what a process raises comes out of `run` as it is
Work = Callable[[Callable[[str], None]], None]  # given who is told what is being worked on


class Killed(Exception):
    """One of the processes was ended by a signal."""


@dataclass(frozen=True)
class Place:
    """What a process is among the others. meeting: a file by which they find each other."""

    rank: int
    processes: int
    device: str
    meeting: str
    threads: int
    deterministic: bool


def run(work: Work, processes: int, device: str, tell: Callable[[str], None]) -> None:
    """Call `work` in so many processes, to which accelerate then says who they are; the first one's words are told.

    work: to be pickled. device: `cuda`, of which process i takes the i-th card, or `cpu`. Threads and determinism are
    this process's. As soon as one process fails all are ended: raises what it raised where that is in TOLD, Killed
    where a signal ended it, else a RuntimeError with its words. Raises UserError where there are fewer cards.
    """
    if device == "cuda":
        _check_cards(processes)
        torch.cuda.empty_cache()  # theirs, not ours, is what the first card has to hold
    spawning = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="sdbench-") as folder:
        about = (device, f"{folder}/meeting", torch.get_num_threads(), torch.are_deterministic_algorithms_enabled())
        pipes = [spawning.Pipe(duplex=False) for _ in range(processes)]
        started = [
            spawning.Process(
                target=_process, name=f"process {rank}", args=(Place(rank, processes, *about), work, theirs)
            )
            for rank, (_, theirs) in enumerate(pipes)
        ]
        try:
            for process, (_, theirs) in zip(started, pipes, strict=True):
                process.start()
                theirs.close()  # so that ours ends with the process
            failures = _failures({ours: p for p, (ours, _) in zip(started, pipes, strict=True)}, tell)
        finally:
            for process in started:
                if process.pid is not None:
                    process.kill()  # none heeds a gentler signal while it waits for another
                    process.join()
    if failures:
        raise min(failures, key=lambda failure: failure[:2])[2]


def _check_cards(processes: int) -> None:
    torch.cuda.init()  # by which the provenance knows that cards are used, and counts their energy
    if (found := torch.cuda.device_count()) < processes:
        raise UserError(
            f"train.processes is {processes}, and there are {found} cards here; ask for as many, "
            f"or set train.processes={found}"
        )


Failure = tuple[int, float, Exception]  # how little it explains, when it was, and what to raise


def _failures(ranks: dict[Connection, Any], tell: Callable[[str], None]) -> list[Failure]:
    """Empty where all processes did their work. ranks: what each says, and the process.

    How a process ended that has said why is nothing more: gloo may abort it on its way out.
    """
    count, found, told = len(ranks), list[Failure](), set[Connection]()
    while ranks and not any(explains < 2 for explains, *_ in found):
        left = found[0][1] + GRACE_SECONDS - time.time() if found else None
        ready = [one for one in wait(list(ranks), left) if isinstance(one, Connection)]
        if not ready or (left is not None and left < 0):
            break
        for connection in ready:
            try:
                said = connection.recv()
            except EOFError:
                process = ranks.pop(connection)
                found += [] if connection in told else _ended(process, count)
                continue
            if isinstance(said, str):
                tell(said)
            else:
                found.append(said)
                told.add(connection)
    return found


def _ended(process: Any, count: int) -> Iterator[Failure]:
    """Nothing of a process that did its work."""
    process.join()
    who = f"{process.name} of {count}"
    if process.exitcode < 0:
        yield 1, time.time(), Killed(f"{who} was killed by {signal.Signals(-process.exitcode).name}")
    elif process.exitcode:
        yield 3, time.time(), RuntimeError(f"{who} ended with code {process.exitcode}")


def _process(place: Place, work: Work, said: Connection) -> None:
    """What each process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C tells every process: what it means is the starter's
    _prctl_pr_set_pdeathsig(signal.SIGKILL)  # Linux: claims that end with the starter are no more written under
    starter = multiprocessing.parent_process()
    if starter is None or not starter.is_alive():  # since before that was said
        return
    try:
        _join(place)
        work(said.send if place.rank == 0 else _nobody)
        torch.distributed.destroy_process_group()
    except Exception as error:
        told = isinstance(error, TOLD)
        said.send((0 if told else 2, time.time(), error if told else RuntimeError(f"{type(error).__name__}: {error}")))
        raise


def _nobody(what: str) -> None:
    """Hears what the other processes are at, which is the same."""


def _join(place: Place) -> None:
    """Meet the others, and be set as the starter is."""
    os.environ.update(
        RANK=str(place.rank), LOCAL_RANK=str(place.rank), WORLD_SIZE=str(place.processes),
        LOCAL_WORLD_SIZE=str(place.processes), OMP_NUM_THREADS=str(place.threads),
    )  # fmt: skip
    torch.set_num_threads(place.threads)
    torch.use_deterministic_algorithms(place.deterministic)
    if place.device == "cuda":
        torch.cuda.set_device(place.rank)
    torch.distributed.init_process_group(
        "nccl" if place.device == "cuda" else "gloo", init_method=f"file://{place.meeting}",
        rank=place.rank, world_size=place.processes, timeout=PATIENCE,
    )  # fmt: skip


def share(rows: int, accelerator: Accelerator) -> range:
    """This process's among so many rows of a batch, which the processes divide evenly."""
    mine = rows // accelerator.num_processes
    return range(accelerator.process_index * mine, (accelerator.process_index + 1) * mine)


def add_gradients(parameters: Sequence[torch.nn.Parameter], accelerator: Accelerator) -> None:
    """Each gradient becomes its sum over the processes, the same bits in all of them."""
    if accelerator.num_processes == 1:
        return
    for bucket in _buckets([p.grad for p in parameters if p.grad is not None]):
        flat = accelerator.reduce(torch.cat([gradient.flatten() for gradient in bucket]), "sum")
        for gradient, summed in zip(bucket, flat.split([g.numel() for g in bucket]), strict=True):
            gradient.copy_(summed.view_as(gradient))


def _buckets(gradients: Sequence[torch.Tensor]) -> Iterator[list[torch.Tensor]]:
    bucket: list[torch.Tensor] = []
    for gradient in gradients:
        if bucket and sum(g.nbytes for g in bucket) + gradient.nbytes > BUCKET_BYTES:
            yield bucket
            bucket = []
        bucket.append(gradient)
    if bucket:
        yield bucket
