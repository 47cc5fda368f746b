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
from sdbench.stages import Chains
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
        for i in range(1, checkpoints + 1):
            train(replace(cell, train=replace(cell.train, steps=spec.steps * i // checkpoints)), store)
        pace.step()
        shutil.rmtree(store.root)


def train(cell: Cell, store: Store) -> None:
    """The stages of a cell up to its finished training."""
    row = Row("trained", cell, [], "", "")
    chain = Chains(store.identity).of(row)
    for name, _ in pipeline.each_stage(row, chain, store, store.root / "previews", lambda what: None):
        if name == "train":
            return
