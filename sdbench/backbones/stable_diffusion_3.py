"""Stable Diffusion 3 and 3.5 (arXiv 2403.03206): a transformer that learns the velocity from picture to noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sdbench.backbones.base import (
    FLOW_SAMPLERS,
    Backbone,
    Conditions,
    dtype_of,
    load_pipeline,
    posterior,
    spelt,
    token_ids,
)
from sdbench.settings import ModelSettings

if TYPE_CHECKING:
    import torch

SAMPLERS = FLOW_SAMPLERS
WORDS_BY_HAND = True  # see the class
T5_TOKENS = 256  # the pipeline's own default


def load(settings: ModelSettings) -> StableDiffusion3:
    """Load a diffusers folder or a hub id; safetensors only. Raises NotLoaded where the weights cannot be had.

    What has no `text_encoder_3` is loaded without T5, which is most of the text encoders' weights.
    """
    t5 = ("text_encoder_3", "tokenizer_3")
    return StableDiffusion3(load_pipeline("StableDiffusion3Pipeline", settings, t5), settings.resolution_px)


class StableDiffusion3(Backbone):
    """Rectified flow under two CLIPs and T5, where there is one; loss and timesteps as diffusers' scripts have them.

    The CLIPs may learn, T5 never does. diffusers has no loader of learnt words for this pipeline: their rows, under
    `clip_l` and `clip_g` as SDXL's, are put into both tokenizers and tables by hand, the pipeline is asked with every
    token of a word spelt out, and T5 reads the word as it is written.
    """

    denoiser_name = "transformer"
    text_names = ("text_encoder", "text_encoder_2")
    embedding_keys = ("clip_l", "clip_g")

    def __init__(self, pipeline: Any, resolution_px: int) -> None:
        from diffusers import FlowMatchEulerDiscreteScheduler

        super().__init__(pipeline, resolution_px)
        schedule = FlowMatchEulerDiscreteScheduler.from_config(pipeline.scheduler.config)
        self.sigmas, self.timesteps = schedule.sigmas, schedule.timesteps  # from noise to picture, shifted

    def asked(self, prompts: list[str], negative_prompt: str) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for kind, said in super().asked(prompts, negative_prompt).items():
            for place, tokenizer in zip(("", "_2"), self.tokenizers, strict=True):
                arguments[kind + place] = said and spelt(said, tokenizer)
            arguments[f"{kind}_3"] = said
        return arguments

    def encode_images(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        return posterior(self.pipeline.vae, pixels, torch.float32)

    def encode_prompts(self, prompts: list[str]) -> dict[str, torch.Tensor]:
        """hidden: (n, CLIP's tokens then T5's, T5's width), CLIP's from the last layer but one. pooled: (n, width)."""
        import torch

        encoded = [
            encoder(token_ids(prompts, tokenizer, encoder.device), output_hidden_states=True)
            for tokenizer, encoder in zip(self.tokenizers, self.text_encoders, strict=True)
        ]
        clip = torch.cat([one.hidden_states[-2] for one in encoded], dim=-1)
        t5 = torch.cat([self._t5(prompt) for prompt in prompts]).to(clip.dtype)
        clip = torch.nn.functional.pad(clip, (0, t5.shape[-1] - clip.shape[-1]))
        pooled = torch.cat([one.text_embeds for one in encoded], dim=-1)
        return {"hidden": torch.cat([clip, t5], dim=-2), "pooled": pooled}

    def _t5(self, prompt: str) -> torch.Tensor:
        """(1, tokens, width). Frozen and by far the largest encoder, so kept even where the CLIPs learn."""
        import torch

        encoder, device = self.pipeline.text_encoder_3, self.denoiser.device
        if encoder is None:
            width = self.denoiser.config.joint_attention_dim
            return torch.zeros(1, T5_TOKENS, width, device=device, dtype=self.pipeline.text_encoder.dtype)
        key = ("t5", prompt, str(device))
        if key not in self.known_texts:
            ids = self.pipeline.tokenizer_3(
                [prompt], padding="max_length", max_length=T5_TOKENS, truncation=True, return_tensors="pt"
            ).input_ids
            with torch.no_grad(), torch.autocast(device.type, enabled=False):  # the same bits for whoever asks first
                self.known_texts[key] = encoder(ids.to(device))[0]
        return self.known_texts[key]

    def draw_time(self, generator: torch.Generator) -> int:
        """Logit-normal: most at middling noise (section 3.1 of the paper)."""
        from diffusers.training_utils import compute_density_for_timestep_sampling

        drawn = compute_density_for_timestep_sampling("logit_normal", 1, 0.0, 1.0, generator=generator)
        return int(drawn.item() * len(self.timesteps))

    def loss(
        self, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor, conditions: Conditions
    ) -> torch.Tensor:
        vae, dtype = self.pipeline.vae.config, dtype_of(self.denoiser)
        self.sigmas, self.timesteps = self.sigmas.to(times.device), self.timesteps.to(times.device)
        latents = (latents - vae.shift_factor) * vae.scaling_factor
        sigma = self.sigmas[times].view(-1, 1, 1, 1)
        noisy = (1 - sigma) * latents + sigma * noise
        predicted = self.denoiser(
            hidden_states=noisy.to(dtype), timestep=self.timesteps[times],
            encoder_hidden_states=conditions["hidden"].to(dtype), pooled_projections=conditions["pooled"].to(dtype),
        ).sample  # fmt: skip
        return (predicted.float() - (noise - latents).float()).square().mean(dim=(1, 2, 3))
