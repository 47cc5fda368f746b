"""A step of full fine-tuning: every weight of the UNet, no prior, as diffusers' DreamBooth script trains."""

from __future__ import annotations

from sdbench.bench.results import Found
from sdbench.bench.rows.base import Training, step
from sdbench.bench.settings import Bench

TRAINING = Training(
    "full fine-tuning step", ["method=dreambooth", "method.prior=null", "train.lr=1e-5"],
    "dreambooth/train_dreambooth.py",
)  # fmt: skip


def measure(bench: Bench) -> Found:
    return step(bench, TRAINING, "full_step")
