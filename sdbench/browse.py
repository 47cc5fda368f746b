"""A study's results as the plain data that its page shows: leaderboard rows, images, settings, origins. Never torch.

JSON types only, NaN as null, numbers with six digits: the same results give the same text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sdbench.records import PICTURES
from sdbench.results import ROW, Results, stage_folders
from sdbench.rows import flatten
from sdbench.stats import FEW

COSTS = [  # column, title, unit of what is shown
    ("train_seconds", "train s", 1),
    ("generate_seconds", "generate s", 1),
    ("peak_memory_bytes", "peak MB", 1e6),
    ("trainable_parameters", "trainable", 1),
    ("weight_bytes", "weights MB", 1e6),
    ("train_energy_joules", "train J", 1),
    ("generate_energy_joules", "generate J", 1),
    ("co2_grams", "CO2 g", 1),
]
DERIVED = (
    "samples",
    "images",
    "trained",
    "generate",
)  # keys of earlier stages and the images themselves: no setting of its own


def study(results: Results, summary: pd.DataFrame, board: pd.DataFrame) -> dict[str, Any]:
    """All that the page's first view needs, and nothing whose size grows with the number of images.

    board: the order of the rows. A row's `cells` and a cell's place in `cells` and `settings` are one numbering.
    """
    early = {"protocol": " ".join(results.caveats)} if results.caveats else {}
    order = board[ROW].merge(summary, on=ROW, how="left")
    return {
        "name": results.name,
        "question": results.question,
        "select": results.select,
        "missing": results.missing,
        **early,
        "metrics": [{**asdict(card), "failed": results.flagged.get(name)} for name, card in results.cards.items()],
        "costs": [{"name": name, "title": title, "unit": unit} for name, title, unit in COSTS],
        "rows": [_row(results, row) for row in order.to_dict("records")],
        "cells": [_cell(cell) for cell in results.cells.to_dict("records")],
        "settings": _shared([settings(cell) for cell in results.cells.to_dict("records")]),
    }


def _row(results: Results, row: Mapping[Any, Any]) -> dict[str, Any]:
    cells = results.cells.index[results.cells["row"] == row["row"]]
    test = results.images.index[(results.images["row"] == row["row"]) & results.images["test"].astype(bool)]
    keys = [*ROW, "label", "kind", "best", "status", "cause", "n", "clusters", "lr", "steps"]
    return {
        **{key: plain(row[key]) for key in keys},
        "pictures": row["kind"] in PICTURES,
        "trajectory": " ".join([*(str(row[key]) for key in ROW[:3]), _without_steps(row)]),
        "cells": cells.tolist(),
        "scores": {metric: _score(results, row, metric, test) for metric in results.cards},
        "costs": {name: plain(row.get(name)) for name, _, _ in COSTS},
    }


def _without_steps(row: Mapping[Any, Any]) -> str:
    """`lr0.001_rank4` of `lr0.001_steps400_rank4`: rows that share it are checkpoints of one training."""
    steps = plain(row["steps"])
    return str(row["parameters"]) if steps is None else str(row["parameters"]).replace(f"_steps{steps:g}", "", 1)


def _score(results: Results, row: Mapping[Any, Any], metric: str, test: pd.Index) -> dict[str, Any]:
    """The mean with its interval and counts, and each reason of an unscored image with how often it was given."""
    reasons = Counter(results.reasons.reindex(columns=[metric]).loc[test, metric].dropna())
    ends = {"value": "", "low": "_low", "high": "_high", "n": "_n", "unscored": "_n_unscored"}
    numbers = {name: plain(row.get(f"{metric}{end}")) for name, end in ends.items()}
    numbers["few"] = bool(row.get(f"{metric}_clusters", FEW) < FEW)
    return numbers | {"reasons": [[str(reason), count] for reason, count in reasons.most_common()]}


def _cell(cell: Mapping[Any, Any]) -> dict[str, Any]:
    """A cell and where each of its stages comes from; dates stand here and nowhere else."""
    stages = []
    for name, folder in stage_folders(cell).items():
        record = json.loads((folder / "provenance.json").read_text())
        seen = {key: plain(record.get(key)) for key in ("started", "seconds", "device", "commit", "dirty")}
        stages.append({"stage": name, "folder": f"{folder.parent.name}/{folder.name}", **seen})
    keys = ("cell", "train_seed", "status", "cause")
    return {**{key: plain(cell[key]) for key in keys}, "stages": stages}


def images(results: Results, cell: str) -> list[dict[str, Any]]:
    """The test images of a cell: id, prompt, class_prompt, seed, path and per metric value or reason, and evidence."""
    chosen = results.images[(results.images["cell"] == cell) & results.images["test"].astype(bool)]
    folders = stage_folders(results.cells.set_index("cell").loc[cell].to_dict())
    if not len(chosen):
        return []
    drawn = [folder for name, folder in folders.items() if name == "generate" or name.startswith("asked ")]
    samples = pd.concat([pd.read_parquet(folder / "samples.parquet") for folder in drawn]).set_index("sample_id")
    seen = _evidence([folder for name, folder in folders.items() if name != "train" and folder not in drawn])
    tables = (chosen, results.values.loc[chosen.index], results.reasons.loc[chosen.index])
    found = []
    for image, values, reasons in zip(*(table.to_dict("records") for table in tables), strict=True):
        scores = {}
        for metric in results.cards:
            given = {"value": plain(values.get(metric)), "reason": plain(reasons.get(metric))}
            given["evidence"] = seen.get((image["sample_id"], metric))
            scores[metric] = {key: part for key, part in given.items() if part is not None}
        kept = {key: plain(image[key]) for key in ("sample_id", "class_prompt", "seed", "path")}
        found.append({**kept, "prompt": samples["prompt"][image["sample_id"]], "scores": scores})
    return found


def _evidence(folders: list[Path]) -> dict[tuple[str, str], Any]:
    """(sample id, metric) -> what was seen, of those who say anything."""
    columns = ["sample_id", "metric", "evidence"]
    rows = [
        row for folder in folders for row in pd.read_parquet(folder / "scores.parquet")[columns].to_numpy().tolist()
    ]
    return {
        (sample, metric): json.loads(said, parse_float=lambda number: plain(float(number)))
        for sample, metric, said in rows
        if said not in ("{}", None)
    }


def settings(cell: Mapping[Any, Any]) -> dict[str, str]:
    """What the cell was made with, `train.train.lr` and so on: its stages' settings.json, and what it was asked for.

    A training that failed left no folder: of such a cell only the overrides are known.
    """
    found = {f"override.{key}": value for key, _, value in (text.partition("=") for text in cell["overrides"])}
    folders = stage_folders(cell)
    for name, folder in folders.items():
        place = name if name in ("train", "generate") else f"score.{name}"
        found |= _said(place, folder)
    class_images = found.pop("train.class_images", "null")
    if class_images != "null":
        found |= _said("class_images", Path(cell["store"]) / "generate" / class_images)
    return found


def _said(place: str, folder: Path) -> dict[str, str]:
    path = folder / "settings.json"
    if not path.is_file():
        return {}
    said = json.loads(path.read_text())["settings"]
    kept = flatten({key: value for key, value in said.items() if key not in DERIVED}, f"{place}.")
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for key, value in kept.items()
    }


def _shared(cells: list[dict[str, str]]) -> dict[str, Any]:
    """common: what every cell says alike, once. own: each cell's others. keys: all of them, sorted."""
    keys = sorted({key for cell in cells for key in cell})
    first = cells[0] if cells else {}
    common = {key: first[key] for key in keys if all(cell.get(key) == first.get(key) for cell in cells)}
    own = [{key: cell[key] for key in keys if key in cell and key not in common} for cell in cells]
    return {"keys": keys, "common": common, "own": own}


def plain(value: Any) -> Any:
    """`value` as JSON has it; None for what is missing; a number with six digits."""
    if isinstance(value, str) or value is None:
        return value
    if pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return int(value) if float(value).is_integer() else float(f"{value:.6g}")
