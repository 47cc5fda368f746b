"""What has become of a study's cells: a reader of `runs/<study>/`, while it runs and after. Never torch."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sdbench.errors import UserError, nearest
from sdbench.records import DONE, STOPPED
from sdbench.sweep.claims import is_running


@dataclass(frozen=True)
class CellStatus:
    """One cell. state: `waiting`, `running`, `interrupted`, or the status that its record says.

    cause: why it did not finish, or what it is at. retry: the command that runs what is left of it.
    """

    cell: str
    state: str
    cause: str | None
    log: str | None
    seconds: float | None
    retry: str | None


def read(study_name: str, runs: Path) -> list[CellStatus]:
    """Every cell of the study, in its order. Raises UserError where it never ran."""
    path = runs / study_name / "study.json"
    if not path.is_file():
        known = [found.parent.name for found in runs.glob("*/study.json")]
        raise UserError(f"study {study_name!r} has not run here: {path} is missing{nearest(study_name, known)}")
    study = json.loads(path.read_text())
    return [cell(path.parent / name, study["command"]) for name in study["cells"]]


def counts(cells: Iterable[CellStatus]) -> str:
    """`12 done, 1 diverged, 3 waiting`"""
    return ", ".join(f"{count} {state}" for state, count in Counter(one.state for one in cells).items())


def lines(cells: Iterable[CellStatus]) -> list[str]:
    """A line for each cell that is not simply done or waiting, with what to do about it."""
    said = []
    for one in cells:
        if one.state in ("done", "waiting"):
            continue
        said.append(f"{one.cell}: {one.state}{f' ({one.cause})' if one.cause else ''}")
        said += [f"    log    {one.log}"] if one.log else []
        said += [f"    retry  {one.retry}"] if one.retry else []
    return said


def as_json(cells: Iterable[CellStatus]) -> str:
    return json.dumps([asdict(one) for one in cells], indent=1)


def cell(folder: Path, command: str) -> CellStatus:
    """The state of one cell; `command` is the one that runs its study."""
    record, state = folder / "cell.json", folder / "state.json"
    retry = f"{command} --only {folder.name}"
    if record.is_file():
        said = json.loads(record.read_text())
        again = None if said["status"] in (*DONE, STOPPED) else retry
        return CellStatus(folder.name, said["status"], said["cause"], said.get("log"), said.get("seconds"), again)
    with contextlib.suppress(FileNotFoundError):  # it is removed the moment the cell ends
        said = json.loads(state.read_text())
        running = is_running(folder)
        return CellStatus(
            folder.name, "running" if running else "interrupted", said["what"], said["log"], None,
            None if running else retry,
        )  # fmt: skip
    return CellStatus(folder.name, "waiting", None, None, None, retry)
