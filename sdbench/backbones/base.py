"""The face every base model family shows to adapters, training and generation."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


class Backbone(abc.ABC):
    """A base model: images and prompts in, a denoising loss and a sampling pipeline out.

    pipeline: the diffusers pipeline that holds every module; adapters attach to its modules. denoiser: the module
    that predicts noise. Modules are frozen, in `ModelSettings.dtype`, until an adapter makes something trainable.
    """

    pipeline: Any
    denoiser: Any
    text_encoders: list[Any]

    @abc.abstractmethod
    def encode_images(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Posterior mean and standard deviation, each (n, c, h, w), of pixels (n, 3, H, W) in [-1, 1]."""

    @abc.abstractmethod
    def encode_prompts(self, prompts: list[str]) -> torch.Tensor:
        """Hidden states (n, tokens, width) that condition the denoiser."""

    @abc.abstractmethod
    def loss(self, latents: torch.Tensor, noise: torch.Tensor, times: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        """Denoising loss of each example, (n,). latents: unscaled VAE latents; times: (n,) integers."""

    @property
    @abc.abstractmethod
    def num_train_timesteps(self) -> int:
        """Timesteps are drawn from 0 .. this - 1."""
