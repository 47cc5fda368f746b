"""The arms of a pack trained one after the other, each by itself; in double precision by a plain loop where asked."""

from __future__ import annotations

from typing import Any

import pandas as pd
import torch

from sdbench import adapters, backbones
from sdbench.bench.side import Pace, Spec
from sdbench.bench.sides.base import cell_of
from sdbench.bench.sides.pack import arms
from sdbench.settings import Cell
from sdbench.subjects import Subject
from sdbench.train import inputs_of, train
from sdbench.trajectory import Trajectory


def run(spec: Spec, pace: Pace) -> None:
    pace.ready()
    for i, one in enumerate(arms(spec)):
        cell, subject = cell_of(one)
        if spec.double:
            pace.losses += in_double(cell, subject)
            continue
        folder = spec.folder / f"arm-{i}"
        folder.mkdir()
        train(cell, subject, backbones.load(cell.model, cell.device), None, Trajectory(folder / "state"), folder)
        pace.losses += pd.read_parquet(folder / "loss.parquet")["loss"].tolist()


def in_double(cell: Cell, subject: Subject) -> list[float]:
    """The losses of a UNet's training by a plain loop in which every number is a float64."""
    base: Any = backbones.load(cell.model, cell.device)
    learning = adapters.create(cell.method, subject, cell.train.seed)
    learnt = [p for a in learning for group in a.attach(base, cell.train.lr) for p in group["params"]]
    shown = inputs_of(cell, subject, backbones.load(cell.model, cell.device), None, learning)
    shown.frozen_text = False
    for module in (base.denoiser, *base.text_encoders):
        module.double()
    for parameter in learnt:
        parameter.data = parameter.data.double()
    optimizer = torch.optim.AdamW(learnt, lr=cell.train.lr, weight_decay=cell.train.weight_decay)
    found = []
    for step in range(cell.train.steps):
        batch = shown.batch(step, cell.train.batch_size, range(cell.train.batch_size))
        latents, noise = batch.latents.double() * base.pipeline.vae.config.scaling_factor, batch.noise.double()
        noisy = base.noise_scheduler.add_noise(latents, noise, batch.times)
        conditions = {**base.encode_prompts(batch.prompts), "framing": batch.framing}
        predicted = base.predict(noisy, batch.times, conditions)
        kind = base.noise_scheduler.config.prediction_type
        target = noise if kind == "epsilon" else base.noise_scheduler.get_velocity(latents, noise, batch.times)
        loss = (predicted - target).square().mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, cell.train.max_grad_norm)
        optimizer.step()
        optimizer.zero_grad()
        found.append(loss.item())
    return found
