"""How well each method does and what it takes to keep: Textual Inversion against DreamBooth, in the sks_dog study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sdbench import display, tables
from sdbench.results import Results
from sdbench.studies.base import StudyTable, best_cells, reference, size

NOTE = (
    "Effectiveness: every metric of each method's best cell on the test seeds, with 95 % intervals, between the "
    "untuned base (floor; where there is a sibling, another of the subject's class, it is a second one) and held-out "
    "pictures (ceiling); what could not be scored is a dash: the report says why. Storage: bytes as saved, and as a "
    "share of the heaviest method's."
)


def make(results: Results, summary: pd.DataFrame, _runs: Path) -> StudyTable:
    """A row per method, and one for each floor and ceiling they are compared with."""
    cells = list(best_cells(results, summary))
    beside = [reference(summary, cell["label"], kind) for kind in ("base", "sibling", "real") for cell, _ in cells]
    others = list({row["row"]: {**row, "parameters": None} for row in beside if row is not None}.values())
    sizes = [cell["weight_bytes"] for cell, lost in cells if lost is None and pd.notna(cell["weight_bytes"])]
    heaviest = max(sizes, default=0)
    kept = [*((cell, lost) for cell, lost in cells), *((row, None) for row in others)]
    rows = [_row(results, cell, lost, heaviest) for cell, lost in kept]
    frame = pd.DataFrame(rows).astype({"weight_bytes": "Int64", "trainable_parameters": "Int64"})
    return StudyTable("Effectiveness and storage", frame, _shown(results, frame), NOTE)


def _row(results: Results, cell: dict[Any, Any], lost: str | None, heaviest: float) -> dict[str, Any]:
    scores = {f"{metric}{end}": cell.get(f"{metric}{end}") for metric in results.cards for end in tables.ENDS}
    count = None if lost else cell["weight_bytes"]
    return {
        "method": cell["label"], "parameters": cell["parameters"], "n": cell["n"], **scores,
        "trainable_parameters": None if lost else cell["trainable_parameters"], "weight_bytes": count,
        "weight_share": None if pd.isna(count) or not heaviest else float(count) / float(heaviest), "reason": lost,
    }  # fmt: skip


def _shown(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in frame.to_dict("records"):
        scores = {display.title(results, card): display.score(row, card.name) for card in display.headline(results)}
        share = None if pd.isna(row["weight_share"]) else f"{row['weight_share']:.2g}"
        kept = {"weight size": size(row["weight_bytes"]), "of the heaviest": share}
        rows.append({"method": row["method"], "parameters": row["parameters"], **scores, **kept})
    shown = pd.DataFrame(rows).dropna(axis="columns", how="all")
    return shown.assign(reason=frame["reason"]) if frame["reason"].notna().any() else shown
