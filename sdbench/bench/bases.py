"""What both sides train: a model's weights, or random ones of a real architecture, so that nothing is downloaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from sdbench.settings import ModelSettings

ARCHITECTURES = Path(__file__).parent / "architectures"


def build(name: str, folder: Path) -> None:
    """Write the base of architectures/<name>.yaml into `folder`, its weights drawn from seed 0.

    Its tokenizer is the microworld's, as long as the architecture's own: text costs the same, whatever it says.
    """
    import torch

    plain = yaml.safe_load((ARCHITECTURES / f"{name}.yaml").read_text())
    torch.manual_seed(0)
    pipeline(plain, folder).save_pretrained(folder)


def widen(settings: ModelSettings, folder: Path) -> None:
    """Write the base of `settings` into `folder` in single precision: the scripts train in what its files are in."""
    from sdbench import backbones

    backbones.load(replace(settings, dtype="float32"), "cpu").pipeline.save_pretrained(folder)


def pipeline(plain: dict[str, Any], folder: Path) -> Any:
    """plain: configs of text_encoder, unet, vae and scheduler, and max_length of a prompt in tokens."""
    from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    from sdbench.microworld import tokenizer as vocabulary

    vocabulary.build(folder / "tokenizer")
    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer", model_max_length=plain["max_length"])
    ends = {key: getattr(tokenizer, key) for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    return StableDiffusionPipeline(
        vae=AutoencoderKL(**plain["vae"]), text_encoder=CLIPTextModel(CLIPTextConfig(**plain["text_encoder"], **ends)),
        tokenizer=tokenizer, unet=UNet2DConditionModel(**plain["unet"]), scheduler=PNDMScheduler(**plain["scheduler"]),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
