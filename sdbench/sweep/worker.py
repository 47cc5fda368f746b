"""The process that trains, draws and scores. It stays warm from cell to cell, and may die: its supervisor lives on.

    python -m sdbench.sweep.worker FD     rows come in and outcomes go out through the connection of that descriptor

What a cell prints goes to its log. A cell that raises ends the process, its traceback the last words of the log.
"""

from __future__ import annotations

import functools
import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sdbench.backbones.base import NotLoaded
from sdbench.errors import StoreError, UserError
from sdbench.rows import Row
from sdbench.store import Store

UNREAD = (pickle.UnpicklingError, AttributeError, ImportError, IndexError, TypeError)  # of another version's rows
TELL_EVERY = 0.5  # seconds between words on progress


def main() -> None:
    connection = Connection(int(sys.argv[1]))
    for said in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(said, signal.SIG_IGN)  # Ctrl-C and Slurm tell every process: what it means is the supervisor's
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, requests), daemon=True).start()
    while True:
        request = requests.get()
        _log_to(request["log"])
        connection.send({"outcome": run(request["rows"], request["previews"], request["train"], connection)})


def run(rows: list[Row], previews: list[Path], train: bool, connection: Connection) -> dict[str, Any]:
    """{"status", "cause", "stages"}: what is wrong with the input, the disk or the memory is said in its own words.

    Of a row all that is missing is made; with `train` its training alone, and of several rows, which are of one pack,
    their trainings and images.
    """
    import torch  # slow to load, once a process: not the row's work

    from sdbench import parallel, pipeline

    tell, of_grid = _Teller(connection), train and len(rows) == 1
    if not of_grid:
        _let_go()
    connection.send({"began": True})
    try:
        store = Store(rows[0].cell.store)
        if of_grid:
            pipeline.train(rows[0], store, previews[0], tell, _warm())
            return {"status": "done", "cause": None, "stages": {}}
        if not train:
            return pipeline.run(rows[0], store, previews[0], tell)
        pipeline.train_together(rows, store, previews, tell)
        return {"status": "done", "cause": None, "stages": {}}
    except torch.OutOfMemoryError as error:
        return {"status": "out_of_memory", "cause": f"out of memory: {str(error).splitlines()[0]}", "stages": {}}
    except parallel.Killed as error:
        return {"status": "killed", "cause": str(error), "stages": {}}
    except (UserError, StoreError) as error:
        traceback.print_exc()  # into the log, with what a library said at length
        cause = " ".join(str(error).split())
        return {"status": "failed", "cause": cause, "stages": {}, "no_base": isinstance(error, NotLoaded)}


@functools.cache
def _warm() -> Any:
    """The training that this process keeps from one checkpoint to the next."""
    from sdbench.trained import Warm

    return Warm()


def _let_go() -> None:
    """Other work wants its memory. A state that cannot be written costs steps to who trains on, and no result."""
    try:
        _warm().leave()
    except StoreError:
        traceback.print_exc()


class _Teller:
    """Says what is being worked on, not more often than somebody reads."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.said = connection, 0.0

    def __call__(self, what: str) -> None:
        now = time.monotonic()
        if now - self.said >= TELL_EVERY:
            self.said = now
            self.connection.send({"now": what})


def _listen(connection: Connection, requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Whoever asked is gone, so nobody will read the answer: the work in hand is dropped, the store keeps the rest."""
    try:
        while True:
            requests.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)
    except UNREAD:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # its last words are the cause that the supervisor records


def _log_to(path: Path) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


if __name__ == "__main__":
    main()
