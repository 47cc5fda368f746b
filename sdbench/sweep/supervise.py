"""Runs a job's rows in a worker process, and records how each ended, however it ended. Never torch.

A cell that raises, exits, is killed or runs too long ends its worker, not the sweep: the next cell gets a new one.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import multiprocessing
import os
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdbench import trackers
from sdbench.records import FAILED
from sdbench.rows import Row
from sdbench.stages import Chain, Chains
from sdbench.store import Store
from sdbench.sweep import retention, stopping
from sdbench.sweep.claims import claimed
from sdbench.sweep.jobs import RUNS, Job, finished, group, untrained, write_json
from sdbench.sweep.process import Outcome, Worker

LAUNCHER = "SDBENCH_LAUNCHER"  # in its environment, the pid of the process that started the sweep
LOOK_EVERY = 2.0  # seconds


def run_hydra_job(config: Any) -> None:
    """The task function that launchers are given."""
    _leave_with_launcher()
    with _BUSY:
        run_job(Path(config.job))


@functools.cache
def _leave_with_launcher() -> None:
    """joblib's processes outlive a launcher that was killed: what they do they finish, then they are to go."""
    if multiprocessing.current_process().name.startswith("Loky"):
        launcher = int(os.environ[LAUNCHER])  # who may be dead by now, and this process another's child
        threading.Thread(target=_leave, args=(launcher,), daemon=True).start()


def _leave(launcher: int) -> None:
    while os.getppid() == launcher:
        time.sleep(LOOK_EVERY)
    with _BUSY:
        os._exit(1)  # and the worker with it, which nobody asks any more


_BUSY = threading.Lock()


def run_job(path: Path) -> None:
    """Every row of the job gets its record; what has one, and whose stages are there, is left alone."""
    if not path.exists():  # a launcher runs a job again whose sweep has ended meanwhile
        return
    job = Job.read(path)
    with contextlib.chdir(job.home):
        _run_job(job)


def _run_job(job: Job) -> None:
    tracker = trackers.create(job.rows[0].cell.tracker, RUNS)
    records: dict[str, list[tuple[Row, dict[str, Any]]]] = {}
    packs = {row.name: row.cell.sweep.pack for row in job.rows}
    job, failed = _train_first(job)
    first = [row for row in job.rows if row.name in failed]  # recorded at once, and counted
    for row in itertools.chain(first, (row for row in stopping.in_turn(job) if row.name not in failed)):
        store = Store(row.cell.store)
        chain = Chains(store.identity).of(row)
        with claimed(job.folder(row)):
            if job.is_stopped():
                return
            outcome = finished(chain, store) or failed.get(row.name) or _attempt(job, row)
            if row.cell.sweep.pack != packs[row.name]:
                said = {"retried_with": _pack_of(row), "cause": f"{_pack_of(row)}: memory held no larger pack"}
                outcome = {**said, **outcome, "cause": outcome["cause"] or said["cause"]}
            no_base = outcome.pop("no_base", False)
            if chain.trajectory is not None:  # gc is to spare what the next attempt resumes from
                outcome["stages"].setdefault("trajectory", chain.trajectory.path)
            record = job.record(row, outcome)
            records.setdefault(outcome["stages"].get("trajectory", ""), []).append((row, record))
        tracker.mirror(record)
        if outcome["status"] in FAILED:
            _count_failures(job)
        if no_base and job.one_base:
            job.stop_file.write_text(job.sweep)
    for ended in records.values() if job.ladder is None else ():
        retention.apply([row for row, _ in ended], [record for _, record in ended], job.select)
    tracker.close()


def _train_first(job: Job) -> tuple[Job, dict[str, Outcome]]:
    """Make the job's trainings before its images, where several are missing; a single one is its row's business.

    The job, of smaller packs where memory asked for them, and rows that failed, and how. Of early stopping it is not
    known which trainings are wanted.
    """
    left = [] if job.ladder else untrained(job.rows)
    if len(left) < 2 or job.is_stopped():
        return job, {}
    row, chain = left[0]
    if chain.is_packed:
        return _train_packs(job, left)
    return job, _train_grid(job, left) if row.cell.train.processes == 1 else {}


def _train_packs(job: Job, left: list[tuple[Row, Chain]]) -> tuple[Job, dict[str, Outcome]]:
    """As many arms at once as memory holds: where it does not hold a pack, packs of half as many are tried."""
    chains, failed = {row.name: chain for row, chain in left}, dict[str, Outcome]()
    for rows in group(left, {chain.trajectory.path for chain in chains.values() if chain.trajectory}):
        if job.is_stopped():
            break
        outcome = _train_pack(job, [(row, chains[row.name]) for row in rows])
        if outcome["status"] == "out_of_memory":
            smaller = [_in_smaller_pack(row) if row.name in chains else row for row in job.rows]
            return _train_first(replace(job, rows=smaller))
        if outcome["status"] != "done":
            failed |= {row.name: {**outcome, "stages": {}} for row, _ in untrained(rows)}
    return job, failed


