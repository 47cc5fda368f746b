"""Images beside the training pictures that they come nearest to, so that a copy is seen and not only counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sdbench.errors import UserError
from sdbench.results import Results, stage_folders
from sdbench.subjects import place

EACH = 4  # images of a row: those nearest to any training picture
CAPTION = (
    f"The {EACH} test images of each best cell, and of the held-out pictures, that come nearest to a picture trained "
    "on, each with that picture to its right"
)


def nearest(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """x, y, path, word, for a grid: a line per best cell and ceiling, an image and a training picture in turn.

    Of a metric whose evidence names the nearest training picture and its cosine. Empty where none does; a tile has a
    word in place of a path where the picture is not there any more.
    """
    shown = summary[summary["best"] | (summary["kind"] == "real")]
    tiles: list[dict[str, Any]] = []
    for row in shown.to_dict("records"):
        found = []
        for cell in results.cells[results.cells["row"] == row["row"]].to_dict("records"):
            found += [(cell, *one) for one in _evidence(results, cell)]
        best = sorted(found, key=lambda one: -one[2]["cosine"])[:EACH]
        for number, (cell, path, said) in enumerate(best, 1):
            tiles.append({"x": f"{number}", "y": row["label"], "path": path, "word": ""})
            file = _trained_on(cell, said["nearest"])
            tiles.append({"x": f"trained on {number}", "y": row["label"], "path": file, "word": said["nearest"]})
    return pd.DataFrame(tiles, columns=["x", "y", "path", "word"])


def _evidence(results: Results, cell: Mapping[Any, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(path, evidence) of the cell's test images, as one metric of memorization tells it."""
    test = results.images[(results.images["cell"] == cell["cell"]) & results.images["test"].astype(bool)]
    paths = dict(zip(test["sample_id"], test["path"], strict=True))
    telling = [name for name, card in results.cards.items() if card.judges == "memorization"]
    if not telling or not paths:
        return []
    folders = stage_folders(cell)
    scores = pd.concat([pd.read_parquet(folders[kind] / "scores.parquet") for kind in cell["stages"]["score"]])
    mine = scores[(scores["metric"] == telling[0]) & scores["value"].notna()]
    said = [(paths.get(name), json.loads(told)) for name, told in mine[["sample_id", "evidence"]].to_numpy().tolist()]
    return [(path, evidence) for path, evidence in said if path and {"nearest", "cosine"} <= set(evidence)]


def _trained_on(cell: Mapping[Any, Any], name: str) -> str | None:
    """The training picture of that name in the cell's subject, if it is there."""
    if not isinstance(cell.get("settings"), dict):
        return None  # a record of an earlier version
    try:
        file = place(cell["settings"]["subject"]["folder"]) / "train" / name
    except UserError:
        return None
    return str(file) if file.is_file() else None
