"""Scores with what the bootstrap resamples them by, from the images of some leaderboard rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sdbench.results import Results


def on_test_seeds(results: Results) -> pd.DataFrame:
    return results.images[results.images["test"].astype(bool)]


def judged(results: Results, images: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Those of `images` that the metric is to judge, with its `value` and their `cluster`.

    A sample id is `<prompt_id>-<image seed>`, the same for every training seed: it is the cluster. Where the images of
    a prompt have one score between them, it counts once, and the prompt is the cluster.
    """
    card = results.cards[metric]
    mine = images[images["asked"] == card.prompts]
    if card.per == "prompt":
        mine = mine.drop_duplicates(["cell", "prompt_id"])
    cluster = mine["prompt_id" if card.per == "prompt" else "sample_id"]
    return mine.assign(value=results.values.loc[mine.index, metric], cluster=cluster.astype(str))


def clustered(
    results: Results, images: pd.DataFrame, metric: str, by_subject: bool = False
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Values (n,) and clusters (n,); by_subject: (n, 2), the subject first, for means over subjects."""
    mine = judged(results, images, metric)
    names = mine["cluster"].to_numpy(dtype=str)
    if by_subject:
        subjects = results.cells.drop_duplicates("row").set_index("row")["subject"]
        names = np.column_stack([mine["row"].map(subjects).to_numpy(dtype=str), names])
    return mine["value"].to_numpy(dtype=float), names
