"""Jobs of a sweep with early stopping: what a worker takes next, and what becomes of the cells that nobody takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sdbench.records import STOPPED
from sdbench.rows import Row
from sdbench.sweep import retention
from sdbench.sweep.claims import is_running
from sdbench.sweep.jobs import Job
from sdbench.sweep.ladder import Ladder


def outcome(cause: str) -> dict[str, Any]:
    """How a cell ends that is not run."""
    return {"status": STOPPED, "cause": cause, "stages": {}}


def joined(jobs: Iterable[list[Row]], ladder: Ladder) -> list[list[Row]]:
    """Jobs of trainings that compete with each other as one."""
    found: dict[str, list[Row]] = {}
    for number, rows in enumerate(jobs):
        place = ladder.places.get(rows[0].name)
        found.setdefault(place.group if place else str(number), []).extend(rows)
    return list(found.values())


def forget(job: Job) -> None:
    """Remove records of cells that are still to be run: of settings that were changed since, or of an earlier verdict.

    Only so do records alone say who has reached which rung.
    """
    for row in job.rows if job.ladder else []:
        (job.folder(row) / "cell.json").unlink(missing_ok=True)


def in_turn(job: Job) -> Iterator[Row]:
    """The job's rows as a worker is to run them; with early stopping what is next, asked anew after each.

    It ends where nothing is next but what other workers are at: whoever ends a row then asks again.
    """
    if job.ladder is None:
        yield from job.rows
        return
    tried: set[str] = set()
    while row := _next(job, tried):
        tried.add(row.name)
        yield row
        mine = [other for other in job.rows if _training(job, other) == _training(job, row)]
        if all(job.recorded(other) for other in mine if other.cell.train.steps == row.cell.train.steps):
            _let_go(job, mine, ended=False)  # before that its checkpoint is still to be drawn with


def _next(job: Job, tried: set[str]) -> Row | None:
    standing = job.standing()
    assert standing is not None
    rows = {row.name: row for row in job.rows}
    running = {_training(job, row) for row in job.rows if is_running(job.folder(row))}
    turns = (rows[cell] for cell in standing.turns() if cell in rows and cell not in tried)
    return next((row for row in turns if _training(job, row) not in running), None)


def settle(every: Job) -> None:
    """Record which of the study's cells end without having been run, and let go of weights as `train.keep` says."""
    standing = None if every.is_stopped() else every.standing()
    if standing is None or every.ladder is None:
        return
    causes = standing.stopped()
    trainings: dict[str, list[Row]] = {}
    for row in every.rows:
        if row.name in causes:
            every.record(row, outcome(causes[row.name]))
        if row.name in every.ladder.places:
            trainings.setdefault(_training(every, row), []).append(row)
    for rows in trainings.values():
        _let_go(every, rows, ended=all(every.recorded(row) for row in rows))


def _training(job: Job, row: Row) -> str:
    assert job.ladder is not None
    return job.ladder.places[row.name].training


def _let_go(job: Job, rows: Sequence[Row], ended: bool) -> None:
    """Of one training's weights, of which more may follow until it has ended."""
    rows = sorted(rows, key=lambda row: row.cell.train.steps)
    retention.apply(rows, [job.recorded(row) for row in rows], job.select, ended)
