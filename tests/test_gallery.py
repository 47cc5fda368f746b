"""The gallery of near-copies: images nearest to a training picture, each beside that picture."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from sdbench import gallery, subjects, tables
from sdbench.results import load
from tests.study_folder import Folder, everywhere

LOGO = {"subject": {"folder": "bundled:red_hugo_logo"}}


def made(root: Path, settings: object, nearest: str = "02.png") -> pd.DataFrame:
    folder = Folder(root, cards={"copied": {"judges": "memorization"}})
    folder.cell("lora", "lr0.001", {"copied": everywhere(0.5)}, lr=1e-3, steps=40, settings=settings)
    for file in folder.store.glob("score/*/scores.parquet"):
        scores = pd.read_parquet(file)
        seeds = scores["sample_id"].str.rpartition("-")[2].astype(int)
        scores["evidence"] = [json.dumps({"nearest": nearest, "cosine": seed / 100}) for seed in seeds]
        scores.to_parquet(file)
    results = load("tiny", folder.finish("copied"))
    return gallery.nearest(results, tables.every(results).summary)


def test_the_test_images_nearest_to_a_training_picture_stand_beside_it(tmp_path: Path) -> None:
    tiles = made(tmp_path, LOGO)
    drawn, trained = tiles[tiles["x"].str.isdigit()], tiles[~tiles["x"].str.isdigit()]
    assert [Path(path).stem.rpartition("-")[2] for path in drawn["path"]] == ["12", "12", "11", "11"]
    assert set(trained["path"]) == {str(subjects.place("bundled:red_hugo_logo") / "train" / "02.png")}
    assert set(tiles["y"]) == {"lora"}


def test_a_training_picture_that_is_gone_leaves_its_name(tmp_path: Path) -> None:
    for number, settings in enumerate(({"subject": {"folder": str(tmp_path / "gone")}}, None)):
        tiles = made(tmp_path / str(number), settings)
        gone = tiles[tiles["path"].isna()]
        assert len(gone) == gallery.EACH and set(gone["word"]) == {"02.png"}


def test_without_a_metric_of_memorization_there_is_no_gallery(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("lora", "lr0.001", {"yolo": everywhere(0.5)}, lr=1e-3, steps=40)
    results = load("tiny", folder.finish("yolo"))
    assert gallery.nearest(results, tables.every(results).summary).empty
