"""What sides share: the cell, its pictures, and who draws the numbers of a step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch

from sdbench import adapters, config, devices, subjects
from sdbench.bench.side import Spec
from sdbench.inputs import Drawn, Example, Inputs, class_examples, instance_examples
from sdbench.settings import Cell
from sdbench.subjects import Subject

CLASS_IMAGES = "class_images"  # folder of a prior's pictures, as `generate` writes it


def cell_of(spec: Spec) -> tuple[Cell, Subject]:
    """The cell, its device resolved, and its subject; the process has as many threads as the cell says."""
    cell = config.compose_cell([*spec.overrides, f"train.steps={spec.steps}"])
    if cell.threads:
        torch.set_num_threads(cell.threads)
    return replace(cell, device=devices.resolve(cell.device)), subjects.load(cell.subject, cell.model.resolution_px)


def class_folder(spec: Spec) -> Path:
    """A prior's pictures: of all arms of a sweep, or of all sides of a training."""
    return (spec.folder.parent if spec.kind == "arm" else spec.folder.parents[1]) / CLASS_IMAGES


def parts_of(cell: Cell, subject: Subject, spec: Spec) -> list[list[Example]]:
    """The subject's examples and the class's; not for an arm whose script draws them itself."""
    words = adapters.words(adapters.create(cell.method, subject, cell.train.seed), subject.identifier)
    parts = [instance_examples(cell.method, subject, words)]
    if cell.method.prior is not None and not (spec.kind == "arm" and spec.script):
        parts.append(class_examples(class_folder(spec), cell.method.prior.weight))
    return parts


class Free:
    """A reference's own numbers, from torch's global generator."""

    def __init__(self, num_train_timesteps: int) -> None:
        self.num_train_timesteps = num_train_timesteps

    def order(self, parts: list[list[Example]], steps: int) -> list[list[Example]]:
        return parts

    def sample(self, posterior: Any) -> torch.Tensor:
        sampled: torch.Tensor = posterior.sample()
        return sampled

    def noise(self, latents: torch.Tensor) -> torch.Tensor:
        return torch.randn_like(latents)

    def times(self, latents: torch.Tensor) -> torch.Tensor:
        return torch.randint(0, self.num_train_timesteps, (len(latents),), device=latents.device)


class Fixed:
    """The numbers that sdbench's training draws, for another loop to use: asked for in the order of a step."""

    def __init__(self, cell: Cell, parts: list[list[Example]], num_train_timesteps: int) -> None:
        self.draws = _Draws(cell, parts, num_train_timesteps)
        self.batch_size, self.asked = cell.train.batch_size, 0

    def order(self, parts: list[list[Example]], steps: int) -> list[list[Example]]:
        """Every part's examples, row after row of `steps` steps."""
        rows = [(step, row) for step in range(steps) for row in range(self.batch_size)]
        return [[self.draws.example(p, step, row) for step, row in rows] for p in range(len(parts))]

    def sample(self, posterior: Any) -> torch.Tensor:
        """The first that a step asks for."""
        self.draws.shape = tuple(posterior.mean.shape[1:])
        rows = [
            self.draws.row(p, self.asked, row) for p in range(len(self.draws.parts)) for row in range(self.batch_size)
        ]
        self.asked += 1
        self._noise = torch.stack([row.noise for row in rows])
        self._times = torch.tensor([row.time for row in rows], device=posterior.mean.device)
        return posterior.mean + posterior.std * torch.stack([row.latents for row in rows]).to(posterior.mean)

    def noise(self, latents: torch.Tensor) -> torch.Tensor:
        return self._noise.to(latents)

    def times(self, latents: torch.Tensor | None = None) -> torch.Tensor:
        return self._times


class _Draws(Inputs):
    """Of a picture nothing is known but its latents' shape: its posterior sample is then the noise it is made of."""

    def __init__(self, cell: Cell, parts: list[list[Example]], num_train_timesteps: int) -> None:
        def draw_time(generator: torch.Generator) -> int:
            return int(torch.randint(num_train_timesteps, (), generator=generator))

        base: Any = SimpleNamespace(draw_time=draw_time, denoiser=torch.nn.Linear(1, 1))
        super().__init__(base, parts, cell.train.seed, cache=False, frozen_text=False)
        self.batch_size = cell.train.batch_size
        self.shape: tuple[int, ...] = (1,)

    def example(self, p: int, step: int, row: int) -> Example:
        return self._example(self.parts[p], p, step, self.batch_size, row)

    def row(self, p: int, step: int, row: int) -> Drawn:
        return self._draw(self.parts[p], p, step, self.batch_size, row)

    def _image(self, path: Path) -> tuple[torch.Tensor, ...]:
        return torch.zeros(self.shape), torch.ones(self.shape), torch.zeros(4)