def _train_grid(job: Job, left: list[tuple[Row, Chain]]) -> dict[str, Outcome]:
    """Trajectory by trajectory, which the worker keeps in memory between its checkpoints; up to one that fails."""
    for row, chain in sorted(left, key=lambda one: one[1].trajectory.key if one[1].trajectory else ""):
        if job.is_stopped():
            break
        with claimed(job.folder(row)):
            job.begin(row, chain)
            outcome = _run(job, [row], train=True)
        if outcome["status"] != "done":
            return {} if _is_tried_smaller(job, outcome) else {row.name: outcome}
    return {}


def _train_pack(job: Job, left: list[tuple[Row, Chain]]) -> Outcome:
    """All arms at once: what ends the pack is the failure of each that it did not finish."""
    rows = [row for row, _ in left]
    with contextlib.ExitStack() as claims:
        for folder in sorted(job.folder(row) for row in rows):
            claims.enter_context(claimed(folder))
        for row, chain in left:
            job.begin(row, chain)
        return _run(job, rows, train=True, limits=len({chain.train.key for _, chain in left if chain.train}))


def _is_tried_smaller(job: Job, outcome: Outcome) -> bool:
    """Whether memory ran out, and each row is to be tried again by itself."""
    return outcome["status"] == "out_of_memory" and job.options.smaller_batch


def _attempt(job: Job, row: Row) -> Outcome:
    """Run the row in the worker; once more in less memory where it ran out and there is a way that is wanted."""
    outcome = _run(job, [row])
    if outcome["status"] == "out_of_memory" and (smaller := _smaller(job, row)):
        note, retried = smaller
        again = _attempt(job, replace(retried, parameters=row.parameters))
        return {"retried_with": note, **again, "cause": again["cause"] or f"ran with {note} after {outcome['cause']}"}
    return outcome


def _smaller(job: Job, row: Row) -> tuple[str, Row] | None:
    """What to say of it, and the row: of a smaller pack, else of half the micro-batch where the options allow it."""
    if any(chain.is_packed for _, chain in untrained([row])):
        retried = _in_smaller_pack(row)
        return _pack_of(retried), retried
    steps = row.cell.train.gradient_accumulation_steps * 2
    fits = row.kind == "trained" and row.cell.train.batch_size % (steps * row.cell.train.processes) == 0
    if not (job.options.smaller_batch and fits):
        return None
    train = replace(row.cell.train, gradient_accumulation_steps=steps)
    return f"train.gradient_accumulation_steps={steps}", replace(row, cell=replace(row.cell, train=train))


def _in_smaller_pack(row: Row) -> Row:
    """Half as many slots, which its key says; no pack instead of one."""
    half = (row.cell.sweep.pack or 0) // 2
    return replace(row, cell=replace(row.cell, sweep=replace(row.cell.sweep, pack=half if half > 1 else None)))


def _pack_of(row: Row) -> str:
    return f"sweep.pack={row.cell.sweep.pack or 'null'}"


def _run(job: Job, rows: list[Row], train: bool = False, limits: int = 1) -> Outcome:
    """In the worker: all of one row, or trainings alone. limits: how often the time limit is granted."""
    folders = [job.folder(row) for row in rows]
    log = folders[0] / "log.txt"
    began, about = time.time(), {"pid": os.getpid(), "host": socket.gethostname(), "log": str(log)}

    def tell(what: str) -> None:
        for folder in folders:
            write_json(folder / "state.json", {**about, "what": what, "started": began})

    for folder in folders:
        (folder / "cell.json").unlink(missing_ok=True)  # of another time, or of settings that were changed since
    tell("starting")
    limit = job.options.time_limit_seconds
    try:
        outcome = Worker.for_row(rows[0], log).run(rows, train, log, folders, limit and limit * limits, tell)
    finally:
        for folder in folders:
            (folder / "state.json").unlink(missing_ok=True)
    return {**outcome, "seconds": time.time() - began, "log": str(log)}


def _count_failures(job: Job) -> None:
    """Stops the sweep, wherever its workers are, once as many of its cells have failed as it may bear."""
    if job.options.max_failures is None:
        return
    records = [json.loads(path.read_text()) for path in (RUNS / job.study).glob("*/cell.json")]
    if sum(r.get("sweep") == job.sweep and r["status"] in FAILED for r in records) >= job.options.max_failures:
        job.stop_file.write_text(job.sweep)
