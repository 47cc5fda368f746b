"""One training loop for every method: adapters x captions x prior, each step a pure function of (seed, step)."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from diffusers.optimization import get_scheduler
from PIL import Image

from sdbench import adapters, backbones, provenance
from sdbench.adapters.base import Adapter
from sdbench.backbones.base import Backbone, square
from sdbench.seeds import seed_of
from sdbench.settings import Cell, MethodSettings
from sdbench.store import Store
from sdbench.subjects import Subject

VERSION = 1
CHECK_EVERY = 25  # steps between looks at whether the loss is still finite
POLYNOMIAL_POWER = 2.0  # of the polynomial schedule; at diffusers' default of 1 it is the linear one
OnStep = Callable[[Backbone, list[Adapter], int], None]  # told the number of steps done


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


def stage(
    store: Store, cell: Cell, subject: Subject, base: str, class_images: Path | None, watch: OnStep | None = None
) -> Path:
    """The trained adapters of a cell, from the store or trained now. base: identity of the base model's weights."""
    model, method, run = asdict(cell.model), asdict(cell.method), asdict(cell.train)
    worded = {"images": None, "instance": method["instance_prompt"], "templates": method["templates"]}
    settings = {
        "model": {key: model[key] for key in ("family", "resolution_px", "dtype")}, "base": base,
        "subject": subject.train_identity, "adapters": method["adapters"],
        "captions": [method["captions"], worded[method["captions"]]],
        "class_images": class_images.name if class_images else None,
        "prior_weight": cell.method.prior.weight if cell.method.prior else None,
        "train": {key: value for key, value in run.items() if key != "preview_every"},
        "device": cell.device, "threads": torch.get_num_threads() if cell.device == "cpu" else None,
    }  # fmt: skip
    return store.make("train", VERSION, settings, lambda folder: train(cell, subject, class_images, folder, watch))


def train(cell: Cell, subject: Subject, class_images: Path | None, folder: Path, watch: OnStep | None) -> None:
    """Train into `folder`: loss.parquet, result.json and, unless it diverged, the weights."""
    backbone = backbones.load(cell.model, cell.device)
    learning = adapters.create(cell.method, subject, cell.train.seed)
    groups = [group for adapter in learning for group in adapter.attach(backbone, cell.train.lr)]
    words = adapters.words(learning, subject.identifier)
    parts = [instance_examples(cell.method, subject, words)]
    if class_images is not None and cell.method.prior is not None:
        parts.append(class_examples(class_images, cell.method.prior.weight))
    frozen_text = not any(adapter.trains_text for adapter in learning)
    inputs = Inputs(backbone, parts, cell.train.seed, cell.train.cache, frozen_text)
    show = (lambda step: watch(backbone, learning, step)) if watch else None
    if cell.device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats(cell.device)
    began = time.perf_counter()
    losses, rates = loop(backbone, inputs, groups, cell, show)
    seconds = time.perf_counter() - began
    finite = np.isfinite(losses)
    kept = len(losses) if finite.all() else int(np.argmin(finite)) + 1
    frame = pd.DataFrame({"step": np.arange(kept), "loss": losses[:kept], "lr": rates[:kept]})
    frame.to_parquet(folder / "loss.parquet", index=False)
    if finite.all():
        for adapter in learning:
            adapter.save(backbone, folder)
    result = {
        "status": "done" if finite.all() else "diverged",
        "cause": None if finite.all() else f"loss was {losses[kept - 1]} at step {kept - 1}",
        "steps": kept, "train_seconds": seconds, "peak_memory_bytes": _peak_memory_bytes(cell.device),
        "trainable_parameters": sum(p.numel() for g in groups for p in g["params"]),
        "weight_bytes": sum(p.stat().st_size for p in folder.rglob("*.safetensors")),
    }  # fmt: skip
    (folder / "result.json").write_text(json.dumps(result, indent=1))


