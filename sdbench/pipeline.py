"""From settings to scores: the stages in order, on one screen."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sdbench import adapters, generate, prompts, score, subjects, train
from sdbench.adapters.base import Adapter
from sdbench.backbones.base import Backbone
from sdbench.config import Study
from sdbench.microworld import bundled
from sdbench.progress import Watch
from sdbench.records import Prompt, Sample
from sdbench.settings import Cell
from sdbench.store import Store
from sdbench.subjects import Subject

RUNS = Path("runs")
FLOORS = ("base", "base_raw", "real")  # rows that every study has: two floors and the ceiling


@dataclass(frozen=True)
class Row:
    """One cell of a study, or one of its floor and ceiling rows, which borrow a cell's prompts, sampler and metrics.

    parameters: what the grid varies, readable. place: `-<subject>-<model>` where the study has several of them.
    """

    kind: str
    cell: Cell
    overrides: list[str]
    parameters: str
    place: str

    @property
    def name(self) -> str:
        what = self.kind if self.kind != "trained" else f"{self.cell.method.name}-{self.parameters}"
        seed = f"-seed{self.cell.train.seed}" if self.kind == "trained" else ""
        return f"{what}{seed}{self.place}"


def run_study(study: Study, store: Store) -> int:
    """Make what is missing of every cell and write `runs/<study>/`. Exit code: 0, or 1 where a cell did not finish."""
    rows = list(_rows(study))
    folder = RUNS / study.name
    folder.mkdir(parents=True, exist_ok=True)
    about = {k: getattr(study, k) for k in ("name", "question", "published", "select")}
    (folder / "study.json").write_text(json.dumps({**about, "cells": [row.name for row in rows]}, indent=1))
    unfinished = 0
    with Watch(study.name, len(rows)) as watch:
        for row in rows:
            record = run(row, store, watch)
            _write(folder / row.name, record, store)
            unfinished += record["status"] != "done"
            watch.done(f"{row.name}: {record['cause'] or record['status']}")
    return 1 if unfinished else 0


def run(row: Row, store: Store, watch: Watch) -> dict[str, Any]:
    """Subject -> class images -> train -> generate -> score; each stage reused where the store has it."""
    cell = row.cell
    subject = subjects.load(cell.subject, cell.model.resolution_px)
    asked = prompts.load(cell.prompts)
    base = generate.Source(cell.model, _base_identity(cell, store), cell.device)
    stages: dict[str, Any] = {}
    status = {"status": "done", "cause": None}
    if row.kind == "trained":
        watch.now(f"{row.name}: class images")
        class_images = _class_images(store, cell, subject, base) if cell.method.prior else None
        watch.now(f"{row.name}: training")
        trained = train.stage(store, cell, subject, base.base, class_images, _preview(cell, subject, asked))
        stages["train"] = f"train/{trained.name}"
        result = json.loads((trained / "result.json").read_text())
        status = {key: result[key] for key in status}
        base = replace(base, trained=(cell, subject, trained))
    if status["status"] == "done":
        watch.now(f"{row.name}: images")
        images = generate.held_out(store, subject) if row.kind == "real" else generate.stage(
            store, base, cell.sampler, _wanted(row, subject, asked)
        )  # fmt: skip
        stages["generate"] = f"generate/{images.name}"
        watch.now(f"{row.name}: scores")
        scores = {kind: score.score(store, images, subject, kind, settings) for kind, settings in cell.metrics.items()}
        stages["score"] = {kind: f"score/{folder.name}" for kind, folder in scores.items()}
    return _record(row, stages, status)


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


def _preview(cell: Cell, subject: Subject, asked: list[Prompt]) -> train.Preview | None:
    """Draws the first prompts every `train.preview_every` steps into runs/<study>/previews/."""
    if not cell.train.preview_every:
        return None

    def draw(backbone: Backbone, learning: list[Adapter], step: int) -> None:
        folder = RUNS / cell.study / "previews" / cell.method.name
        folder.mkdir(parents=True, exist_ok=True)
        words = adapters.words(learning, subject.identifier)
        wanted = generate.requests(asked[:4], cell.sample.validation_seeds[:1], words, subject.class_words)
        for sample, image in zip(wanted, generate.draw(backbone, cell.sampler, wanted), strict=True):
            image.save(folder / f"{step:06d}-{sample.sample_id}.png")

    return draw


def _rows(study: Study) -> Iterator[Row]:
    """The study's cells, after the floors and the ceiling of every (subject, model) among them."""
    cells = [(overrides, replace(cell, device=_device(cell.device))) for overrides, cell in study.cells]
    anchors: dict[str, Cell] = {}
    for _, cell in cells:
        anchors.setdefault(f"-{cell.subject.name}-{cell.model.name}", cell)
    varied = _varied([overrides for overrides, _ in cells])
    for place, cell in anchors.items():
        yield from (Row(kind, cell, [], "", place if len(anchors) > 1 else "") for kind in FLOORS)
    for overrides, cell in cells:
        place = f"-{cell.subject.name}-{cell.model.name}" if len(anchors) > 1 else ""
        yield Row("trained", cell, overrides, _parameters(cell, overrides, varied), place)


def _varied(points: list[list[str]]) -> set[str]:
    """The keys that a grid gives more than one value, but for those that every row says anyway."""
    values: dict[str, set[str]] = {}
    for override in (o for point in points for o in point):
        key, _, value = override.partition("=")
        values.setdefault(key, set()).add(value)
    said = {"method", "subject", "model", "train.lr", "train.steps", "train.seed"}
    return {key for key, found in values.items() if len(found) > 1} - said


def _parameters(cell: Cell, overrides: list[str], varied: set[str]) -> str:
    """`lr0.001_steps200`, then whatever else the grid varies, by its last key."""
    rest = [o.partition("=") for o in overrides if o.partition("=")[0] in varied]
    shown = [f"{key.rpartition('.')[2]}{value}" for key, _, value in rest]
    return "_".join([f"lr{cell.train.lr:g}", f"steps{cell.train.steps}", *shown])


def _device(name: str) -> str:
    if name != "auto":
        return name
    import torch

    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def _base_identity(cell: Cell, store: Store) -> str:
    """What the base's weights are: their hash where they lie on this machine, else hub id and revision."""
    local = cell.model.path.startswith("bundled:") or Path(cell.model.path).expanduser().exists()
    return store.identity(bundled(cell.model.path)) if local else f"{cell.model.path}@{cell.model.revision}"


def _record(row: Row, stages: dict[str, Any], status: dict[str, Any]) -> dict[str, Any]:
    cell, trained = row.cell, row.kind == "trained"
    return {
        "cell": row.name, "study": cell.study, "subject": cell.subject.name, "model": cell.model.name,
        "method": cell.method.name if trained else row.kind, "parameters": row.parameters, "kind": row.kind,
        "lr": cell.train.lr if trained else None, "steps": cell.train.steps if trained else None,
        "train_seed": cell.train.seed if trained else None, **status, "overrides": row.overrides,
        **asdict(cell.sample), "store": cell.store, "stages": stages,
    }  # fmt: skip


def _write(folder: Path, record: dict[str, Any], store: Store) -> None:
    """cell.json, and links into the store that a person can follow."""
    folder.mkdir(parents=True, exist_ok=True)
    stages = {**record["stages"], **{f"score-{k}": v for k, v in record["stages"].get("score", {}).items()}}
    for name, target in stages.items():
        if isinstance(target, str):
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(os.path.relpath(store.root / target, folder))
    part = folder / "cell.json.part"
    part.write_text(json.dumps(record, indent=1))
    part.replace(folder / "cell.json")
