"""Work for processes that share it, in which one fails. Of its own, so that they start fast."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import torch


class Fatal(Exception):
    """Aborts the process once it has been told of, as gloo may on the way out."""

    told = False

    def __str__(self) -> str:
        if self.told:
            os.abort()
        self.told = True
        return "gone"


def fails(how: str, folder: Path, tell: Callable[[str], None]) -> None:
    """The second process ends in some way while the first waits for it; both leave their ids."""
    rank = os.environ["RANK"]
    (folder / rank).write_text(str(os.getpid()))
    torch.distributed.all_reduce(torch.zeros(1))
    if how == "hangs":
        time.sleep(600)
    if rank == "1" and how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if rank == "1" and how == "memory":
        raise torch.OutOfMemoryError("no 5 GB left")
    if rank == "1" and how == "bug":
        raise KeyError("gone")
    if rank == "1" and how == "fatal":
        raise Fatal
    torch.distributed.all_reduce(torch.zeros(1))
