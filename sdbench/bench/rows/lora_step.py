"""A step of LoRA: one instance prompt, no prior, as diffusers' DreamBooth LoRA script trains."""

from __future__ import annotations

from dataclasses import replace

from sdbench.bench.results import Found
from sdbench.bench.rows.base import Training, step
from sdbench.bench.settings import Bench

TRAINING = Training("LoRA step", ["method=lora", "method.captions=instance"], "dreambooth/train_dreambooth_lora.py")


def training(bench: Bench) -> Training:
    return replace(TRAINING, overrides=[*TRAINING.overrides, *bench.settings.lora])


def measure(bench: Bench) -> Found:
    return step(bench, training(bench), "lora_step")
