"""Every yaml under conf/ composes and runs one step on the CPU, real base models as tiny ones of their family."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sdbench import config, pipeline, results, subjects
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chains
from sdbench.store import Store
from tests.tiny_base import save_tiny_base

FILES = sorted(config.CONF.glob("*/*.yaml"))
GROUPS = {f"{p.parent.name}={p.stem}": p for p in FILES}
FLOW = {"sampler=flow_euler": "sd35_medium"}  # needs a model that it can draw from
V_PREDICTION = ("sd20", "sd21")  # their noise schedulers' configs say so


RunCell = Callable[..., dict[str, Path]]


@pytest.fixture
def tiny(on_family: Callable[[str], list[str]], tmp_path: Path) -> Callable[[str], list[str]]:
    """A model by its name in conf/, as a tiny one of its family, in the precision that conf/ says."""

    def overrides(model: str) -> list[str]:
        settings = config.compose_cell([f"model={model}"]).model
        found = [*on_family(settings.family), f"model={model}", f"model.dtype={settings.dtype}"]
        if model in V_PREDICTION:
            save_tiny_base(tmp_path / model, "v_prediction")
            found.append(f"model.path={tmp_path / model}")
        return found

    return overrides


@pytest.mark.parametrize("choice", [c for c in GROUPS if c.split("=")[0] in ("model", "method", "sampler", "prompts")])
def test_a_yaml_trains_one_step_and_draws_one_image(
    choice: str, make_cell: Callable[..., Cell], tiny: Callable[[str], list[str]], run_cell: RunCell
) -> None:
    model = choice.removeprefix("model=") if choice.startswith("model=") else FLOW.get(choice, "microworld")
    cell = make_cell(*tiny(model), choice, "train.steps=1")
    stages = run_cell(cell)
    assert json.loads((stages["train"] / "result.json").read_text())["steps_run"] == 1
    assert len(pd.read_parquet(stages["generate"] / "samples.parquet")) == 2 * len(cell.prompts.templates)


@pytest.mark.parametrize("choice", [c for c in GROUPS if c.startswith("subject=") and c != "subject=folder"])
def test_a_shipped_subject_trains_one_step(choice: str, make_cell: Callable[..., Cell], run_cell: RunCell) -> None:
    assert run_cell(make_cell(choice, "train.steps=1"))["generate"].is_dir()


def test_an_own_folder_trains_one_step(make_cell: Callable[..., Cell], run_cell: RunCell) -> None:
    folder = subjects.SHIPPED / "sks_dog"
    words = ("subject.identifier=sks dog", "subject.class_words=dog")
    assert run_cell(make_cell("subject=folder", f"subject.folder={folder}", *words))["generate"].is_dir()


@pytest.mark.parametrize("choice", [c for c in GROUPS if c.startswith("metric=")])
def test_a_metric_scores_every_image_or_says_why_not(
    choice: str, make_cell: Callable[..., Cell], tmp_path: Path
) -> None:
    cell = make_cell(f"metric=[{choice.removeprefix('metric=')}]", "prompts.templates=['a {subject}']")
    row = Row("base", replace(cell, threads=1), [], "", "")
    record = pipeline.run(row, Store(cell.store), tmp_path, lambda what: None)
    images, values, reasons, cards = results.judged([{**row.record(), "store": cell.store, **record}])
    for name, card in cards.items():
        mine = images["asked"] == card.prompts
        assert mine.any() and (values.loc[mine, name].isna() == reasons.loc[mine, name].notna()).all()
        assert values.loc[~mine, name].isna().all() and reasons.loc[~mine, name].isna().all()


def test_a_judge_without_weights_gives_reasons_and_its_score_is_still_to_be_made(
    make_cell: Callable[..., Cell], tmp_path: Path
) -> None:
    cell, store = make_cell("metric=[dreambench]", "prompts.templates=['a {subject}']"), Store(tmp_path / "store")
    row = Row("base", replace(cell, threads=1), [], "", "")
    record = pipeline.run(row, store, tmp_path, lambda what: None)
    scores = pd.read_parquet(store.root / record["stages"]["score"]["dreambench"] / "scores.parquet")
    assert record["status"] == "done" and scores["reason"].str.contains("cannot be had.*fetch them").all()
    assert not store.finished("score", Chains(store.identity).of(row).score["dreambench"].key)


def test_every_group_is_run_by_a_test_above() -> None:
    assert {c.split("=")[0] for c in GROUPS} == {
        "model",
        "method",
        "sampler",
        "prompts",
        "subject",
        "metric",
        "probes",  # with the metric that asks them
        "prior",
        "tracker",
    }
