"""A LoRA and an embedding as kohya's sd-scripts name their tensors, which web interfaces read too. Pure: no file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sdbench.errors import UserError

Tensor = TypeVar("Tensor")

PREFIXES = {"unet": "lora_unet", "text_encoder": "lora_te", "text_encoder_2": "lora_te2"}
PARTS = {"lora_A.weight": "lora_down.weight", "lora_B.weight": "lora_up.weight"}


def lora(tensors: Mapping[str, Tensor], alphas: Mapping[str, float]) -> tuple[dict[str, Tensor], dict[str, float]]:
    """Tensors by kohya's names, and each module's alpha under its `<module>.alpha`.

    tensors: as diffusers saves a LoRA of peft, `unet.<module>.lora_A.weight` and so on. alphas: of each part (`unet`,
    `text_encoder`): updates are scaled by alpha / rank, and a reader that is told no alpha takes the rank's. UNets'
    modules have diffusers' names (`down_blocks`), text encoders' those of CLIP's published weights. Raises UserError
    for what kohya has no name for.

    Of SDXL, kohya's own files name the UNet's modules as Stability's code does (`input_blocks`). diffusers' loader
    (`_maybe_map_sgm_blocks_to_diffusers`) and ComfyUI's (`comfy/lora.py`, `model_lora_keys_unet`) read both names.
    sd-scripts' `networks/lora.py` makes a module for each name that its own UNet has and passes over the others: with
    SDXL it would use the text encoders' part alone, so these files are not for its scripts.
    """
    several = any(key.startswith("text_encoder_2.") for key in tensors)
    named: dict[str, Tensor] = {}
    scales: dict[str, float] = {}
    for key, tensor in tensors.items():
        part, _, rest = key.partition(".")
        module, _, kind = rest.rpartition(".lora_")
        if part not in PREFIXES or f"lora_{kind}" not in PARTS:
            raise UserError(f"the LoRA's {key!r} has no name in kohya's format; export it with --format diffusers")
        if part != "unet" and not module.startswith(("text_model.", "text_projection")):
            module = f"text_model.{module}"  # newer transformers leave it out
        prefix = "lora_te1" if several and part == "text_encoder" else PREFIXES[part]
        name = f"{prefix}_{module.replace('.', '_')}"
        named[f"{name}.{PARTS[f'lora_{kind}']}"] = tensor
        scales[f"{name}.alpha"] = alphas[part]
    return named, scales


def embedding(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The vectors of one text encoder as `emb_params`; of several, by the encoders' names (clip_l, clip_g), as is.

    tensors: {placeholder: (vectors, width)}, or {clip_l: ..., clip_g: ...}.
    """
    if len(tensors) > 1:
        return dict(tensors)
    ((_, vectors),) = tensors.items()
    return {"emb_params": vectors}
