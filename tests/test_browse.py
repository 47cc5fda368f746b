"""What the page shows, as plain data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from study_folder import example, write_json

from sdbench import browse, results, tables


def test_settings_are_those_of_the_stages_without_keys_of_others(tmp_path: Path) -> None:
    said_by = {
        "train/x": {"train": {"lr": 0.001}, "class_images": "prior"},
        "generate/x": {"samples": [1], "trained": "key"},
        "generate/prior": {"sampler": {"steps": 4}},
    }
    for name, said in said_by.items():
        write_json(tmp_path / name / "settings.json", {"settings": said})
    cell: dict[str, Any] = {"cell": "x", "store": str(tmp_path), "overrides": ["a.b=[1,2]"]}
    cell["stages"] = {"train": "train/x", "generate": "generate/x"}
    wanted = {"override.a.b": "[1,2]", "train.train.lr": "0.001", "class_images.sampler.steps": "4"}
    assert browse.settings(cell) == wanted


def test_of_a_training_that_left_no_folder_the_overrides_are_known(tmp_path: Path) -> None:
    cell: dict[str, Any] = {"cell": "x", "store": str(tmp_path), "overrides": ["train.lr=0.1"], "stages": {}}
    assert browse.settings(cell) == {"override.train.lr": "0.1"}


def test_what_every_cell_has_alike_is_said_once_and_nothing_is_lost(tmp_path: Path) -> None:
    cells = [{"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "3"}]
    shared = browse._shared(cells)
    assert shared["common"] == {"a": "1"} and shared["keys"] == ["a", "b", "c"]
    assert [{**shared["common"], **own} for own in shared["own"]] == cells


def test_rows_keep_the_boards_order_and_every_missing_number_has_its_reasons(tmp_path: Path) -> None:
    found = results.load("tiny", example(tmp_path))
    summary = tables.summarise(found)
    board = tables.leaderboard(found, summary)
    rows = browse.study(found, summary, board)["rows"]
    assert [[row["method"], row["parameters"]] for row in rows] == board[["method", "parameters"]].to_numpy().tolist()
    for row in rows:
        for score in row["scores"].values():
            assert (score["value"] is not None) or score["reasons"] or row["cause"]
    real = next(row for row in rows if row["kind"] == "real")
    assert real["scores"]["clip"]["reasons"] == [["no clip here", 4]]


def test_rows_that_differ_only_in_steps_are_checkpoints_of_one_trajectory() -> None:
    names = [("lr0.001_steps400", 400.0), ("lr0.001_steps20", 20), ("lr0.001_steps20_num_inference_steps20", 20)]
    short = [browse._without_steps({"parameters": name, "steps": steps}) for name, steps in names]
    assert short == ["lr0.001", "lr0.001", "lr0.001_num_inference_steps20"]


def test_plain_values_are_json_and_missing_ones_are_null() -> None:
    values = [np.float64("nan"), pd.NA, None, np.int64(3), np.bool_(True), 1 / 3, 2.0, "–"]
    assert (
        json.dumps([browse.plain(value) for value in values]) == '[null, null, null, 3, true, 0.333333, 2, "\\u2013"]'
    )
