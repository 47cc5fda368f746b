"""A step of LoRA: one instance prompt, no prior, as diffusers' DreamBooth LoRA script trains."""

from __future__ import annotations

from sdbench.bench.results import Found
from sdbench.bench.rows.base import Training, step
from sdbench.bench.settings import Bench

TRAINING = Training("LoRA step", ["method=lora", "method.captions=instance"], "dreambooth/train_dreambooth_lora.py")


def measure(bench: Bench) -> Found:
    return step(bench, TRAINING, "lora_step")
