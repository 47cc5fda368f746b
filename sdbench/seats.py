"""Images of several arms in one batch: every place of it has the adapters of its own image's arm.

What one place holds changes nothing of the others, so an image is the same bit for bit whatever is drawn beside it. A
cell that was trained in a pack is always drawn so; by itself it sits in all places. An adapter's products are then
summed up in another order than peft's, which moves last bits: images of cells that were trained alone stay as they are.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from sdbench import adapters, backbones
from sdbench.adapters.base import Packable, Packed
from sdbench.backbones.base import dtype_of
from sdbench.settings import Cell
from sdbench.subjects import Subject


@dataclass(frozen=True)
class Arm:
    """What a training has learnt: adapters, and of each a row of its packed form. words: for the subject in prompts."""

    adapters: list[Packable]
    rows: list[torch.Tensor]
    words: str


class Seats:
    """A base that draws batches of the cell's sampler. base: identity of its weights."""

    def __init__(self, cell: Cell, base: str) -> None:
        self.places = cell.sampler.batch_size
        self.backbone = backbones.load(cell.model, cell.device, base)
        distilled = getattr(self.backbone.denoiser.config, "time_cond_proj_dim", None) is not None  # told of guidance
        self.guided = cell.sampler.guidance_scale > 1 and not distilled
        self.base, self.parts, self.seated = base, list[Packed](), list[Arm]()

    def arm(self, cell: Cell, subject: Subject, trained: Path) -> Arm:
        """Of a cell that may share a pack with the others. trained: its folder of the train stage."""
        attached = backbones.load(cell.model, "cpu", self.base)
        learnt = [one for one in adapters.create(cell.method, subject, cell.train.seed) if isinstance(one, Packable)]
        groups = [group for one in learnt for group in one.attach(attached, cell.train.lr)]
        for one in learnt:
            one.read(attached, trained)
        if not self.parts:
            self.parts = [one.packed(self.backbone, attached, self._slots(one)) for one in learnt]
            for part in self.parts:
                part.leaf.data = part.leaf.data.to(dtype_of(self.backbone.denoiser))  # half the memory
        rows = [part.row(group["params"]).cpu() for part, group in zip(self.parts, groups, strict=True)]
        return Arm(learnt, rows, adapters.words(list(learnt), subject.identifier))

    def _slots(self, adapter: Packable) -> int:
        """Guidance asks the denoiser for all places twice in one pass, and a text encoder in two."""
        return self.places * (2 if self.guided and not adapter.trains_text else 1)

    def seat(self, arms: Sequence[Arm]) -> None:
        """One in each place; a single one in all."""
        wanted = [arms[place % len(arms)] for place in range(self.places)]
        if len(self.seated) == len(wanted) and all(map(operator.is_, wanted, self.seated)):
            return
        self.seated = wanted
        for i, part in enumerate(self.parts):
            for slot in range(len(part.leaf)):
                arm = wanted[slot % self.places]
                part.seat(slot, arm.adapters[i])
                part.leaf.data[slot] = arm.rows[i]
            with torch.no_grad():
                part.use(dtype_of(self.backbone.denoiser))
