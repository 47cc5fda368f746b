"""The face every base model family shows to adapters, training and generation."""

from __future__ import annotations

import abc
import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from PIL import Image

from sdbench import pictures
from sdbench.errors import UserError

if TYPE_CHECKING:
    import torch


class NotLoaded(UserError):
    """A base model that cannot be loaded: whatever needs it will fail alike."""


class Backbone(abc.ABC):
    """A base model: images and prompts in, a denoising loss and a sampling pipeline out.

    pipeline: the diffusers pipeline that holds every module; adapters attach to its modules. denoiser: the module
    that predicts noise. resolution_px: side of the images it draws. Modules are frozen, in `ModelSettings.dtype`, until
    an adapter makes something trainable.

    known_images, known_texts: what runs on this base have encoded, shared by all its copies.
    """

    pipeline: Any
    denoiser: Any
    resolution_px: int
    text_encoders: list[Any]

    def __init__(self) -> None:
        self.known_images: dict[Any, tuple[torch.Tensor, torch.Tensor]] = {}
        self.known_texts: dict[Any, torch.Tensor] = {}

    def fresh(self, device: str) -> Self:
        """A copy on `device` that an adapter may change."""
        shared = {id(known): known for known in (self.known_images, self.known_texts)}
        copied = copy.deepcopy(self, shared)
        copied.pipeline.to(device)
        return copied

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


def square(path: Path, size_px: int) -> Image.Image:
    """A picture as a model sees it: upright, RGB, shorter side resized to `size_px`, centre crop."""
    image = pictures.opened(path)
    if min(image.size) != size_px:
        scale = size_px / min(image.size)
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    left, top = (image.width - size_px) // 2, (image.height - size_px) // 2
    return image.crop((left, top, left + size_px, top + size_px))
