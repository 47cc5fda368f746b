"""The studies' own tables: the rules of pros and cons in closed form, each table from a run folder built by hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from statistics import stdev
from typing import Any

import pandas as pd
import pytest
from study_folder import Folder, by_seed, everywhere, example, write_json

from sdbench import browse, studies, tables, votes
from sdbench.config import EXPERIMENTS, ROOT, load_study
from sdbench.conversion import kinds
from sdbench.errors import UserError
from sdbench.report import render
from sdbench.results import load
from sdbench.studies import pros_and_cons
from sdbench.studies.base import StudyTable, duration, size, verdicts


def made(name: str, runs: Path) -> StudyTable:
    results = load("tiny", runs)
    return studies.make(name, results, tables.summarise(results), runs)


def girl(root: Path) -> Path:
    """A study of a subject without logo: base 0.2, real 1.0; dreambooth 0.9 and heavy, lora 0.3 and light."""
    folder = Folder(root)
    scores: dict[str, Any] = {"clip": everywhere(0.2), "memorization": everywhere(0.0)}
    folder.cell("base", scores=scores, kind="base")
    good = {"clip": by_seed(0.9, {10: 0.86, 11: 0.9, 12: 0.94}), "memorization": everywhere(0.9)}
    folder.cell("dreambooth", "lr1", good, lr=1.0, steps=40)
    folder.cell("lora", "lr1", {"clip": everywhere(0.3), "memorization": everywhere(0.25)}, lr=1.0, steps=40)
    folder.cell("real", scores={"clip": everywhere(1.0), "memorization": everywhere(0.25)}, kind="real")
    result = folder.store / "train/lora-lr1-seed0/result.json"
    write_json(
        result, {"train_seconds": 7200.0, "weight_bytes": 2000, "peak_memory_bytes": 1, "trainable_parameters": 1}
    )
    return folder.finish(select="clip")


def entries(runs: Path) -> pd.DataFrame:
    return made("pros_and_cons", runs).frame.set_index(["method", "aspect"])


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.3, 0.4, "con"), (0.1, 0.2, "pro"), (0.1, 0.25, "pro"), (0.2, 0.3, "neither")]
)
def test_overfitting_is_being_nearer_to_training_pictures_than_held_out_ones_are(
    low: float, high: float, verdict: str
) -> None:
    assert verdicts.overfits(low, high, held_out=0.25) == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.61, 0.7, "pro"), (0.3, 0.59, "con"), (0.5, 0.7, "neither"), (0.6, 0.6, "neither")]
)
def test_detail_is_captured_beyond_the_middle_between_base_and_real(low: float, high: float, verdict: str) -> None:
    assert verdicts.captures_detail(low, high, floor=0.2, ceiling=1.0) == verdict


@pytest.mark.parametrize(("weight", "verdict"), [(1e3, "pro"), (1e5, "pro"), (2e5, "con"), (1e6, "con")])
def test_storage_is_judged_by_a_tenth(weight: float, verdict: str) -> None:
    assert verdicts.storage(weight, [1e3, weight, 1e6]) == verdict


def test_files_of_one_size_are_neither_light_nor_heavy() -> None:
    assert verdicts.storage(5e6, [5e6, 2e6]) == "neither"


def test_spread_is_a_share_of_the_way_from_floor_to_ceiling() -> None:
    assert verdicts.spread([0.4, 0.6, 0.8], 0.0, 2.0) == pytest.approx(0.1)
    assert [verdicts.consistency(share) for share in (0.0, 0.1, 0.2, 0.25, 1.0)] == [
        "pro",
        "pro",
        "neither",
        "con",
        "con",
    ]


def test_every_rule_is_stated_and_every_aspect_has_one() -> None:
    assert list(verdicts.RULES) == list(pros_and_cons.ASPECTS)


def test_every_entry_has_the_number_that_made_it(tmp_path: Path) -> None:
    rows = entries(girl(tmp_path))
    assert rows.loc["dreambooth", "verdict"].to_dict() == {
        "overfits": "con", "captures detail": "pro", "storage": "con", "consistency": "pro",
    }  # fmt: skip
    assert rows.loc["dreambooth", "value"].tolist() == pytest.approx([0.9, 0.9, 50_000, stdev([0.86, 0.9, 0.94]) / 0.8])
    assert rows.loc["lora", "verdict"].to_dict() == {
        "overfits": "pro", "captures detail": "con", "storage": "pro", "consistency": "pro",
    }  # fmt: skip
    judged = rows[rows["verdict"].notna()]
    assert judged["value"].notna().all() and judged["reason"].isna().all()
    assert rows["rule"].tolist() == [verdicts.RULES[aspect] for _, aspect in rows.index]


def test_what_cannot_be_judged_is_neither_pro_nor_con_and_says_why(tmp_path: Path) -> None:
    rows = entries(example(tmp_path))
    unknown = rows[rows["verdict"].isna()]
    assert set(unknown.index.get_level_values("aspect")) == {"overfits"}
    assert set(unknown["reason"]) == {"memorization is not among the study's metrics"}
    shown = made("pros_and_cons", tmp_path / "runs").shown
    assert shown["not judged"].str.startswith("overfits: memorization is not among").all()


def test_a_metric_that_rates_real_pictures_no_higher_than_the_base_judges_nothing(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("base", scores={"clip": everywhere(0.5)}, kind="base")
    folder.cell("lora", "lr1", {"clip": everywhere(0.6)}, lr=1.0, steps=1)
    folder.cell("real", scores={"clip": everywhere(0.4)}, kind="real")
    rows = entries(folder.finish(select="clip")).loc["lora"]
    assert rows.loc[["captures detail", "consistency"], "reason"].tolist() == [pros_and_cons.NO_WAY] * 2


def test_a_method_that_stays_at_the_floor_is_not_praised_for_being_steady(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for kind, value in (("base", 0.2), ("real", 1.0)):
        folder.cell(kind, scores={"clip": everywhere(value)}, kind=kind)
    folder.cell("lora", "lr1", {"clip": everywhere(0.2)}, lr=1.0, steps=1)
    row = entries(folder.finish(select="clip")).loc[("lora", "consistency")]
    assert pd.isna(row["verdict"]) and row["reason"] == "it does not rise above the untuned base"


def test_a_method_whose_cells_all_failed_stands_in_every_table_with_its_cause(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("base", scores={"clip": everywhere(0.2)}, kind="base")
    folder.cell("lora", "lr1", status="failed", cause="out of memory", lr=1.0, steps=1)
    runs = folder.finish(select="clip")
    for name in ("pros_and_cons", "weight_time_quality", "effectiveness_storage"):
        frame = made(name, runs).frame.set_index("method")
        assert set(frame.loc[["lora"], "reason"]) == {"failed: out of memory"}, name


def test_sizes_and_times_are_numbers_in_the_csv_and_words_beside_the_published(tmp_path: Path) -> None:
    runs = girl(tmp_path)
    results = load("tiny", runs)
    for cell in ("dreambooth", "lora"):  # the store holds a folder to the settings that its name is the key of
        settings = {"settings": {"sampler": {"num_inference_steps": 25}}}
        write_json(runs / f".store/generate/{cell}-lr1-seed0/settings.json", settings)
    table = studies.make("weight_time_quality", results, tables.summarise(results), runs)
    row = table.frame.set_index("method").loc["lora"]
    assert row[["train_steps", "inference_steps", "weight_bytes", "train_seconds"]].tolist() == [40, 25, 2000, 7200.0]
    assert table.shown.set_index("method").loc["lora", ["weight_size", "run_time"]].tolist() == ["2 kB", "2 h"]
    assert [size(4e9), size(3.23e6), duration(96), duration(5)] == ["4 GB", "3.23 MB", "1.6 min", "5 s"]


def test_without_votes_visual_quality_is_empty_and_the_column_says_so(tmp_path: Path) -> None:
    table = made("weight_time_quality", girl(tmp_path))
    assert table.frame["visual_quality"].isna().all() and table.shown["visual_quality (no votes)"].isna().all()
    assert table.note.endswith("no votes (nobody has voted), so the column is empty.")


def test_with_votes_each_method_has_the_share_of_pairs_that_it_wins(tmp_path: Path) -> None:
    runs = girl(tmp_path)
    sides = [
        {"cell": f"{method}-lr1-seed0", "model": "micro", "method": method, "parameters": "lr1",
         "generated": f"generate/{method}-lr1-seed0"}
        for method in ("dreambooth", "lora")
    ]  # fmt: skip
    said = {"subject": "hugo", "check": False, "left": sides[0], "right": sides[1]}
    lines = [
        {**said, "id": f"{prompt}-{seed}", "prompt_id": prompt, "sample_id": f"{prompt}-{seed}", "answer": answer}
        for prompt in ("p-0", "p-1") for seed, answer in ((10, "left"), (11, "left"), (12, "tie"))
    ]  # fmt: skip
    (runs / "tiny/votes").mkdir()
    (runs / "tiny/votes/ann.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    table = made("weight_time_quality", runs)
    quality = table.frame.set_index("method")["visual_quality"]
    wanted = votes.scores("tiny", runs).set_index("method")["visual_quality"]
    assert quality["dreambooth"] == wanted["dreambooth"] > 0.5 > quality["lora"] == wanted["lora"]
    assert table.shown["visual_quality"].str.startswith("0.").all() and "share of pairs" in table.note


def test_effectiveness_stands_between_floor_and_ceiling_and_storage_beside_it(tmp_path: Path) -> None:
    frame = made("effectiveness_storage", girl(tmp_path)).frame.set_index("method")
    assert frame.index.tolist() == ["dreambooth", "lora", "base", "real"]
    assert frame["clip"].tolist() == pytest.approx([0.9, 0.3, 0.2, 1.0])
    assert frame.loc[["dreambooth", "lora"], "weight_share"].tolist() == [1.0, 2000 / 50_000]
    assert frame.loc[["base", "real"], "weight_bytes"].isna().all()


def test_each_prompt_has_its_score_with_the_identifier(tmp_path: Path) -> None:
    table = made("identifier", girl(tmp_path))
    assert table.frame["method"].tolist() == ["base"] * 2 + ["dreambooth"] * 2 + ["lora"] * 2
    assert table.frame["with: clip"].tolist() == pytest.approx([0.2, 0.2, 0.9, 0.9, 0.3, 0.3])
    assert list(table.shown.columns) == ["method", "prompt", "with: clip"]


def scenes(root: Path) -> Path:
    """base and lora, whose drift is judged on two prompts of its own: 0 for the base; for lora 0.1 and 0.3."""
    folder = Folder(root, cards={"drift": {"prompts": "scenes", "direction": "lower"}})
    moved = {"p-0": 0.1, "p-1": 0.3}
    folder.cell("base", scores={"clip": everywhere(0.2), "drift": everywhere(0.0)}, kind="base")
    scores: dict[str, Any] = {"clip": everywhere(0.9), "drift": lambda prompt, seed: moved[prompt]}
    folder.cell("lora", "lr1", scores, lr=1.0, steps=40)
    for name in folder.cells:
        generated, score = folder.store / f"generate/{name}", folder.store / f"score/{name}-drift/scores.parquet"
        samples = pd.read_parquet(generated / "samples.parquet")
        samples[["sample_id", "prompt_id"]] = samples[["sample_id", "prompt_id"]].replace("p-", "s-", regex=True)
        stage = folder.stage(f"generate/{name}-scenes", {"samples.parquet": samples})
        shutil.copytree(generated / "images", folder.store / stage / "images")
        pd.read_parquet(score).replace({"sample_id": {"p-": "s-"}}, regex=True).to_parquet(score)
        path = folder.runs / f"tiny/{name}/cell.json"
        record = json.loads(path.read_text())
        write_json(path, {**record, "stages": {**record["stages"], "asked": {"scenes": stage}}})
    return folder.finish(select="clip")


def test_each_prompt_has_its_drift_without_the_identifier_beside_its_score_with_it(tmp_path: Path) -> None:
    frame = made("identifier", scenes(tmp_path)).frame
    assert frame["method"].tolist() == ["base", "base", "lora", "lora"]
    assert frame["with: clip"].tolist() == pytest.approx([0.2, 0.2, 0.9, 0.9])
    assert frame["without: drift"].tolist() == pytest.approx([0.0, 0.0, 0.1, 0.3])


def test_the_page_opens_for_metrics_that_ask_prompts_of_their_own(tmp_path: Path) -> None:
    results = load("tiny", scenes(tmp_path))
    images = browse.images(results, "lora-lr1-seed0")
    assert {image["sample_id"][:3] for image in images} == {"p-0", "p-1", "s-0", "s-1"}
    assert {image["prompt"] for image in images} == {"as given"}


def test_tables_are_written_beside_their_published_numbers_in_three_forms(tmp_path: Path) -> None:
    runs = example(tmp_path, tables={"pros_and_cons": None, "weight_time_quality": "published.csv"})
    (tmp_path / "experiments/tiny").mkdir(parents=True)
    (tmp_path / "experiments/tiny/published.csv").write_text("model_name,weight_size\nLoRA & co,3.23 MB\n")
    page = render("tiny", runs, tmp_path / "reports", tmp_path / "experiments")
    readme = (page / "README.md").read_text()
    assert "## Pros and cons" in readme and "| LoRA &amp; co | 3.23 MB |" in readme
    tex = (page / "weight_time_quality.tex").read_text()
    assert "LoRA \\& co & 3.23 MB \\\\" in tex and tex.count("\\begin{tabular}") == 2
    assert pd.read_csv(page / "weight_time_quality.csv")["weight_bytes"].tolist() == [50_000, 50_000]
    again = render("tiny", runs, tmp_path / "again", tmp_path / "experiments")
    for file in page.glob("*.*"):
        assert (again / file.name).read_bytes() == file.read_bytes(), file.name


def test_an_unknown_table_or_a_missing_published_one_is_named(tmp_path: Path) -> None:
    runs = example(tmp_path, tables={"pros_and_con": None})
    with pytest.raises(UserError, match="did you mean 'pros_and_cons'"):
        render("tiny", runs, tmp_path / "out", tmp_path)
    write_json(runs / "tiny/study.json", {**_study(runs), "tables": {"pros_and_cons": "gone.csv"}})
    with pytest.raises(UserError, match=r"tiny/gone\.csv is missing"):
        render("tiny", runs, tmp_path / "out", tmp_path)


def _study(runs: Path) -> dict[str, Any]:
    study: dict[str, Any] = pd.read_json(runs / "tiny/study.json", typ="series").to_dict()
    return study


@pytest.mark.parametrize("study", sorted(path.parent.name for path in EXPERIMENTS.glob("*/study.yaml")))
def test_every_study_names_tables_that_there_are_and_has_a_readme(study: str) -> None:
    assert set(load_study(study).tables) <= set(kinds("sdbench.studies"))
    assert (EXPERIMENTS / study / "README.md").is_file()


def test_a_base_model_with_a_grid_of_its_own_gets_it() -> None:
    cells = [cell for _, cell in load_study("sks_dog", ["model=sd21"]).cells]
    assert {cell.model.name for cell in cells} == {"sd21"} and {cell.train.lr for cell in cells} == {
        2e-6,
        5e-6,
        5e-4,
        5e-3,
    }
    assert {cell.method.prior.images for cell in cells if cell.method.prior} == {1000}
    assert 2e-6 not in {cell.train.lr for _, cell in load_study("sks_dog").cells}


def test_the_dog_scenes_without_the_identifier_are_those_with_it() -> None:
    cell = load_study("sks_dog").cells[0][1]
    (probes,) = cell.metrics["drift"].prompts.values()
    assert [template.format(class_words="{subject}") for template in probes.templates] == cell.prompts.templates


def test_make_passes_model_and_subject_on_and_takes_all_studies_at_once(tmp_path: Path) -> None:
    stub, installed = tmp_path / "sdbench", tmp_path / "installed"
    stub.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/said\ncase "$1" in run) exit 1;; esac\n')
    stub.chmod(0o755)
    installed.touch()
    words = ["STUDY=all", "MODEL=sd15", "SUBJECT=folder", "OVERRIDES=subject.folder=pictures", "LAUNCHER=on=workers"]
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "STUDY", "MODEL")}
    made = subprocess.run(
        ["make", "report", f"BIN={tmp_path}", f"INSTALLED={installed}", *words], cwd=ROOT, env=environment
    )
    said = (tmp_path / "said").read_text().splitlines()
    studies_ = ["thesis_logo", "unicorn_girl", "sks_dog"]
    passed = "model=sd15 subject=folder subject.folder=pictures"
    lines = ("run --study {0} on=workers {1}", "audit {0} {1}", "report {0}")
    runs = [line.format(study, passed) for study in studies_ for line in lines]
    assert made.returncode == 0 and said == [*runs, "report clip_similarity"]
