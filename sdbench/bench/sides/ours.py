"""sdbench's own training, as the pipeline runs it."""

from __future__ import annotations

import math
import time

import pandas as pd

from sdbench import adapters, backbones
from sdbench.bench.side import Pace, Spec
from sdbench.bench.sides.base import cell_of, class_folder
from sdbench.inputs import Inputs
from sdbench.train import inputs_of, train
from sdbench.trajectory import Trajectory


def run(spec: Spec, pace: Pace) -> None:
    pace.spent("import")
    cell, subject = cell_of(spec)
    base = backbones.load(cell.model, cell.device)
    pace.spent("load")
    prior = class_folder(spec) if cell.method.prior else None
    learning = adapters.create(cell.method, subject, cell.train.seed)
    encode(inputs_of(cell, subject, base, prior, learning), cell.train.batch_size)
    pace.spent("cache")

    def watch(_backbone: object, _learning: object, step: int) -> None:
        pace.step()

    folder = spec.folder / f"trained-{time.time_ns()}"
    folder.mkdir()
    pace.ready()
    train(cell, subject, base, prior, Trajectory(folder / "state"), folder, None if spec.fixed else watch)
    pace.losses = pd.read_parquet(folder / "loss.parquet")["loss"].tolist()


def encode(inputs: Inputs, batch_size: int) -> None:
    """Every picture and prompt of an epoch, into the cache of the base."""
    for step in range(math.ceil(max(map(len, inputs.parts)) / batch_size)):
        inputs.batch(step, batch_size, range(batch_size))
