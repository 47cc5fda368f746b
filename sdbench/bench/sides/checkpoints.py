"""One training of sdbench from its first cell to its last, stored as a study stores it; a step is all of it.

flags: how many cells, at equal distances of steps, share the training; each with its finished weights.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

from sdbench import backbones, pipeline
from sdbench.bench.side import Pace, Spec
from sdbench.bench.sides.base import cell_of
from sdbench.rows import Row
from sdbench.stages import Chains
from sdbench.store import Store
from sdbench.trained import Warm


def run(spec: Spec, pace: Pace) -> None:
    pace.spent("import")
    cell, _ = cell_of(spec)
    count = int(spec.flags[0])
    steps = [spec.steps * i // count for i in range(1, count + 1)]
    cells = [replace(cell, metrics={}, train=replace(cell.train, steps=reached)) for reached in steps]
    rows = [Row("trained", cell, [], "", "") for cell in cells]
    store = Store(spec.folder / "store")
    backbones.load(cell.model, cell.device, Chains(store.identity).of(rows[0]).base)  # as in a warm worker
    pace.spent("load")
    pace.ready()
    while True:
        warm = Warm()
        for row in rows:
            pipeline.train(row, store, store.root / "previews", _nobody, warm)
        warm.leave()
        pace.step()
        shutil.rmtree(store.root)


def _nobody(what: str) -> None:
    """Is told what is being worked on."""
