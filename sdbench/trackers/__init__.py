"""Mirrors of what was recorded, for those who watch elsewhere. The record itself never depends on one.

Each kind of tracker works in a process of its own, and keeps it from job to job. One that fails warns once.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CLOSE_SECONDS = 60.0
CAUSE_CHARACTERS = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tracker:
    """What a supervisor tells of cells. Never raises for a tracker's troubles, and waits only where it is closed."""

    processes: tuple[Process, ...]

    def mirror(self, record: Mapping[str, Any]) -> None:
        """Show a cell, as its cell.json has it; a second time is no second run."""
        line = json.dumps({**record, "store": str(Path(record["store"]).resolve())}).encode() + b"\n"
        for process in self.processes:
            process.tell(line)

    def close(self) -> None:
        """Wait, CLOSE_SECONDS at most, until all that was told is mirrored. Processes stay for the next job."""
        deadline = time.monotonic() + CLOSE_SECONDS
        for process in self.processes:
            process.finish(deadline)


def create(settings: Mapping[str, Any], runs: Path) -> Tracker:
    """The trackers of a cell: kind -> its settings, none where that is empty. They write to `runs/<study>/.<kind>/`."""
    return Tracker(tuple(_process(kind, own, runs.resolve()) for kind, own in settings.items()))


class Process:
    """A kind's process: it is sent a line for each record, and sends back a byte for each that it has mirrored."""

    def __init__(self, kind: str, settings: Any, runs: Path) -> None:
        self.kind, self.unsent, self.unanswered = kind, b"", 0
        self.process: subprocess.Popen[bytes] | None = None
        command = [sys.executable, "-m", "sdbench.trackers.base", kind, json.dumps(asdict(settings)), str(runs)]
        try:
            self.words = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the last word on the process)
            self.process = subprocess.Popen(
                command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.words, process_group=0
            )  # a group of its own: Ctrl-C means the supervisor, who decides what an interruption means
        except OSError as error:
            self._lose(str(error))
        else:
            self.records, self.answers = (pipe.fileno() for pipe in (self.process.stdin, self.process.stdout) if pipe)
            os.set_blocking(self.records, False)
            os.set_blocking(self.answers, False)

    def tell(self, line: bytes) -> None:
        """Send a record, or keep it for later where the process is busy."""
        if self.process:
            self.unsent, self.unanswered = self.unsent + line, self.unanswered + 1
            self._exchange()

    def finish(self, deadline: float) -> None:
        """Wait until nothing is unanswered."""
        self._exchange()
        while self.process and self.unanswered:
            if time.monotonic() > deadline:
                self._lose(f"not done with {self.unanswered} cells after {CLOSE_SECONDS:g} seconds")
            time.sleep(0.01)
            self._exchange()

    def _exchange(self) -> None:
        """Send and hear what can be without waiting."""
        if not self.process:
            return
        try:
            with contextlib.suppress(BlockingIOError):
                self.unsent = self.unsent[os.write(self.records, self.unsent) :]
            with contextlib.suppress(BlockingIOError):
                heard = os.read(self.answers, 1 << 16)
                self.unanswered -= len(heard)
                if not heard:
                    self._lose(self._death(self.process))
        except BrokenPipeError:
            self._lose(self._death(self.process))

    def _lose(self, cause: str) -> None:
        """Say so, this once; what still lives of it sees the end of its records, and ends by itself."""
        log.warning("the tracker %s stopped (%s); the record goes on without it", self.kind, cause)
        if self.process and self.process.stdin:
            self.process.stdin.close()
        self.process = None

    def _death(self, process: subprocess.Popen[bytes]) -> str:
        process.kill()  # of a process that is dead, or as good as
        code = process.wait()
        self.words.seek(0)
        said = _last_words(self.words.read().decode(errors="replace"))[:CAUSE_CHARACTERS]
        return said or (f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}")


def _last_words(said: str) -> str:
    """The line that names the exception, which may have more lines; without a traceback, the last line."""
    _, traceback, after = said.rpartition("Traceback (most recent call last):\n")
    lines = [line for line in after.splitlines() if line.strip() and not (traceback and line.startswith(" "))]
    return lines[0 if traceback else -1].strip() if lines else ""


@functools.cache
def _process(kind: str, settings: Any, runs: Path) -> Process:
    """The one of this supervisor: what it has imported, and that it has failed, stays from job to job."""
    return Process(kind, settings, runs)
