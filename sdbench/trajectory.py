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


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
