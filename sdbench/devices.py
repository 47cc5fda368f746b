"""Where a cell runs, worked out without torch: planning names the device and thread count that a key holds."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from sdbench.errors import UserError


def resolve(name: str, processes: int = 1) -> str:
    """The device that `auto` means on this machine; any other name as it is. processes: that share a training on it.

    Raises UserError where an accelerator is asked for of which the machine shows none, or fewer than processes.
    """
    cards = cuda_cards()
    apple = platform.system() == "Darwin" and platform.machine() == "arm64"
    if name == "auto":
        name = "cuda" if cards else "mps" if apple else "cpu"
    kind, _, index = name.partition(":")
    there = {"cpu": True, "mps": apple, "cuda": bool(cards) and (not index or int(index) < len(cards))}
    if not there[kind]:
        raise UserError(f"device is {name!r}, and this machine shows none such; set device=auto or device=cpu")
    if processes > 1 and (kind == "mps" or index):
        raise UserError(f"device is {name!r}, where train.processes can only be 1; set device=cuda for several cards")
    if processes > 1 and kind == "cuda" and len(cards) < processes:
        raise UserError(f"train.processes is {processes}, and this machine shows {len(cards)} cards; ask for no more")
    return name


def cuda_cards() -> list[str]:
    """The NVIDIA cards that this process may use, as CUDA_VISIBLE_DEVICES names them."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [card for card in visible.split(",") if card.strip() and card.strip() != "-1"]
    return [str(i) for i, _ in enumerate(sorted(Path("/dev").glob("nvidia[0-9]*")))]


def threads(wanted: int | None) -> int:
    """Threads of a process on the CPU: as wanted, else OMP_NUM_THREADS, else one for each core it may use."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return wanted or (int(said) if said.isdigit() and int(said) else len(cores()))


def cores() -> list[int]:
    """The numbers of the processor's cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
