"""The sibling: pictures of another thing of the subject's class, judged as images are; a floor, and never a method."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from study_folder import Folder, everywhere

from sdbench import browse, config, pipeline, rows, tables
from sdbench.report import render
from sdbench.results import Results, load
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chains
from sdbench.store import Store
from sdbench.voting.ballot import questions

MakeCell = Callable[..., Cell]
CARDS = {"likeness": {"unit": "cosine", "title": "Likeness", "judges": "identity"}}
METRICS = "metric=[yolo,ocr,clip_text,clip_image,dino,diversity,memorization,drift]"


def chains(sibling: str | None, cell: Cell) -> dict[str, list[str]]:
    """The stages of every row of a study of one cell."""
    there = replace(cell, subject=replace(cell.subject, sibling=sibling))
    found = Chains(lambda path: path.name)
    return {row.name: [stage.path for stage in found.of(row).all()] for row in rows.of_study([([], there)])}


def test_no_other_stage_depends_on_the_sibling(make_cell: MakeCell) -> None:
    cell = make_cell("method=dreambooth", METRICS)
    sibling = cell.subject.sibling
    without, one, other = (chains(s, cell) for s in (None, sibling, "bundled:sks_dog/sibling"))
    mine, its = one.pop("sibling"), other.pop("sibling")
    assert without == one == other and not set(mine) & set(its)
    assert not set(mine) & {path for paths in one.values() for path in paths}


def test_a_sibling_is_in_no_name_and_without_one_there_is_no_row() -> None:
    points = [["method=lora"], ["method=dreambooth", "subject.sibling=bundled:sks_dog/sibling"]]
    found = rows.of_study(list(zip(points, config.compose_cells(points), strict=True)))
    assert [row.name for row in found] == [
        "base", "base_raw", "sibling", "real", "lora-lr0.001_steps200-seed0", "dreambooth-lr0.001_steps200-seed0",
    ]  # fmt: skip
    none = [["method=lora", "subject.sibling=null"]]
    kinds = [row.kind for row in rows.of_study(list(zip(none, config.compose_cells(none), strict=True)))]
    assert kinds == ["base", "base_raw", "real", "trained"]


@pytest.mark.parametrize(
    ("subject", "metric", "apart"),
    [("red_hugo_logo", "yolo", 0.7), ("unicorn_girl", "clip_image", 0.3), ("sks_dog", "clip_image", 0.05)],
)
def test_it_is_judged_as_the_held_out_pictures_are_and_lies_below_them_and_trains_and_draws_nothing(
    make_cell: MakeCell, store: Store, tmp_path: Path, subject: str, metric: str, apart: float
) -> None:
    cell = replace(make_cell(f"subject={subject}", f"metric=[{metric},drift]"), threads=1)  # drift asks prompts
    scores, judged = {}, {}
    for kind in ("sibling", "real"):
        stages = pipeline.run(Row(kind, cell, [], "", ""), store, tmp_path, lambda what: None)["stages"]
        assert set(stages["score"]) == {metric} and not stages["asked"] and "train" not in stages
        folder = store.root / stages["score"][metric]
        scores[kind] = pd.read_parquet(folder / "scores.parquet")
        judged[kind] = json.loads((folder / "settings.json").read_text())["settings"]
    assert {k: v for k, v in judged["sibling"].items() if k != "generate"} == {
        k: v for k, v in judged["real"].items() if k != "generate"
    }
    assert len(scores["sibling"]) == 8 and scores["sibling"]["value"].notna().all()
    assert scores["sibling"]["value"].mean() < scores["real"]["value"].mean() - apart
    assert {folder.name for folder in store.root.glob("[!.]*")} == {"generate", "score"}


def test_it_is_compared_with_every_reference_of_the_subject(make_cell: MakeCell, store: Store, tmp_path: Path) -> None:
    cell = replace(make_cell("subject=sks_dog", "metric=[clip_image]"), threads=1)
    stages = pipeline.run(Row("sibling", cell, [], "", ""), store, tmp_path, lambda what: None)["stages"]
    said = pd.read_parquet(store.root / stages["score"]["clip_image"] / "scores.parquet")["evidence"]
    assert {json.loads(one)["references"] for one in said} == {4}


def example(root: Path, sibling: bool = True) -> Path:
    """Likeness: base 0.2, sibling 0.95, lora 0.5, real 1.0."""
    folder = Folder(root, cards=CARDS)
    folder.cell("base", scores={"likeness": everywhere(0.2), "taste": everywhere(0.1)}, kind="base")
    if sibling:
        folder.cell("sibling", scores={"likeness": everywhere(0.95), "taste": everywhere(0.1)}, kind="sibling")
    folder.cell("real", scores={"likeness": everywhere(1.0), "taste": everywhere(0.9)}, kind="real")
    for method, value in (("lora", 0.5), ("dreambooth", 0.6)):
        folder.cell(method, "lr1", {"likeness": everywhere(value), "taste": everywhere(value)}, lr=1.0, steps=1)
    return folder.finish("likeness")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return load("tiny", example(tmp_path_factory.mktemp("sibling")))


def test_it_is_a_row_of_all_its_pictures_and_never_a_method(results: Results) -> None:
    every = tables.every(results)
    board = every.leaderboard.set_index("method")
    assert board.loc["sibling", "likeness"] == pytest.approx(0.95) and board.loc["sibling", "n"] == 4
    assert every.summary.loc[every.summary["best"], "method"].tolist() == ["lora", "dreambooth"]
    assert set(every.ranks["method"]) == {"base", "lora", "dreambooth"}
    for table in (every.compare["first"], every.compare["second"], every.paired["method"], every.thesis["method"]):
        assert "sibling" not in set(table)
    assert "sibling" not in set(every.tuning["label"]) | set(every.sensitivity["label"])


def test_a_similarity_to_the_subject_stands_beside_what_its_sibling_gets(results: Results) -> None:
    shares = tables.every(results).rescaled.set_index(["method", "metric"])
    assert shares.loc[("lora", "likeness"), ["floor", "sibling", "ceiling"]].tolist() == pytest.approx([0.2, 0.95, 1.0])
    assert shares.loc[("lora", "likeness"), "rescaled"] == pytest.approx(0.3 / 0.8)
    assert shares.loc[("sibling", "likeness"), "rescaled"] == pytest.approx(0.75 / 0.8)
    assert pd.isna(shares.loc[("lora", "taste"), "sibling"])  # no metric of identity


def test_a_rater_is_never_shown_it_as_the_subject(results: Results) -> None:
    asked = questions(results, "ann", checks=0.3, reference=True)
    shown = {side.cell for one in asked for side in (one.left, one.right, one.reference) if side is not None}
    assert shown == {"lora-lr1-seed0", "dreambooth-lr1-seed0", "real-seed0"}


def test_the_report_names_it_as_a_floor_where_there_is_one(tmp_path: Path) -> None:
    texts = {}
    for there in (True, False):
        root = tmp_path / str(there)
        page = render("tiny", example(root, there), root / "reports", root / "experiments")
        texts[there] = (page / "README.md").read_text()
    said = [
        "`sibling` are pictures of another of the subject's class (floors)",
        "`sibling`: pictures of another of the subject's class",
        "0.950 [0.950, 0.950]† (0.94)",
        "Up to the share of `sibling` it may be any of the subject's class.",
    ]
    assert all(one in texts[True] for one in said) and "sibling" not in texts[False]


def test_the_page_knows_which_rows_answer_no_prompt(results: Results) -> None:
    summary = tables.summarise(results)
    shown = browse.study(results, summary, tables.leaderboard(results, summary))["rows"]
    assert {row["kind"]: row["pictures"] for row in shown} == {
        "base": False, "sibling": True, "real": True, "trained": False,
    }  # fmt: skip
