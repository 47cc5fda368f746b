"""From settings to scores: the stages in order, on one screen."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from sdbench import adapters, generate, prompts, rows, score, subjects, train
from sdbench.adapters.base import Adapter
from sdbench.backbones.base import Backbone
from sdbench.config import Study
from sdbench.errors import UserError
from sdbench.microworld import bundled
from sdbench.progress import Watch
from sdbench.records import Prompt, Sample
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.store import Store
from sdbench.subjects import Subject

RUNS = Path("runs")


def run_study(study: Study, store: Store) -> int:
    """Make what is missing of every cell and write `runs/<study>/`. Exit code: 0, or 1 where a cell did not finish."""
    wanted = rows.of_study([(overrides, replace(c, device=_device(c.device))) for overrides, c in study.cells])
    about = {key: getattr(study, key) for key in ("name", "question", "published", "select")}
    _write(RUNS / study.name / "study.json", {**about, "cells": [row.name for row in wanted]})
    unfinished = 0
    with Watch(study.name, len(wanted)) as watch:
        for row in wanted:
            record = run(row, store, watch)
            _write(RUNS / study.name / row.name / "cell.json", record)
            _link(RUNS / study.name / row.name, record, store)
            unfinished += record["status"] != "done"
            watch.done(f"{row.name}: {record['cause'] or record['status']}")
    return 1 if unfinished else 0


def run(row: Row, store: Store, watch: Watch) -> dict[str, Any]:
    """The row's record: all its stages, and how it ended. Running out of memory is a result, bad input is not."""
    stages: dict[str, Any] = {}
    status, cause = "done", None
    try:
        for name, what in _stages(row, store, watch):
            stages[name] = what
            if name == "train" and (ended := _ended(store.root / what))["status"] != "done":
                status, cause = ended["status"], ended["cause"]
                break
    except torch.OutOfMemoryError as error:
        status, cause = "failed", f"out of memory: {str(error).splitlines()[0]}"
    return {**row.record(), "status": status, "cause": cause, "store": str(store.root), "stages": stages}


def _stages(row: Row, store: Store, watch: Watch) -> Iterator[tuple[str, Any]]:
    """Subject -> class images -> train -> generate -> score; each stage reused where the store has it."""
    cell = row.cell
    subject = subjects.load(cell.subject, cell.model.resolution_px)
    asked = prompts.load(cell.prompts)
    for kind, settings in cell.metrics.items():
        score.check(store, subject, kind, settings)  # a missing judge is better known before an hour of training
    source = generate.Source(cell.model, _base_identity(cell, store), cell.device)
    if row.kind == "trained":
        class_images = None
        if cell.method.prior is not None:
            watch.now(f"{row.name}: class images")
            class_images = _class_images(store, cell, subject, source)
        on_step = _on_step(row, subject, asked, watch)
        trained = train.stage(store, cell, subject, source.base, class_images, on_step)
        yield "train", f"train/{trained.name}"
        source = replace(source, trained=(cell, subject, trained))
    watch.now(f"{row.name}: images")
    if row.kind == "real":
        images = generate.held_out(store, subject, cell.model.resolution_px)
    else:
        images = generate.stage(store, source, cell.sampler, _wanted(row, subject, asked))
    yield "generate", f"generate/{images.name}"
    watch.now(f"{row.name}: scores")
    scores = {kind: score.score(store, images, subject, kind, settings) for kind, settings in cell.metrics.items()}
    yield "score", {kind: f"score/{folder.name}" for kind, folder in scores.items()}


def _wanted(row: Row, subject: Subject, asked: list[Prompt]) -> list[Sample]:
    """Validation and test seeds of every prompt; the base is asked with the class words."""
    seeds = [*row.cell.sample.validation_seeds, *row.cell.sample.test_seeds]
    words = subject.class_words if row.kind == "base" else subject.identifier
    return generate.requests(asked, seeds, words, subject.class_words)


def _class_images(store: Store, cell: Cell, subject: Subject, base: generate.Source) -> Path:
    """The prior's pictures: an ordinary generate stage of the untuned base, so every method that asks shares it."""
    assert cell.method.prior is not None
    prompt = Prompt("class", cell.method.instance_prompt)
    wanted = generate.requests([prompt], range(cell.method.prior.images), subject.class_words, subject.class_words)
    return generate.stage(store, base, cell.method.prior.sampler, wanted)


def _on_step(row: Row, subject: Subject, asked: list[Prompt], watch: Watch) -> train.OnStep:
    """Says how far training is; every `train.preview_every` steps draws prompts into runs/<study>/<cell>/previews/."""
    cell, folder = row.cell, RUNS / row.cell.study / row.name / "previews"

    def on_step(backbone: Backbone, learning: list[Adapter], step: int) -> None:
        watch.now(f"{row.name}: training step {step} of {cell.train.steps}")
        if not cell.train.preview_every or step % cell.train.preview_every:
            return
        folder.mkdir(parents=True, exist_ok=True)
        words = adapters.words(learning, subject.identifier)
        wanted = generate.requests(asked[:4], cell.sample.validation_seeds[:1], words, subject.class_words)
        with torch.autocast(cell.device.split(":")[0], enabled=cell.model.dtype != "float32"):  # trainables are float32
            for sample, image in zip(wanted, generate.draw(backbone, cell.sampler, wanted), strict=True):
                image.save(folder / f"{step:06d}-{sample.sample_id}.png")

    return on_step


def _device(name: str) -> str:
    """The device a cell runs on. Raises UserError where the one asked for is not there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return next(kind for kind, found in there.items() if found)
    kind, _, index = name.partition(":")
    if not there.get(kind, False) or (kind == "cuda" and index and int(index) >= torch.cuda.device_count()):
        raise UserError(f"device is {name!r}, and torch finds none such on this machine; set device=auto or device=cpu")
    return name


def _base_identity(cell: Cell, store: Store) -> str:
    """What the base's weights are: their hash where they lie on this machine, else hub id and revision."""
    local = cell.model.path.startswith("bundled:") or Path(cell.model.path).expanduser().exists()
    return store.identity(bundled(cell.model.path)) if local else f"{cell.model.path}@{cell.model.revision}"


def _ended(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return result


def _write(path: Path, record: dict[str, Any]) -> None:
    """JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record, indent=1))
    part.replace(path)


def _link(folder: Path, record: dict[str, Any], store: Store) -> None:
    """Links from a cell's folder into the store, that a person can follow."""
    stages = {**record["stages"], **{f"score-{k}": v for k, v in record["stages"].get("score", {}).items()}}
    for name, target in stages.items():
        if isinstance(target, str):
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(os.path.relpath(store.root / target, folder))
