"""Which weights stay once a trajectory's cells are scored: full checkpoints are large, their images are small."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sdbench import results, upkeep
from sdbench.cells import weights
from sdbench.rows import Row
from sdbench.store import Store


def apply(rows: Sequence[Row], records: Sequence[dict[str, Any]], select: str, ended: bool = True) -> None:
    """Let go of weights as `train.keep` says. The rows are those of one trajectory, in the order they were trained.

    ended: whether it is trained no further, so that what it would go on from may go too.
    """
    trained = [(row, record) for row, record in zip(rows, records, strict=True) if record.get("status") == "done"]
    trained = [(row, record) for row, record in trained if row.kind == "trained"]
    if not trained or trained[0][0].cell.train.keep == "all":
        return
    keep, store = trained[0][0].cell.train.keep, Store(trained[0][0].cell.store)
    kept = {"last": trained[-1:], "best": [max(trained, key=lambda one: _value(one[1], select))], "scores": []}[keep]
    stays = {record["stages"]["train"] for _, record in kept}
    for path in dict.fromkeys(record["stages"]["train"] for _, record in trained):
        if path not in stays:
            _shed(store, store.root / path)
    if keep == "scores" and ended:
        upkeep.free(store, [upkeep.Unused(store.root / trained[0][1]["stages"]["trajectory"], 0)])


def _value(record: dict[str, Any], select: str) -> float:
    """The cell's mean on its validation seeds, by which a study chooses; without one it is never the best."""
    chosen = results.validation_mean([record], select)
    return float("-inf") if chosen is None else chosen


def _shed(store: Store, folder: Path) -> None:
    store.shed(folder, [path.relative_to(folder).as_posix() for path in weights(folder)])
