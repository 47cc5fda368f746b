"""Scores between their floor, the untuned base (0), and their ceiling, the held-out pictures (1)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sdbench.results import Results

BESIDE = ["subject", "model", "context"]  # what a row has in common with its floor and its ceiling


def rescaled(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """row, metric, value, floor, sibling, ceiling, rescaled, reason: of every row and metric that has a direction.

    (value - floor) / (ceiling - floor), so a row below its floor is negative; empty where there is a reason. sibling:
    of a metric of identity, what another thing of the subject's class gets, in the place of a second floor.
    """
    records = []
    for _, rows in summary.groupby(BESIDE, sort=False):
        for metric, card in results.cards.items():
            if card.direction in ("higher", "lower"):
                floor, sibling, ceiling = (_only(rows, kind, metric) for kind in ("base", "sibling", "real"))
                sibling = sibling if card.judges == "identity" else None
                for row, value in zip(rows["row"], rows[metric], strict=True):
                    share, why = between(value, floor, ceiling, card.direction == "higher")
                    records.append((row, metric, value, floor, sibling, ceiling, share, why))
    columns = ["row", "metric", "value", "floor", "sibling", "ceiling", "rescaled", "reason"]
    table = pd.DataFrame(records, columns=columns)
    return table.astype(dict.fromkeys(columns[2:7], float)).sort_values("row", kind="stable", ignore_index=True)


def between(
    value: float | None, floor: float | None, ceiling: float | None, higher_is_better: bool
) -> tuple[float | None, str | None]:
    """The share, or why there is none."""
    if value is None or pd.isna(value):
        return None, "it has no score"
    if floor is None or pd.isna(floor):
        return None, "no floor: the untuned base has no score"
    if ceiling is None or pd.isna(ceiling):
        return None, "no ceiling: the held-out pictures have no score"
    if (ceiling <= floor) if higher_is_better else (ceiling >= floor):
        return None, f"the ceiling, {ceiling:.3f}, is not better than the floor, {floor:.3f}"
    return (value - floor) / (ceiling - floor), None


def _only(rows: pd.DataFrame, kind: str, metric: str) -> Any:
    found = rows.loc[rows["kind"] == kind, metric]
    return found.iloc[0] if len(found) else None
