"""Low-rank updates of attention (LoRA, arXiv 2106.09685) through peft, with the text encoder's own rank and rate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench.adapters.base import Adapter, rate, trainable
from sdbench.backbones.base import Backbone
from sdbench.settings import positive
from sdbench.subjects import Subject

TEXT_TARGETS = ["q_proj", "k_proj", "v_proj", "out_proj"]


@dataclass(frozen=True)
class Settings:
    """rank, alpha: of the denoiser's updates, scaled by alpha / rank. targets: module names they are added to.

    lr: null takes train.lr. text_encoder_lr: null leaves the text encoder alone. text_encoder_rank: its rank and alpha.
    """

    rank: int
    alpha: int
    targets: list[str]
    lr: float | None
    text_encoder_lr: float | None
    text_encoder_rank: int

    def __post_init__(self) -> None:
        for key in ("rank", "alpha", "text_encoder_rank"):
            positive(f"method.adapters.lora.{key}", getattr(self, key))


def create(settings: Settings, subject: Subject, seed: int) -> Lora:
    return Lora(settings, seed)


class Lora(Adapter):
    """Saved as diffusers saves it, with alpha in the file's metadata: `pipeline.load_lora_weights(folder)`."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self.settings, self.seed = settings, seed
        self.trains_text = settings.text_encoder_lr is not None

    def attach(self, backbone: Backbone, lr: float) -> list[dict[str, Any]]:
        import torch
        from peft import LoraConfig

        s = self.settings
        with torch.random.fork_rng():  # peft draws its initial weights from the global generator
            torch.manual_seed(self.seed)
            backbone.denoiser.add_adapter(
                LoraConfig(r=s.rank, lora_alpha=s.alpha, init_lora_weights="gaussian", target_modules=s.targets)
            )
            groups: list[dict[str, Any]] = [{"params": trainable(backbone.denoiser), "lr": rate(s.lr, lr)}]
            if s.text_encoder_lr is not None:
                config = LoraConfig(r=s.text_encoder_rank, lora_alpha=s.text_encoder_rank,
                                    init_lora_weights="gaussian", target_modules=TEXT_TARGETS)  # fmt: skip
                for encoder in backbone.text_encoders:
                    encoder.add_adapter(config)
                    groups.append({"params": trainable(encoder), "lr": s.text_encoder_lr})
        for group in groups:
            for parameter in group["params"]:
                parameter.data = parameter.data.float()
        return groups

    def save(self, backbone: Backbone, folder: Path) -> None:
        from diffusers.training_utils import _collate_lora_metadata
        from peft.utils import get_peft_model_state_dict

        learnt = {backbone.denoiser_name: backbone.denoiser}
        if self.trains_text:
            learnt |= zip(backbone.text_names, backbone.text_encoders, strict=True)
        for module in learnt.values():  # a set by now, and the file's metadata would say it in any order
            config = module.peft_config["default"]
            config.target_modules = sorted(config.target_modules)
        layers = {f"{name}_lora_layers": get_peft_model_state_dict(module) for name, module in learnt.items()}
        backbone.pipeline.save_lora_weights(folder, **layers, **_collate_lora_metadata(learnt))
        for path in folder.glob("*.safetensors"):
            _sort_header(path)

    def load(self, backbone: Backbone, folder: Path) -> None:
        backbone.pipeline.load_lora_weights(folder, local_files_only=True)


def _sort_header(path: Path) -> None:
    """The same weights in the same bytes: safetensors writes two entries of metadata in either order.

    Its format: 8 bytes of length, a JSON header padded with spaces, the tensors.
    """
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + content[end:])
