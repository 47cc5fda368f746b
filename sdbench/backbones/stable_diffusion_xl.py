"""Stable Diffusion XL (arXiv 2307.01952) and its distillation SDXL Turbo."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def load(settings: ModelSettings) -> StableDiffusionXL:
    """Load a diffusers folder or a hub id; safetensors only. Raises NotLoaded where the weights cannot be had.

    Its images get no watermark, whatever else is installed: it would be judged with them.
    """
    pipeline = load_pipeline("StableDiffusionXLPipeline", settings, add_watermarker=False)
    return StableDiffusionXL(pipeline, settings.resolution_px)


class StableDiffusionXL(NoisePredictor):
    """A UNet under the hidden states of two text encoders, the second one's pooled embedding, and a picture's framing.

    The framing (original size, crop, target size) is told as in diffusers' `train_dreambooth_lora_sdxl.py`. Learnt
    words are kept as its advanced script keeps them, a table's rows under `clip_l` and the other's under `clip_g`.
    """

    text_names = ("text_encoder", "text_encoder_2")
    embedding_keys = ("clip_l", "clip_g")

    def encode_images(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """In float32, as the scripts do: this VAE overflows in float16. The pipeline minds that where it decodes."""
        import torch

        return posterior(self.pipeline.vae, pixels, torch.float32)

    def encode_prompts(self, prompts: list[str]) -> dict[str, torch.Tensor]:
        """hidden: (n, tokens, both widths), of the last layer but one. pooled: (n, width) of the second encoder."""
        import torch

        encoded = [
            encoder(token_ids(prompts, tokenizer, encoder.device), output_hidden_states=True)
            for tokenizer, encoder in zip(self.tokenizers, self.text_encoders, strict=True)
        ]
        hidden = torch.cat([one.hidden_states[-2] for one in encoded], dim=-1)
        return {"hidden": hidden, "pooled": encoded[-1].text_embeds}

    def predict(self, noisy: torch.Tensor, times: torch.Tensor, conditions: Conditions) -> torch.Tensor:
        import torch

        framing = conditions["framing"]
        target = torch.full_like(framing[:, :2], self.resolution_px)
        added = {"text_embeds": matched(conditions["pooled"], noisy), "time_ids": torch.cat([framing, target], dim=1)}
        hidden = matched(conditions["hidden"], noisy)
        predicted: torch.Tensor = self.denoiser(noisy, times, hidden, added_cond_kwargs=added).sample
        return predicted