def loop(
    backbone: Backbone, inputs: Inputs, groups: list[dict[str, Any]], cell: Cell, show: Callable[[int], None] | None
) -> tuple[np.ndarray, list[float]]:
    """Loss and learning rate of each step; ends early once a loss is not finite."""
    s = cell.train
    AcceleratorState._reset_state(reset_partial_state=True)  # the last run's device and precision are not this one's
    if ":" in cell.device:
        torch.cuda.set_device(cell.device)
    accelerator = Accelerator(
        cpu=cell.device == "cpu",
        mixed_precision=s.mixed_precision,
        gradient_accumulation_steps=s.gradient_accumulation_steps,
    )
    parameters = [p for group in groups for p in group["params"]]
    optimizer = torch.optim.AdamW(groups, lr=s.lr, weight_decay=s.weight_decay)
    shape = "constant_with_warmup" if s.schedule == "constant" else s.schedule  # diffusers' plain one never warms up
    schedule = get_scheduler(
        shape, optimizer, num_warmup_steps=s.warmup_steps, num_training_steps=s.steps, power=POLYNOMIAL_POWER
    )
    optimizer = accelerator.prepare_optimizer(optimizer)
    losses: list[torch.Tensor] = []
    rates: list[float] = []
    micro = s.batch_size // s.gradient_accumulation_steps
    for step in range(s.steps):
        rates.append(schedule.get_last_lr()[0])
        total = torch.zeros((), device=accelerator.device)
        for first in range(0, s.batch_size, micro):
            with accelerator.accumulate(backbone.denoiser):
                batch = inputs.batch(step, s.batch_size, range(first, first + micro))
                with accelerator.autocast():
                    text = batch.text if batch.text is not None else backbone.encode_prompts(batch.prompts)
                    loss = (backbone.loss(batch.latents, batch.noise, batch.times, text) * batch.weights).sum() / micro
                accelerator.backward(loss)
                total += loss.detach() / s.gradient_accumulation_steps
                if accelerator.sync_gradients:
                    accelerator.clip_grad_norm_(parameters, s.max_grad_norm)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
        schedule.step()
        losses.append(total)
        if step % CHECK_EVERY == 0 and not math.isfinite(total.item()):
            break
        if show:
            show(step + 1)
    return torch.stack(losses).cpu().numpy(), rates


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
    reference script does. What is cached is encoded once, on first use, and stays on the device.
    """

    def __init__(
        self, backbone: Backbone, parts: list[list[Example]], seed: int, cache: bool, frozen_text: bool
    ) -> None:
        self.backbone, self.parts, self.seed, self.cache, self.frozen_text = backbone, parts, seed, cache, frozen_text
        self._images: dict[Path, tuple[torch.Tensor, torch.Tensor]] = {}
        self._texts: dict[str, torch.Tensor] = {}

    def batch(self, step: int, batch_size: int, rows: range) -> Batch:
        drawn = [self._draw(part, p, step, batch_size, row) for p, part in enumerate(self.parts) for row in rows]
        device = self.backbone.denoiser.device
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
        if path in self._images:
            return self._images[path]
        pixels = to_pixels(square(path, self.backbone.resolution_px))
        mean, std = (x[0].float() for x in self.backbone.encode_images(pixels[None]))
        if self.cache:
            self._images[path] = mean, std
        return mean, std

    @torch.no_grad()
    def _text(self, prompt: str) -> torch.Tensor:
        """Frozen text embeddings, in the model's own precision whether they are cached or not."""
        text = self._texts[prompt] if prompt in self._texts else self.backbone.encode_prompts([prompt])
        if self.cache:
            self._texts[prompt] = text
        return text


def _peak_memory_bytes(device: str) -> int:
    """What this process has held at most: of the accelerator's memory, or resident on a CPU."""
    return torch.cuda.max_memory_allocated(device) if device.startswith("cuda") else provenance.peak_rss_bytes()


def to_pixels(image: Image.Image) -> torch.Tensor:
    """(3, height, width) in [-1, 1]."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 127.5 - 1
