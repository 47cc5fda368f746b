"""From a plan to records: jobs are written down, handed to a launcher, watched, and counted at the end. Never torch."""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import shlex
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sdbench import trackers
from sdbench.errors import UserError, nearest
from sdbench.progress import Watch
from sdbench.records import FAILED, STOPPED
from sdbench.rows import Row
from sdbench.store import Store
from sdbench.sweep import status, stopping
from sdbench.sweep.jobs import RUNS, Job, Options, check_writable, externals, write_json
from sdbench.sweep.plan import Plan, text
from sdbench.sweep.supervise import LAUNCHER

LAUNCHES = 10  # a launcher that loses workers is asked again for what they left, so often at most
POLL_SECONDS = 0.5
LOST = {  # what launchers raise where a worker or a node is gone
    "joblib.externals.loky.process_executor": ("BrokenProcessPool",),
    "ray.exceptions": (
        "WorkerCrashedError",
        "NodeDiedError",
        "LocalRayletDiedError",
        "ObjectLostError",
        "OutOfMemoryError",
    ),
    "submitit.core.utils": ("FailedJobError", "UncompletedJobError"),
}
Launch = Callable[[list[Path]], Any]

log = logging.getLogger(__name__)


def sweep(plan: Plan, options: Options, launch: Launch, only: Sequence[str] = ()) -> int:
    """Run what is missing of the plan's rows and record it under `runs/<study>/`: the number of cells not finished.

    launch: hands files of jobs to workers and returns once they have ended. only: names of cells, where not all are
    wanted. Raises UserError for a name that is none, StoreError where records cannot be written.
    """
    names = [row.name for row in plan.rows]
    for name in only:
        if name not in names:
            raise UserError(f"--only {name}: study {plan.study.name} has no such cell{nearest(name, names)}")
    about = {key: getattr(plan.study, key) for key in ("name", "question", "published", "select", "tables")}
    about |= {"early_stopping": asdict(plan.ladder.settings)} if plan.ladder else {}
    check_writable(RUNS / plan.study.name)
    log.info("%s", text(plan.summary()))
    _tell_of_others(plan.study.name, names)
    write_json(
        RUNS / plan.study.name / "study.json",
        {**about, "command": command(), "cells": [*names, *externals(plan.study.name)]},
    )
    every = _job(plan, options, plan.rows)
    mirror = trackers.create(plan.rows[0].cell.tracker, RUNS)
    for row, outcome in zip(plan.rows, plan.outcomes, strict=True):
        if outcome is not None:
            record = every.record(row, outcome)
            if outcome["status"] != STOPPED:  # of which there is nothing to show
                mirror.mirror(record)
    mirror.close()
    jobs = [_job(plan, options, [r for r in rows if not only or r.name in only], every.sweep) for rows in plan.jobs]
    folder = RUNS / plan.study.name / ".jobs"
    files = {folder / f"{every.sweep}-{i}.json": job for i, job in enumerate(jobs) if job.rows}
    with _watched(plan.study.name, [row.name for job in files.values() for row in job.rows]):
        for job in files.values():
            stopping.forget(job)
        _launch(files, launch)
        stopping.settle(every)
    for place in {Path(row.cell.store) for row in plan.rows}:
        Store(place).remove_stale()
    cells = [cell for cell in status.read(plan.study.name, RUNS) if not only or cell.cell in only]
    for line in status.lines(cells):
        log.info("%s", line)
    if every.is_stopped() and (waiting := sum(cell.state == "waiting" for cell in cells)):
        log.warning("the sweep ended there: %d cells wait for the command to be repeated", waiting)
    return sum(cell.state not in ("done", STOPPED) for cell in cells)


def _tell_of_others(study: str, names: list[str]) -> None:
    """A study is what its last command says: what an earlier one said is kept, and no longer shown."""
    path = RUNS / study / "study.json"
    before = json.loads(path.read_text())["cells"] if path.is_file() else []
    if gone := [name for name in before if name not in (*names, *externals(study))]:
        others = f"study {study} had {len(gone)} other cells ({gone[0]}, ..), which its report leaves out from now on"
        log.warning("%s; to have both, sweep over both in one command, or give one another study=", others)


def command() -> str:
    """What a person types to do this again: what is finished is not made anew."""
    words = iter(sys.argv[1:])
    return shlex.join(["sdbench", *(word for word in words if word != "--only" or not next(words))])


def _job(plan: Plan, options: Options, rows: list[Row], sweep: str | None = None) -> Job:
    bases = {(row.cell.model.path, row.cell.model.revision) for row in plan.rows}
    name, study = sweep or uuid.uuid4().hex[:12], plan.study
    ladder = plan.ladder.of_group(row.name for row in rows) if plan.ladder else None
    return Job(name, study.name, Path.cwd(), study.select, options, rows, len(bases) == 1, ladder)


def _launch(files: dict[Path, Job], launch: Launch) -> None:
    """Hand the jobs out, and again those of which lost workers left something, until none is lost."""
    for path, job in files.items():
        job.write(path)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray reports to its makers unless it is told not to
    os.environ[LAUNCHER] = str(os.getpid())
    left = dict(files)
    try:
        for _ in range(LAUNCHES if left else 0):
            try:
                launch([path.resolve() for path, job in left.items() for _ in range(job.workers)])
                return
            except _lost_workers() as error:
                log.warning("a worker was lost (%s); what it left is launched again", type(error).__name__)
            left = {p: j for p, j in left.items() if any(j.recorded(row).get("sweep") != j.sweep for row in j.rows)}
            if not left:
                return
    finally:
        for path in files:
            path.unlink(missing_ok=True)


def _lost_workers() -> tuple[type[BaseException], ...]:
    """Of the launchers that this process has loaded."""
    modules = ((importlib.import_module(name), classes) for name, classes in LOST.items() if name in sys.modules)
    return tuple(getattr(module, name) for module, classes in modules for name in classes)


@contextlib.contextmanager
def _watched(study: str, names: list[str]) -> Iterator[None]:
    """Say what becomes of the cells, whichever process or machine runs them, by reading what it writes."""
    ended = threading.Event()
    with Watch(study, len(names)) as watch:
        thread = threading.Thread(target=_watch, args=(watch, RUNS / study, names, ended), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _watch(watch: Watch, folder: Path, names: list[str], ended: threading.Event) -> None:
    """A record that was there before the sweep is not news: it is overwritten, or removed as its cell starts."""
    old = {name: _changed(folder / name / "cell.json") for name in names}
    left, last = list(names), False
    while left and not last:
        last = ended.wait(POLL_SECONDS)
        for name in [name for name in left if _changed(folder / name / "cell.json") not in (None, old[name])]:
            left.remove(name)
            cell = status.cell(folder / name, "")
            watch.done(f"{name}: {cell.state}{f' ({cell.cause})' if cell.state in FAILED else ''}")
        running = next((name for name in left if (folder / name / "state.json").is_file()), None)
        if running:
            watch.now(f"{running}: {status.cell(folder / running, '').cause}")


def _changed(path: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mtime_ns
    return None
