"""Weight size, run time and visual quality of each method: the original-character study's table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from sdbench import display, votes
from sdbench.results import ROW, Results, stage_folders
from sdbench.stats import FEW
from sdbench.studies.base import StudyTable, best_cells, duration, size

NOTE = (
    "Of each method's best cell. Weight size: what is saved of a training, in bytes on the disk. Run time: of the "
    "training alone, on the machine that the provenance names; drawing the class images of a prior comes on top, once "
    "for all cells. Visual quality is what people say who compare pictures without knowing the method (`sdbench vote`)"
)
VOTED = (
    ", as the share of pairs that this cell wins against the others that were voted on; 0.5 is as good as they are on "
    "the average."
)
QUALITY = {"": "visual_quality", "_low": "low", "_high": "high"}


def make(results: Results, summary: pd.DataFrame, runs: Path) -> StudyTable:
    """Columns as published, sizes in bytes and times in seconds; visual_quality is empty where nobody has voted."""
    voted = votes.scores(results.name, runs)
    quality = {tuple(row[key] for key in ROW): row for row in voted.to_dict("records")}
    rows = []
    for cell, lost in best_cells(results, summary):
        mine = quality.get(tuple(cell[key] for key in ROW), {})
        rows.append({
            "method": cell["method"], "base_model": cell["model"], "parameters": cell["parameters"],
            "train_steps": cell["steps"], "inference_steps": None if lost else _inference_steps(results, cell["row"]),
            "weight_bytes": None if lost else cell["weight_bytes"],
            "train_seconds": None if lost else cell["train_seconds"],
            **{f"visual_quality{end}": mine.get(key) for end, key in QUALITY.items()},
            "reason": lost or mine.get("reason"),
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    for column in ("train_steps", "inference_steps", "weight_bytes"):
        frame[column] = frame[column].astype("Int64")
    why = voted.attrs["reason"]
    said = f": no votes ({why}), so the column is empty." if why else VOTED
    return StudyTable("Weight size, run time, visual quality", frame, _shown(frame, why is None), NOTE + said)


def _shown(frame: pd.DataFrame, voted: bool) -> pd.DataFrame:
    kept = ["method", "base_model", "parameters", "train_steps", "inference_steps"]
    shown = frame[kept].assign(
        weight_size=frame["weight_bytes"].map(size), run_time=frame["train_seconds"].map(duration)
    )
    column = "visual_quality" if voted else "visual_quality (no votes)"
    # Few raters are said where the votes are reported, so no mark here.
    ends = zip(frame["visual_quality"], frame["visual_quality_low"], frame["visual_quality_high"], strict=True)
    shown[column] = [display.interval(value, low, high, FEW) for value, low, high in ends]
    return shown.assign(reason=frame["reason"]) if frame["reason"].notna().any() else shown


def _inference_steps(results: Results, row: int) -> Any:
    """As the sampler was set; None of images that no sampler drew."""
    for cell in results.cells[results.cells["row"] == row].to_dict("records"):
        file = stage_folders(cell).get("generate", Path("absent")) / "settings.json"
        if file.is_file():
            return json.loads(file.read_text())["settings"].get("sampler", {}).get("num_inference_steps")
    return None
