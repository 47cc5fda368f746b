"""The worker as its supervisor sees it: a process that is started, asked, waited for and replaced. Never torch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from sdbench import allocator
from sdbench.rows import Row
from sdbench.sweep import cards

CAUSE_CHARACTERS = 300
GRACE_SECONDS = 2.0  # who kills this whole family has killed the supervisor too by then, and nothing false is recorded
Outcome = dict[str, Any]


class Worker:
    """A worker process and the connection to it. One for each supervising process, replaced when it dies."""

    current: Worker | None = None

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment, self.oom_kills = environment, 0
        self.connection, theirs = Pipe()
        command = [sys.executable, "-m", "sdbench.sweep.worker", str(theirs.fileno())]
        with log.open("a") as words:
            self.process = subprocess.Popen(
                command, env={**os.environ, **environment}, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=words, stderr=words,
            )  # fmt: skip
        theirs.close()

    @classmethod
    def for_row(cls, row: Row, log: Path) -> Worker:
        """The warm one, if it lives and its environment is the row's."""
        environment = _environment(row)
        if cls.current and (cls.current.process.poll() is not None or cls.current.environment != environment):
            cls.current.stop()
        cls.current = cls.current or cls(environment, log)
        return cls.current

    def run(
        self,
        rows: list[Row],
        train: bool,
        log: Path,
        folders: list[Path],
        limit_seconds: float | None,
        tell: Callable[[str], None],
    ) -> Outcome:
        """limit_seconds: of the rows' work; what a worker needs to start is not counted. folders: of the rows."""
        deadline, self.oom_kills = None, _oom_kills()
        previews = [folder / "previews" for folder in folders]
        try:
            self.connection.send({"rows": rows, "train": train, "log": log, "previews": previews})
            while self.connection.poll(max(0.0, deadline - time.monotonic()) if deadline else None):
                message = self.connection.recv()
                if "began" in message and limit_seconds:
                    deadline = time.monotonic() + limit_seconds
                if "outcome" in message:
                    outcome: Outcome = message["outcome"]
                    if outcome["status"] == "out_of_memory":
                        self.stop()  # what is left of its memory is in pieces
                    if outcome["status"] == "killed":  # one of the processes that shared the training
                        outcome["cause"] += self._oom_note(outcome["cause"])
                    return outcome
                if "now" in message:
                    tell(message["now"])
        except (EOFError, OSError):
            return {**self._death(log), "stages": {}}
        except BaseException:
            self.stop()  # interrupted: nobody will ask this worker for its answer
            raise
        self.stop()
        return {"status": "timed_out", "cause": f"ran longer than {limit_seconds:g} seconds", "stages": {}}

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.connection.close()
        Worker.current = None

    def _death(self, log: Path) -> dict[str, str]:
        code = self.process.wait()
        self.stop()
        if code < 0:
            time.sleep(GRACE_SECONDS)
            cause = f"killed by {signal.Signals(-code).name}"
            return {"status": "killed", "cause": cause + self._oom_note(cause)}
        last = next((line for line in reversed(log.read_text(errors="replace").splitlines()) if line.strip()), "")
        said = last[:CAUSE_CHARACTERS] if code == 1 else ""  # an uncaught exception's last line
        return {"status": "failed", "cause": said or f"the worker exited with code {code}"}

    def _oom_note(self, cause: str) -> str:
        oom = cause.endswith("SIGKILL") and _oom_kills() > self.oom_kills
        return ", by the kernel: out of memory" if oom else ""


def _environment(row: Row) -> dict[str, str]:
    """What a worker must be started with: its way with memory, threads, and of several cards free ones for itself."""
    wanted = allocator.environment(row.cell.device)
    if row.cell.threads:
        wanted["OMP_NUM_THREADS"] = str(row.cell.threads)
    if row.cell.deterministic:
        wanted["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # torch.use_deterministic_algorithms asks for it
    if row.cell.device == "cuda" and (mine := cards.take(row.cell.train.processes)):
        wanted["CUDA_VISIBLE_DEVICES"] = ",".join(mine)
    return wanted


def _oom_kills() -> int:
    """How often the kernel has killed for memory in this control group (cgroup v2)."""
    events = Path("/sys/fs/cgroup/memory.events")
    lines = events.read_text().splitlines() if events.is_file() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
