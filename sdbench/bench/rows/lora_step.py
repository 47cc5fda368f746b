"""A step of LoRA: one instance prompt, no prior, as diffusers' DreamBooth LoRA script of the base's family trains."""

from __future__ import annotations

from dataclasses import replace

from sdbench import config
from sdbench.bench.results import Found
from sdbench.bench.rows.base import Training, step
from sdbench.bench.settings import Bench

TRAINING = Training("LoRA step", ["method=lora", "method.captions=instance"], "dreambooth/train_dreambooth_lora.py")


XL = replace(TRAINING, script="dreambooth/train_dreambooth_lora_sdxl.py", flags=())  # which encodes its prompt once


def training(bench: Bench) -> Training:
    family = config.compose_cell(bench.settings.overrides).model.family
    of_family = XL if family == "stable_diffusion_xl" else TRAINING
    return replace(of_family, overrides=[*TRAINING.overrides, *bench.settings.lora])


def measure(bench: Bench) -> Found:
    return step(bench, training(bench), "lora_step")
