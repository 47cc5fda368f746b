"""Stable Diffusion 1.x and 2.x, and whatever has their shape: the microworld's base is loaded just so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdbench.backbones.base import Backbone, NotLoaded
from sdbench.microworld import bundled
from sdbench.settings import ModelSettings

if TYPE_CHECKING:
    import torch


def load(settings: ModelSettings) -> StableDiffusion:
    """Load a diffusers folder or a hub id; safetensors only. Raises NotLoaded where the weights cannot be had."""
    import diffusers
    import torch
    import transformers
    from diffusers import StableDiffusionPipeline

    for library in (diffusers, transformers):  # their bars and advice would drown the study's own progress
        library.utils.logging.disable_progress_bar()
        library.utils.logging.set_verbosity_error()
    local = settings.path.startswith("bundled:") or Path(settings.path).expanduser().exists()
    source = str(bundled(settings.path)) if local else settings.path
    try:
        pipeline = StableDiffusionPipeline.from_pretrained(
            source, revision=settings.revision, dtype=getattr(torch, settings.dtype), use_safetensors=True,
            safety_checker=None, feature_extractor=None, requires_safety_checker=False, local_files_only=local,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        said = f"cannot be loaded ({str(error).splitlines()[0].strip()})" if local else "cannot be had from the hub"
        remedy = "give a folder that diffusers saved with safetensors weights"
        raise NotLoaded(f"model.path {settings.path!r} {said}; {remedy}") from error
    pipeline.set_progress_bar_config(disable=True)
    return StableDiffusion(pipeline, settings.resolution_px)


class StableDiffusion(Backbone):
    """Epsilon or velocity prediction, as the scheduler's config says; mean squared error, as in diffusers' scripts."""

    def __init__(self, pipeline: Any, resolution_px: int) -> None:
        import torch
        from diffusers import DDPMScheduler

        super().__init__()
        self.pipeline = pipeline
        self.resolution_px = resolution_px
        self.denoiser = pipeline.unet
        self.text_encoders = [pipeline.text_encoder]
        self.noise_scheduler = DDPMScheduler.from_config(pipeline.scheduler.config)
        for module in (pipeline.unet, pipeline.vae, pipeline.text_encoder):
            module.requires_grad_(False).eval().to(memory_format=torch.channels_last)

    @property
    def num_train_timesteps(self) -> int:
        return int(self.noise_scheduler.config.num_train_timesteps)

    def encode_images(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        vae = self.pipeline.vae
        posterior = vae.encode(pixels.to(vae.device, vae.dtype)).latent_dist
        return posterior.mean, posterior.std

    def encode_prompts(self, prompts: list[str]) -> torch.Tensor:
        tokenizer, encoder = self.pipeline.tokenizer, self.pipeline.text_encoder
        spelled = [self.pipeline.maybe_convert_prompt(p, tokenizer) for p in prompts]  # multi-vector tokens spelt out
        ids = tokenizer(spelled, padding="max_length", max_length=tokenizer.model_max_length, truncation=True,
                        return_tensors="pt").input_ids  # fmt: skip
        hidden: torch.Tensor = encoder(ids.to(encoder.device)).last_hidden_state
        return hidden

    def loss(self, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        import torch

        latents = latents * self.pipeline.vae.config.scaling_factor
        noisy = self.noise_scheduler.add_noise(latents, noise, times)
        noisy = noisy.to(self.denoiser.dtype, memory_format=torch.channels_last)
        predicted = self.denoiser(noisy, times, text.to(noisy.dtype)).sample
        kind = self.noise_scheduler.config.prediction_type
        target = noise if kind == "epsilon" else self.noise_scheduler.get_velocity(latents, noise, times)
        return (predicted.float() - target.float()).square().mean(dim=(1, 2, 3))
