"""Every weight of the denoiser learns (DreamBooth, arXiv 2208.12242); the text encoder's too where it has a rate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench.adapters.base import Adapter, rate
from sdbench.backbones.base import Backbone, owned
from sdbench.subjects import Subject


@dataclass(frozen=True)
class Settings:
    """lr: null takes train.lr. text_encoder_lr: null leaves the text encoder frozen."""

    lr: float | None
    text_encoder_lr: float | None


def create(settings: Settings, subject: Subject, seed: int) -> Full:
    return Full(settings)


class Full(Adapter):
    """Saved as a pipeline folder, which is what diffusers' own script writes."""

    solo = "full fine-tuning changes the base itself"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.trains_text = settings.text_encoder_lr is not None

    def attach(self, backbone: Backbone, lr: float) -> list[dict[str, Any]]:
        s = self.settings
        groups = [{"params": owned(backbone.denoiser.requires_grad_(True).float()), "lr": rate(s.lr, lr)}]
        if s.text_encoder_lr is not None:
            for encoder in backbone.text_encoders:
                groups.append({"params": owned(encoder.requires_grad_(True).float()), "lr": s.text_encoder_lr})
        return groups

    def save(self, backbone: Backbone, folder: Path) -> None:
        for part in (backbone.pipeline, *backbone.pipeline.components.values()):
            if hasattr(part, "register_to_config"):
                part.register_to_config(_name_or_path=None)  # a place on this machine
        backbone.pipeline.save_pretrained(folder)

    def load(self, backbone: Backbone, folder: Path) -> None:
        """The learnt modules replace the base's; the rest of the saved folder is the base itself."""
        for name in (backbone.denoiser_name, *(backbone.text_names if self.trains_text else ())):
            module = getattr(backbone.pipeline, name)
            trained = type(module).from_pretrained(folder / name, use_safetensors=True, local_files_only=True)
            owned(module)
            module.load_state_dict(dict(trained.named_parameters()), strict=False)  # buffers are the base's
