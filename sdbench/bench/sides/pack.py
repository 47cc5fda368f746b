"""Arms of a sweep trained in one pack; a step is one of each. flags: the overrides of each arm, with spaces between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from sdbench import backbones, packed
from sdbench.bench.side import Pace, Spec
from sdbench.bench.sides.base import cell_of
from sdbench.settings import Cell
from sdbench.trajectory import Trajectory


def arms(spec: Spec) -> list[Spec]:
    """What each arm is alone."""
    return [replace(spec, overrides=[*spec.overrides, *arm.split()]) for arm in spec.flags]


def run(spec: Spec, pace: Pace) -> None:
    pace.spent("import")
    orders = [_order(one, spec.folder / f"arm-{i}") for i, one in enumerate(arms(spec))]
    cell = orders[0].cells[0]
    backbones.load(cell.model, cell.device)
    pace.spent("load")
    pace.ready()
    packed.train(orders, "", len(orders), lambda what: None if spec.fixed else pace.step())
    for i in range(len(orders)):
        pace.losses += pd.read_parquet(spec.folder / f"arm-{i}" / "loss.parquet")["loss"].tolist()


def _order(spec: Spec, folder: Path) -> packed.Order:
    cell, subject = cell_of(spec)

    def keep(cell: Cell, build: Callable[[Path], None]) -> None:
        folder.mkdir()
        build(folder)

    return packed.Order([cell], subject, None, Trajectory(folder.with_suffix(".state")), keep)
