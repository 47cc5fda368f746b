"""What a training step is given: the pictures and words to learn from, as batches of noise, times and latents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from PIL import Image

from sdbench.backbones.base import Backbone, framed, sent
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
    """Everything one micro-step needs. text is None where prompts must be encoded within the step.

    framing: (n, 4), how each picture was cut out, as `framed` says it.
    """

    latents: torch.Tensor
    noise: torch.Tensor
    times: torch.Tensor
    weights: torch.Tensor
    framing: torch.Tensor
    prompts: list[str]
    text: dict[str, torch.Tensor] | None


@dataclass(frozen=True)
class Drawn:
    """One row of a batch."""

    latents: torch.Tensor
    noise: torch.Tensor
    time: int
    weight: float
    framing: torch.Tensor
    prompt: str


def joined(batches: Sequence[Batch]) -> Batch:
    """One after the other, as one. All have text or none has."""
    numbers = ("latents", "noise", "times", "weights", "framing")
    tensors = {name: torch.cat([getattr(batch, name) for batch in batches]) for name in numbers}
    texts = [batch.text for batch in batches if batch.text is not None]
    text = {name: torch.cat([one[name] for one in texts]) for name in texts[0]} if texts else None
    return Batch(**tensors, prompts=[prompt for batch in batches for prompt in batch.prompts], text=text)


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
        texts = [self._text(one.prompt) for one in drawn] if self.frozen_text else []
        return Batch(
            latents=torch.stack([one.latents for one in drawn]),
            noise=sent(torch.stack([one.noise for one in drawn]), device),
            times=sent(torch.tensor([one.time for one in drawn]), device),
            weights=sent(torch.tensor([one.weight for one in drawn]), device),
            framing=torch.stack([one.framing for one in drawn]),
            prompts=[one.prompt for one in drawn],
            text={name: torch.cat([one[name] for one in texts]) for name in texts[0]} if texts else None,
        )

    def _draw(self, part: list[Example], p: int, step: int, batch_size: int, row: int) -> Drawn:
        """The row's posterior sample, noise, timestep and prompt."""
        example = self._example(part, p, step, batch_size, row)
        generator = torch.Generator().manual_seed(seed_of(self.seed, step, row, p, "noise"))
        mean, std, framing = self._image(example.path)
        sampled, noise = torch.randn((2, *mean.shape), generator=generator)
        time = self.backbone.draw_time(generator)
        prompt = example.prompts[int(torch.randint(len(example.prompts), (), generator=generator))]
        return Drawn(mean + std * sent(sampled, mean.device), noise, time, example.weight, framing, prompt)

    def _example(self, part: list[Example], p: int, step: int, batch_size: int, row: int) -> Example:
        """The row's example; epochs are permutations."""
        epoch, position = divmod(step * batch_size + row, len(part))
        order = np.random.default_rng(seed_of(self.seed, epoch, p, "order")).permutation(len(part))
        return part[int(order[position])]

    @torch.no_grad()
    def _image(self, path: Path) -> tuple[torch.Tensor, ...]:
        """Posterior mean, standard deviation and framing."""
        known = self.backbone.known_images
        key = (path, path.stat().st_mtime_ns, str(self.device)) if self.cache else None
        if key in known:
            return known[key]
        picture, framing = framed(path, self.backbone.resolution_px)
        mean, std = (x[0].float() for x in self.backbone.encode_images(to_pixels(picture)[None]))
        encoded = mean, std, torch.tensor(framing, dtype=torch.float32, device=mean.device)
        if key:
            known[key] = encoded
        return encoded

    @torch.no_grad()
    def _text(self, prompt: str) -> dict[str, torch.Tensor]:
        """Frozen text embeddings, in the model's own precision whether they are cached or not."""
        known, key = self.backbone.known_texts, (prompt, str(self.device))
        text: dict[str, torch.Tensor] = (
            known[key] if self.cache and key in known else self.backbone.encode_prompts([prompt])
        )
        if self.cache:
            known[key] = text
        return text


def to_pixels(image: Image.Image) -> torch.Tensor:
    """(3, height, width) in [-1, 1]."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 127.5 - 1
