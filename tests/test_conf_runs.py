"""Every yaml under conf/ composes and runs one step on the CPU, real base models as tiny ones of their family."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sdbench import config, generate, pipeline, prompts, score, subjects, train
from sdbench.records import Sample
from sdbench.settings import Cell
from sdbench.store import Store
from sdbench.subjects import Subject
from tests.conftest import save_tiny_base

FILES = sorted(p for p in config.CONF.rglob("*.yaml") if p.parent != config.CONF)
GROUPS = {f"{p.parent.name}={p.stem}": p for p in FILES}
V_PREDICTION = ("sd20", "sd21")  # their noise schedulers' configs say so


def one_step(cell: Cell, subject: Subject, store: Store) -> Path:
    """Class images, one training step and one image."""
    base = generate.Source(cell.model, "tiny", "cpu")
    prior = pipeline._class_images(store, cell, subject, base) if cell.method.prior else None
    trained = train.stage(store, cell, subject, "tiny", prior)
    assert json.loads((trained / "result.json").read_text())["status"] == "done"
    wanted = generate.requests(prompts.load(cell.prompts)[:1], [0], subject.identifier, subject.class_words)
    return generate.stage(store, replace(base, trained=(cell, subject, trained)), cell.sampler, wanted)


@pytest.fixture
def bases(tiny_base: Path, tmp_path: Path) -> Callable[[str], Path]:
    def base(model: str) -> Path:
        if model not in V_PREDICTION:
            return tiny_base
        save_tiny_base(tmp_path / model, "v_prediction")
        return tmp_path / model

    return base


@pytest.mark.parametrize("choice", [c for c in GROUPS if c.split("=")[0] in ("model", "method", "sampler", "prompts")])
def test_a_yaml_trains_one_step_and_draws_one_image(
    choice: str, make_cell: Callable[..., Cell], bases: Callable[[str], Path], logo: Subject, store: Store
) -> None:
    model = choice.removeprefix("model=") if choice.startswith("model=") else "microworld"
    cell = make_cell(choice, f"model.path={bases(model)}", "model.resolution_px=64", "train.steps=1")
    folder = one_step(cell, logo, store)
    assert len(pd.read_parquet(folder / "samples.parquet")) == 1


@pytest.mark.parametrize("choice", [c for c in GROUPS if c.startswith("subject=") and c != "subject=folder"])
def test_a_shipped_subject_trains_one_step(choice: str, make_cell: Callable[..., Cell], store: Store) -> None:
    cell = make_cell(choice, "train.steps=1")
    assert one_step(cell, subjects.load(cell.subject, 64), store).is_dir()


def test_an_own_folder_trains_one_step(make_cell: Callable[..., Cell], store: Store) -> None:
    folder = subjects.SHIPPED / "sks_dog"
    cell = make_cell(
        "subject=folder", f"subject.folder={folder}", "subject.identifier=sks dog", "subject.class_words=dog"
    )
    assert one_step(cell, subjects.load(cell.subject, 64), store).is_dir()


@pytest.mark.parametrize("choice", [c for c in GROUPS if c.startswith("metric=")])
def test_a_metric_scores_every_image_or_says_why_not(choice: str, make_cell: Callable[..., Cell], store: Store) -> None:
    cell = make_cell(f"metric=[{choice.removeprefix('metric=')}]")
    subject = subjects.load(cell.subject, 64)
    images = generate.held_out(store, subject, 64)
    ((kind, settings),) = cell.metrics.items()
    folder = score.score(store, images, subject, kind, settings)
    samples = {Sample(**row).sample_id for row in pd.read_parquet(images / "samples.parquet").to_dict("records")}
    table = pd.read_parquet(folder / "scores.parquet")
    assert set(table["sample_id"]) == samples
    assert (table["value"].isna() == table["reason"].notna()).all()


def test_every_group_is_run_by_a_test_above() -> None:
    assert {c.split("=")[0] for c in GROUPS} == {"model", "method", "sampler", "prompts", "subject", "metric", "prior"}
