"""What a study's rows vary in, read from the summary frame, and slices of it. Frames in, frames out.

A row's `parameters` say everything that the study varies (sdbench.rows.of_study): its learning rate and training
steps first, then the rest, the inference steps among it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sdbench.records import FLOORS

FACTORS = ["lr", "steps", "inference_steps", "rest"]
FIRST = re.compile(r"^lr[^_]*(_steps\d+)?(_|$)")
INFERENCE = re.compile(r"(^|_)num_inference_steps(\d+)(?=_|$)")
NAMES = {"lr": "learning rate", "steps": "training steps", "inference_steps": "inference steps"}


def with_factors(summary: pd.DataFrame) -> pd.DataFrame:
    """`summary` and the columns `inference_steps` (where the study varies them) and `rest`: what else the row says.

    summary: parameters, lr, steps and whatever else.
    """
    inference = summary["parameters"].str.extract(INFERENCE)[1].astype(float)
    rest = summary["parameters"].str.replace(FIRST, "", regex=True).str.replace(INFERENCE, "", regex=True)
    return summary.assign(inference_steps=inference, rest=rest.str.strip("_"))


def trained(summary: pd.DataFrame) -> pd.DataFrame:
    """Rows that were trained at a learning rate, with their factors."""
    return with_factors(summary[(summary["kind"] == "trained") & summary["lr"].notna()])


def anchors(summary: pd.DataFrame) -> pd.DataFrame:
    """A row per label: its best cell, or its first where none could be chosen."""
    rows = trained(summary)
    return rows.sort_values("best", ascending=False, kind="stable").drop_duplicates("label").sort_index()


def at_best(summary: pd.DataFrame, along: Sequence[str]) -> pd.DataFrame:
    """Each label's rows that differ from its anchor in nothing but `along`, some of FACTORS: a slice through its best.

    So what is drawn along one factor is not mixed over the others.
    """
    rows = trained(summary)
    held = [factor for factor in FACTORS if factor not in along]
    anchor = anchors(summary).set_index("label")
    same = pd.Series(True, index=rows.index)
    for factor in held:
        wanted = rows["label"].map(anchor[factor])
        same &= (rows[factor] == wanted) | (rows[factor].isna() & wanted.isna())
    return rows[same]


def references(summary: pd.DataFrame, label: str | None = None, along: Sequence[str] = ()) -> pd.DataFrame:
    """The floors and ceilings beside the best cells, or beside that of one label: of its subject and model, drawn so.

    along: with `inference_steps`, those at every number of them.
    """
    rows = with_factors(summary[summary["kind"].isin(FLOORS)])
    best = anchors(summary)
    best = best if label is None else best[best["label"] == label]

    def beside(row: Any, cell: Any) -> bool:
        """A row's parameters end with its context, which is all that those of a floor say."""
        same = (row.subject, row.model) == (cell.subject, cell.model)
        drawn = not row.rest or f"_{cell.rest}".endswith(f"_{row.rest}")
        at = "inference_steps" in along or pd.isna(row.inference_steps) or row.inference_steps == cell.inference_steps
        return bool(same and drawn and at)

    kept = [any(beside(row, cell) for cell in best.itertuples()) for row in rows.itertuples()]
    return rows[pd.Series(kept, index=rows.index, dtype=bool)]


def varies(summary: pd.DataFrame, *along: str) -> bool:
    """Has some method's slice along these factors two or more values of every one of them?"""
    counts = at_best(summary, along).groupby("label")[list(along)].nunique()
    return bool((counts >= 2).all(axis=1).any())


def held(row: pd.Series, along: Sequence[str]) -> str:
    """What a slice holds fixed, in words: `training steps 400, rank16`; empty where the factor has no value."""
    said = [f"{NAMES[f]} {row[f]:g}" for f in NAMES if f not in along and pd.notna(row[f])]
    return ", ".join([*said, *([row["rest"]] if row["rest"] and "rest" not in along else [])])
