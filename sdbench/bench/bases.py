"""What both sides train: a model's weights, or random ones of a real architecture, so that nothing is downloaded.

Pictures of the microworld are enlarged to what such a one is for.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from sdbench import backbones, subjects
from sdbench.backbones.base import square
from sdbench.settings import ModelSettings, SubjectSettings

ARCHITECTURES = Path(__file__).parent / "architectures"


def build(name: str, folder: Path) -> None:
    """Write the base of architectures/<name>.yaml into `folder`, its weights drawn from seed 0.

    Its tokenizer is the microworld's, its prompts as long and its tokens as many as the architecture's own: text costs
    the same, whatever it says.
    """
    import torch

    plain = yaml.safe_load((ARCHITECTURES / f"{name}.yaml").read_text())
    torch.manual_seed(0)
    pipeline(plain, folder).save_pretrained(folder)


def enlarge(subject: SubjectSettings, size_px: int, folder: Path) -> list[str]:
    """Write the subject's pictures into `folder`, as squares of `size_px`; the overrides that name them."""
    shutil.copytree(subjects.place(subject.folder), folder)
    for path in [path for part in sorted(p for p in folder.iterdir() if p.is_dir()) for path in subjects.files(part)]:
        square(path, size_px).save(path)
    return [f"subject.folder={folder}", "subject.sibling=null"]


def widen(settings: ModelSettings, folder: Path) -> None:
    """Write the base of `settings` into `folder` in single precision: the scripts train in what its files are in."""
    backbones.load(replace(settings, dtype="float32"), "cpu").pipeline.save_pretrained(folder)


def pipeline(plain: dict[str, Any], folder: Path) -> Any:
    """plain: configs of text_encoder, unet, vae and scheduler, and max_length of a prompt in tokens.

    With a text_encoder_2 it is SDXL's.
    """
    import diffusers
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    def encoder(kind: Any, name: str) -> Any:
        return kind(CLIPTextConfig(**plain[name], **ends))

    tokenizer = _tokenizer(folder / "tokenizer", plain)
    ends = {key: getattr(tokenizer, key) for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    shared = {"vae": diffusers.AutoencoderKL(**plain["vae"]), "unet": diffusers.UNet2DConditionModel(**plain["unet"]),
              "text_encoder": encoder(CLIPTextModel, "text_encoder"), "tokenizer": tokenizer}  # fmt: skip
    if "text_encoder_2" in plain:
        return diffusers.StableDiffusionXLPipeline(
            **shared, text_encoder_2=encoder(CLIPTextModelWithProjection, "text_encoder_2"),
            tokenizer_2=_tokenizer(folder / "tokenizer_2", plain), add_watermarker=False,
            scheduler=diffusers.EulerDiscreteScheduler(**plain["scheduler"]),
        )  # fmt: skip
    return diffusers.StableDiffusionPipeline(
        **shared, scheduler=diffusers.PNDMScheduler(**plain["scheduler"]),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


def _tokenizer(folder: Path, plain: dict[str, Any]) -> Any:
    from transformers import CLIPTokenizer

    from sdbench.microworld import tokenizer as vocabulary

    vocabulary.build(folder, plain["text_encoder"]["vocab_size"])
    return CLIPTokenizer.from_pretrained(folder, model_max_length=plain["max_length"])
