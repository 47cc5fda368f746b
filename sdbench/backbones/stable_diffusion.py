"""Stable Diffusion 1.x and 2.x, and whatever has their shape: the microworld's base is loaded just so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sdbench.backbones.base import (
    NOISE_SAMPLERS,
    Conditions,
    NoisePredictor,
    load_pipeline,
    matched,
    posterior,
    token_ids,
)
from sdbench.settings import ModelSettings

if TYPE_CHECKING:
    import torch

SAMPLERS = NOISE_SAMPLERS


def load(settings: ModelSettings) -> StableDiffusion:
    """Load a diffusers folder or a hub id; safetensors only. Raises NotLoaded where the weights cannot be had."""
    checker: dict[str, Any] = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    return StableDiffusion(load_pipeline("StableDiffusionPipeline", settings, **checker), settings.resolution_px)


class StableDiffusion(NoisePredictor):
    """A UNet under the hidden states of one text encoder."""

    text_names = ("text_encoder",)

    def encode_images(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return posterior(self.pipeline.vae, pixels, self.pipeline.vae.dtype)

    def encode_prompts(self, prompts: list[str]) -> dict[str, torch.Tensor]:
        encoder = self.pipeline.text_encoder
        return {"hidden": encoder(token_ids(prompts, self.pipeline.tokenizer, encoder.device)).last_hidden_state}

    def predict(self, noisy: torch.Tensor, times: torch.Tensor, conditions: Conditions) -> torch.Tensor:
        predicted: torch.Tensor = self.denoiser(noisy, times, matched(conditions["hidden"], noisy)).sample
        return predicted
