"""What a training step is given: the pictures and words to learn from, as batches of noise, times and latents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from PIL import Image

from sdbench.backbones.base import Backbone, square
from sdbench.seeds import seed_of
from sdbench.settings import MethodSettings
from sdbench.subjects import Subject


@dataclass(frozen=True)
class Example:
    """One training picture. prompts: the step draws one of them. weight: of its loss."""

    path: Path
    prompts: list[str]
    weight: float = 1.0


def instance_examples(method: MethodSettings, subject: Subject, words: str) -> list[Example]:
    """The subject's pictures under the method's caption policy."""
    if method.captions == "images":
        return [Example(r.path, [r.caption.replace(subject.identifier, words)]) for r in subject.train]
    templates = method.templates if method.captions == "templates" else [method.instance_prompt]
    return [Example(r.path, [t.format(subject=words) for t in templates]) for r in subject.train]


def class_examples(folder: Path, weight: float) -> list[Example]:
    """Pictures of the class, drawn by the untuned base."""
    rows = pd.read_parquet(folder / "samples.parquet").itertuples()
    return [Example(folder / str(row.file), [str(row.prompt)], weight) for row in rows]


@dataclass(frozen=True)
class Batch:
    """Everything one micro-step needs. text is None where prompts must be encoded within the step."""

    latents: torch.Tensor
    noise: torch.Tensor
    times: torch.Tensor
    weights: torch.Tensor
    prompts: list[str]
    text: torch.Tensor | None


class Inputs:
    """Batches as pure functions of (seed, step, row), from encoded pictures and prompts.

    parts: the subject's examples and, with a prior, the class's; a batch draws `batch_size` of each, as DreamBooth's
    reference script does. What is cached is encoded once for all the runs on one loaded base, and stays on the device.
    """

    def __init__(
        self, backbone: Backbone, parts: list[list[Example]], seed: int, cache: bool, frozen_text: bool
    ) -> None:
        self.backbone, self.parts, self.seed, self.cache, self.frozen_text = backbone, parts, seed, cache, frozen_text
        self.device = next(backbone.denoiser.parameters()).device  # `.device` walks every module, each time it is asked

    def batch(self, step: int, batch_size: int, rows: range) -> Batch:
        drawn = [self._draw(part, p, step, batch_size, row) for p, part in enumerate(self.parts) for row in rows]
        device = self.device
        prompts = [prompt for _, prompt, _, _, _ in drawn]
        return Batch(
            latents=torch.stack([latents for _, _, latents, _, _ in drawn]),
            noise=torch.stack([noise for _, _, _, noise, _ in drawn]).to(device),
            times=torch.tensor([time for *_, time in drawn], device=device),
            weights=torch.tensor([example.weight for example, *_ in drawn], device=device),
            prompts=prompts,
            text=torch.cat([self._text(p) for p in prompts]) if self.frozen_text else None,
        )

    def _draw(
        self, part: list[Example], p: int, step: int, batch_size: int, row: int
    ) -> tuple[Example, str, torch.Tensor, torch.Tensor, int]:
        """The row's example (epochs are permutations), prompt, posterior sample, noise and timestep."""
        epoch, position = divmod(step * batch_size + row, len(part))
        order = np.random.default_rng(seed_of(self.seed, epoch, p, "order")).permutation(len(part))
        example = part[int(order[position])]
        generator = torch.Generator().manual_seed(seed_of(self.seed, step, row, p, "noise"))
        mean, std = self._image(example.path)
        sampled, noise = torch.randn((2, *mean.shape), generator=generator)
        time = int(torch.randint(self.backbone.num_train_timesteps, (), generator=generator))
        prompt = example.prompts[int(torch.randint(len(example.prompts), (), generator=generator))]
        return example, prompt, mean + std * sampled.to(mean.device), noise, time

    @torch.no_grad()
    def _image(self, path: Path) -> tuple[torch.Tensor, torch.Tensor]:
        known = self.backbone.known_images
        key = (path, path.stat().st_mtime_ns, str(self.device)) if self.cache else None
        if key in known:
            return known[key]
        pixels = to_pixels(square(path, self.backbone.resolution_px))
        mean, std = (x[0].float() for x in self.backbone.encode_images(pixels[None]))
        if key:
            known[key] = mean, std
        return mean, std

    @torch.no_grad()
    def _text(self, prompt: str) -> torch.Tensor:
        """Frozen text embeddings, in the model's own precision whether they are cached or not."""
        known, key = self.backbone.known_texts, (prompt, str(self.device))
        text = known[key] if self.cache and key in known else self.backbone.encode_prompts([prompt])
        if self.cache:
            known[key] = text
        return text


def to_pixels(image: Image.Image) -> torch.Tensor:
    """(3, height, width) in [-1, 1]."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 127.5 - 1
