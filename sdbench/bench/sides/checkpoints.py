"""One training of sdbench from its first cell to its last, stored as a study stores it; a step is all of it.

flags: how many cells, at equal distances of steps, share the training; a resume state and finished weights for each.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

from sdbench import backbones, pipeline
from sdbench.bench.side import Pace, Spec
from sdbench.bench.sides.base import cell_of
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.store import Store


def run(spec: Spec, pace: Pace) -> None:
    pace.spent("import")
    cell, _ = cell_of(spec)
    cell = replace(cell, metrics={})
    backbones.load(cell.model, cell.device)  # a worker is warm when a grid reaches it
    pace.spent("load")
    pace.ready()
    checkpoints = int(spec.flags[0])
    while True:
        store = Store(spec.folder / "store")
        steps = [spec.steps * i // checkpoints for i in range(1, checkpoints + 1)]
        train([replace(cell, train=replace(cell.train, steps=count)) for count in steps], store)
        pace.step()
        shutil.rmtree(store.root)


def train(cells: list[Cell], store: Store) -> None:
    """The stages of cells up to their finished trainings."""
    rows = [Row("trained", cell, [], "", "") for cell in cells]
    previews = [store.root / "previews"] * len(rows)
    pipeline.train_together(rows, store, previews, lambda what: None)
