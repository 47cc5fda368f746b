"""The process of one kind of tracker: records come in as JSON lines, a byte goes out for each that is mirrored.

    python -m sdbench.trackers.base KIND SETTINGS RUNS

What raises ends it, its traceback the last words. Once nobody sends any more it finishes what it has, and ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from sdbench.trackers.base import Mirror, reading


def main() -> None:
    kind, settings, runs = sys.argv[1:]
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    module = importlib.import_module(f"sdbench.trackers.{kind}")
    tracker = module.create(module.Settings(**json.loads(settings)))
    for line in sys.stdin:
        if line.endswith("\n"):  # else its sender died in the middle of it
            record = json.loads(line)
            show(tracker, record, Path(runs) / record["study"] / f".{kind}")
            with contextlib.suppress(BrokenPipeError):  # nobody waits for the answer
                os.write(answers, b".")


def show(tracker: Mirror, record: dict[str, Any], folder: Path) -> None:
    """Write each stage of a cell that `folder` does not have in the same form."""
    for stage, made in reading.stages(record).items():
        mark = folder / "mirrored" / record["cell"] / stage
        mark.parent.mkdir(parents=True, exist_ok=True)
        said = json.dumps([tracker.target, record["status"], record["cause"], made])
        with mark.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if file.read() != said:
                tracker.write(reading.read(record, stage), folder)
                file.truncate(0)
                file.write(said)


if __name__ == "__main__":
    main()
