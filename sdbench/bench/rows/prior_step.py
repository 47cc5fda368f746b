"""A step of full fine-tuning with prior preservation (DreamBooth, arXiv 2208.12242, eq. 2): twice the rows."""

from __future__ import annotations

from dataclasses import replace

from sdbench import config, devices, generate, subjects
from sdbench.bench.results import Found
from sdbench.bench.rows.base import Training, folder_of, step
from sdbench.bench.settings import Bench
from sdbench.bench.side import Losses, forget, losses_of
from sdbench.bench.sides.base import CLASS_IMAGES
from sdbench.generate import Source
from sdbench.stages import class_samples

TRAINING = Training(
    "full fine-tuning step with prior",
    ["method=dreambooth", "method.prior.images=8", "train.lr=1e-5"],  # a step costs the same with any number
    "dreambooth/train_dreambooth.py",
)


def measure(bench: Bench, losses: Losses = losses_of) -> Found:
    draw(bench, TRAINING)
    return step(bench, TRAINING, "prior_step", losses)


def draw(bench: Bench, training: Training) -> None:
    """The class's images, once for all sides."""
    cell = config.compose_cell([*bench.settings.overrides, *training.overrides])
    cell = replace(cell, device=devices.resolve(cell.device))
    assert cell.method.prior is not None
    subject, folder = subjects.load(cell.subject, cell.model.resolution_px), folder_of(bench, training) / CLASS_IMAGES
    folder.mkdir(parents=True)
    generate.generate(Source(cell, subject, ""), cell.method.prior.sampler, class_samples(cell, subject), folder)
    forget()
