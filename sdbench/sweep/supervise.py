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
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from sdbench import allocator, trackers
from sdbench.records import FAILED
from sdbench.rows import Row
from sdbench.stages import Chain, Chains
from sdbench.store import Store
from sdbench.sweep import cards, retention, stopping
from sdbench.sweep.claims import claimed
from sdbench.sweep.jobs import RUNS, Job, finished, untrained, write_json

CAUSE_CHARACTERS = 300
LAUNCHER = "SDBENCH_LAUNCHER"  # in its environment, the pid of the process that started the sweep
GRACE_SECONDS = 2.0  # who kills this whole family has killed the supervisor too by then, and nothing false is recorded
Outcome = dict[str, Any]


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
        time.sleep(GRACE_SECONDS)
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
    failed = _train_first(job)
    first = [row for row in job.rows if row.name in failed]  # recorded at once, and counted
    for row in itertools.chain(first, (row for row in stopping.in_turn(job) if row.name not in failed)):
        store = Store(row.cell.store)
        chain = Chains(store.identity).of(row)
        with claimed(job.folder(row)):
            if job.is_stopped():
                return
            outcome = finished(chain, store) or failed.get(row.name) or _attempt(job, row)
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


def _train_first(job: Job) -> dict[str, Outcome]:
    """Make the job's trainings before its images, where several are missing: rows that failed, and how.

    A single one is its row's business; of early stopping it is not known which are wanted.
    """
    left = [] if job.ladder else untrained(job.rows)
    if len(left) < 2 or job.is_stopped():
        return {}
    row, chain = left[0]
    if chain.is_packed:
        return _train_pack(job, left)
    return _train_grid(job, left) if row.cell.train.processes == 1 else {}


def _train_grid(job: Job, left: list[tuple[Row, Chain]]) -> dict[str, Outcome]:
    """The checkpoints of one trajectory, which the worker keeps in memory between them; up to one that fails."""
    for row, chain in left:
        if job.is_stopped():
            break
        with claimed(job.folder(row)):
            job.begin(row, chain)
            outcome = _run(job, [row], train=True)
        if outcome["status"] != "done":
            return {} if _is_tried_smaller(job, outcome) else {row.name: outcome}
    return {}


def _train_pack(job: Job, left: list[tuple[Row, Chain]]) -> dict[str, Outcome]:
    """All arms at once: what ends the pack is the failure of each that it did not finish."""
    rows = [row for row, _ in left]
    with contextlib.ExitStack() as claims:
        for folder in sorted(job.folder(row) for row in rows):
            claims.enter_context(claimed(folder))
        for row, chain in left:
            job.begin(row, chain)
        outcome = _run(job, rows, train=True, limits=len({chain.train.key for _, chain in left if chain.train}))
    if outcome["status"] == "done" or _is_tried_smaller(job, outcome):
        return {}
    return {row.name: {**outcome, "stages": {}} for row, _ in untrained(rows)}


def _is_tried_smaller(job: Job, outcome: Outcome) -> bool:
    """Whether memory ran out, and each row is to be tried again by itself."""
    return outcome["status"] == "out_of_memory" and job.options.smaller_batch


def _attempt(job: Job, row: Row) -> Outcome:
    """Run the row in the worker; once more with half the micro-batch where memory ran out and that is wanted."""
    outcome = _run(job, [row])
    smaller = row.cell.train.gradient_accumulation_steps * 2
    fits = row.kind == "trained" and row.cell.train.batch_size % (smaller * row.cell.train.processes) == 0
    if outcome["status"] == "out_of_memory" and job.options.smaller_batch and fits:
        note = f"train.gradient_accumulation_steps={smaller}"
        train = replace(row.cell.train, gradient_accumulation_steps=smaller)
        retried = replace(row, cell=replace(row.cell, train=train))
        again = _attempt(job, replace(retried, parameters=row.parameters))
        return {"retried_with": note, **again, "cause": again["cause"] or f"ran with {note} after {outcome['cause']}"}
    return outcome


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


def _count_failures(job: Job) -> None:
    """Stops the sweep, wherever its workers are, once as many of its cells have failed as it may bear."""
    if job.options.max_failures is None:
        return
    records = [json.loads(path.read_text()) for path in (RUNS / job.study).glob("*/cell.json")]
    if sum(r.get("sweep") == job.sweep and r["status"] in FAILED for r in records) >= job.options.max_failures:
        job.stop_file.write_text(job.sweep)
