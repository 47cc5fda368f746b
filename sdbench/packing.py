"""Which trainings may share a pack, and why others may not: worked out without torch, before anything runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sdbench import adapters
from sdbench.adapters.base import Packable
from sdbench.settings import Cell
from sdbench.subjects import Subject


@dataclass(frozen=True)
class Packing:
    """Of a training where `sweep.pack` is set. slots: of its pack; null where it is trained by itself, as `solo` says.

    alike: what the arms of one pack have in common, as text.
    """

    slots: int | None
    alike: str
    solo: str


def of(cell: Cell, subject: Subject, base: str) -> Packing | None:
    """None where packs are not wanted.

    An arm's bits hang on the number of its pack's slots, so that is part of its key; they do not hang on the others in
    the pack, nor on how many there are, so these are not.
    """
    if cell.sweep.pack is None:
        return None
    learning = adapters.create(cell.method, subject, cell.train.seed)
    why = [f"{kind}: {one.solo}" for kind, one in zip(_kinds(learning), learning, strict=True) if one.solo]
    if cell.train.processes > 1:
        why.append(f"train.processes={cell.train.processes} shares its batches among cards")
    if cell.train.mixed_precision == "fp16":
        why.append("train.mixed_precision=fp16 scales the losses of all arms as one")
    if why:
        return Packing(None, "", why[0])
    t, model = cell.train, cell.model
    shared: list[Any] = [
        cell.sweep.pack, cell.store, base, model.family, model.resolution_px, model.dtype, cell.device, cell.threads,
        cell.deterministic, t.batch_size, t.gradient_accumulation_steps, t.mixed_precision, cell.method.prior is None,
        [[kind, *one.alike()] for kind, one in zip(_kinds(learning), learning, strict=True)
         if isinstance(one, Packable)],
    ]  # fmt: skip
    return Packing(cell.sweep.pack, json.dumps(shared), "")


def _kinds(learning: list[adapters.Adapter]) -> list[str]:
    return [type(one).__module__.rpartition(".")[2] for one in learning]
