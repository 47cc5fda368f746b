"""Which weights stay once a trajectory's cells are scored: full checkpoints are large, their images are small."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sdbench import results, upkeep
from sdbench.cells import weights
from sdbench.rows import Row
from sdbench.store import Store


def apply(rows: Sequence[Row], records: Sequence[dict[str, Any]], select: str) -> None:
    """Let go of weights as `train.keep` says. The rows are those of one trajectory, in the order they were trained."""
    trained = [(row, record) for row, record in zip(rows, records, strict=True) if record["status"] == "done"]
    trained = [(row, record) for row, record in trained if row.kind == "trained"]
    if not trained or trained[0][0].cell.train.keep == "all":
        return
    keep, store = trained[0][0].cell.train.keep, Store(trained[0][0].cell.store)
    kept = {"last": trained[-1:], "best": [max(trained, key=lambda one: _value(one[1], select))], "scores": []}[keep]
    stays = {record["stages"]["train"] for _, record in kept}
    for path in dict.fromkeys(record["stages"]["train"] for _, record in trained):
        if path not in stays:
            _shed(store, store.root / path)
    if keep == "scores":
        upkeep.free(store, [upkeep.Unused(store.root / trained[0][1]["stages"]["trajectory"], 0)])


def _value(record: dict[str, Any], select: str) -> float:
    """The cell's mean on its validation seeds, by which a study chooses; without one it is never the best."""
    images, values, *_ = results.judged([record])
    chosen = values.loc[images["validation"].to_numpy(dtype=bool), select].mean() if select in values else float("nan")
    return float(chosen) if chosen == chosen else float("-inf")


def _shed(store: Store, folder: Path) -> None:
    store.shed(folder, [path.relative_to(folder).as_posix() for path in weights(folder)])
