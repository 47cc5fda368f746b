"""Scoring what others made: one row beside a study's own, by the same stages and the same worker. Never torch."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdbench import config, rows, stages, subjects
from sdbench.config import Study
from sdbench.errors import UserError
from sdbench.rows import Row
from sdbench.settings import External
from sdbench.store import Store
from sdbench.sweep import plan
from sdbench.sweep.jobs import RUNS, Job, Options, check_writable, externals, write_json
from sdbench.sweep.launch import command
from sdbench.sweep.supervise import run_job


def score(external: External, study_name: str | None, overrides: Sequence[str]) -> dict[str, Any]:
    """Make and record the row of `external`: its cell.json, which stands under `runs/<study>/external-<name>/`.

    study_name: a study of experiments/, whose first cell says what is not said by overrides; without it they say all.
    Raises UserError where what others made, or a setting, is not as it must be.
    """
    study = config.load_study(study_name, overrides) if study_name else config.scratch_study(overrides, multirun=False)
    row = _row(study, external)
    store = Store(row.cell.store)
    if not stages.Chains(store.identity).of(row).score:
        raise UserError("no metric that is set can judge images whose prompts were not asked here; set metric=[...]")
    check_writable(RUNS / study.name)
    sweep = uuid.uuid4().hex[:12]
    job = Job(sweep, study.name, Path.cwd(), study.select, Options(None, None, False), [row], one_base=True)
    file = RUNS / study.name / ".jobs" / f"{sweep}-external.json"
    job.write(file)
    try:
        run_job(file)
    finally:
        file.unlink(missing_ok=True)
    _enlist(study)
    return job.recorded(row)


def _row(study: Study, external: External) -> Row:
    """Of images the seeds that they have are the test seeds, but for those that are validation seeds here."""
    overrides, cell = study.cells[0]
    row = rows.of_external(plan.placed(cell), list(overrides), external)
    if row.is_given:
        subject = subjects.load(cell.subject, cell.model.resolution_px)
        seeds = {one.sample.seed for one in stages.given(row, subject)} - set(cell.sample.validation_seeds)
        if not seeds:
            raise UserError(f"{external.path} has images of validation seeds alone; set sample.validation_seeds=[...]")
        row = replace(row, cell=replace(cell, sample=replace(cell.sample, test_seeds=sorted(seeds))))
        row = replace(row, cell=plan.placed(row.cell))
    return row


def _enlist(study: Study) -> None:
    """Among the cells of the study, which may not have run yet."""
    path = RUNS / study.name / "study.json"
    known = json.loads(path.read_text()) if path.is_file() else {"command": command(), "cells": []}
    about = {key: getattr(study, key) for key in ("name", "question", "published", "select")}
    own = [name for name in known["cells"] if name not in externals(study.name)]
    write_json(path, {**about, **known, "cells": [*own, *externals(study.name)]})
