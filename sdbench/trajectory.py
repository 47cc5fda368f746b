"""The resume state of a training: everything that step k needs and (seed, k) does not give.

A trajectory is one training run apart from where it stops. Its folder in the store holds the newest state, a
safetensors file whose name says its step and the hash of its bytes: a state that is torn or altered is not read.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

NAME = re.compile(r"state-(\d+)-([0-9a-f]{16})\.safetensors")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """After `step` steps. tensors: what learns, its optimizer's moments, losses and rates. facts: plain JSON."""

    step: int
    tensors: dict[str, torch.Tensor]
    facts: dict[str, Any]


class Trajectory:
    """The states of one training in `folder`, which whoever holds its claim may write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def step(self, at_most: int) -> int:
        """The step that training on to `at_most` would start from: 0 where there is no state to use."""
        return max((step for step, _ in self._found() if step <= at_most), default=0)

    def load(self, at_most: int) -> State | None:
        """The newest whole state of at most `at_most` steps."""
        from safetensors import safe_open

        for step, path in sorted(self._found(), reverse=True):
            if step > at_most:
                continue
            if path.stem.rpartition("-")[2] != _digest(path):
                log.warning("%s is damaged and is not used; training starts from before it", path)
                continue
            with safe_open(path, "pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.offset_keys()}
                return State(step, tensors, json.loads(file.metadata()["facts"]))
        return None

    @contextmanager
    def writing(self) -> Iterator[Callable[[State], None]]:
        """`save`, which copies a state and goes on while a thread puts the copy on the disk: one at a time.

        What fails in the thread is raised by the save after it, or where this ends, which waits for the thread; but an
        error that ends this stays itself.
        """
        with ThreadPoolExecutor(1, "state") as thread:
            writer = Writer(self, thread)
            yield writer.save
            writer.wait()

    def save(self, state: State) -> None:
        """Put `state` in place of the one before, which stays until this one is whole on the disk.

        A state that is further on stays, and this one is not kept: it came of a shorter run asked for later.
        """
        from safetensors.torch import save_file

        if any(step > state.step for step, _ in self._found()):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / ".state.part"
        save_file(state.tensors, part, metadata={"facts": json.dumps(state.facts)})
        path = self.folder / f"state-{state.step}-{_digest(part)}.safetensors"
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
        for _, older in self._found():
            if older != path:
                older.unlink()

    def _found(self) -> list[tuple[int, Path]]:
        names = ((NAME.fullmatch(path.name), path) for path in self.folder.glob("state-*"))
        return [(int(match[1]), path) for match, path in names if match]


class Writer:
    """Has a thread write copies of states. Memory holds one: it is written before the next is taken."""

    def __init__(self, trajectory: Trajectory, thread: ThreadPoolExecutor) -> None:
        self._trajectory, self._thread = trajectory, thread
        self._copies: dict[str, torch.Tensor] = {}
        self._written: Future[None] | None = None

    def save(self, state: State) -> None:
        """Its tensors may lie on any device, and change afterwards."""
        import torch

        self.wait()
        self._copies = {name: self._copy(name, tensor) for name, tensor in state.tensors.items()}
        for device in {tensor.device for tensor in state.tensors.values() if tensor.is_cuda}:
            torch.cuda.synchronize(device)  # here and not in the thread: the time it takes is no training
        self._written = self._thread.submit(self._trajectory.save, State(state.step, self._copies, state.facts))

    def wait(self) -> None:
        """Until what was saved is on the disk. Raises what went wrong with it."""
        if self._written is not None:
            self._written.result()

    def _copy(self, name: str, tensor: torch.Tensor) -> torch.Tensor:
        """In the memory of the copy before, whose pages are there already; pinned, where a GPU writes to it."""
        import torch

        host = self._copies.get(name)
        if host is None or host.shape != tensor.shape:
            host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=tensor.is_cuda)
        return host.copy_(tensor, non_blocking=tensor.is_cuda)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
