"""Pictures of a prompt by a cell that has run: the same as its study drew, where prompt, seed and machine are."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sdbench import devices, generate, pipeline, subjects
from sdbench.backbones.base import Backbone
from sdbench.cells import Found
from sdbench.errors import UserError
from sdbench.generate import Source
from sdbench.records import Sample
from sdbench.settings import Cell
from sdbench.stages import Chains

SLUG = 60  # characters of the prompt in a file's name


def draw(found: Found, prompt: str, seeds: Sequence[int], folder: Path, device: str | None) -> Iterator[Path]:
    """A PNG in `folder` for each seed, by the cell's sampler; each is told of as it is there.

    prompt: `{subject}`, and the subject's identifier, mean the words that the cell's adapter answers to, of the untuned
    base's row the class words. device: another one than the cell's. Raises UserError where the base is another now.
    """
    cell = _placed(found.cell, device)
    pipeline.prepare(cell)
    subject = subjects.load(cell.subject, cell.model.resolution_px)
    base = Chains(found.store.identity).base(cell.model.path, cell.model.revision)
    if found.base not in (None, base):
        raise UserError(
            f"model.path {cell.model.path!r} is not what {found.folder} was trained on; put that back there"
        )
    backbone, words = _load(Source(cell, subject, base, found.trained, in_seats=found.in_seats), found)
    if found.kind == "base":
        words = subject.class_words
    if unknown := re.findall(r"\{(?!subject\}|class_words\})\w*\}", prompt):
        raise UserError(f"the prompt has {unknown[0]}, which stands for nothing; write {{subject}} or {{class_words}}")
    said = prompt.replace("{subject}", subject.identifier).replace("{class_words}", subject.class_words)
    said = said.replace(subject.identifier, words)
    wanted = [Sample(f"{seed}", "sample", said, said, seed, f"{_slug(prompt)}-{seed}.png") for seed in seeds]
    for sample, image in zip(wanted, generate.draw(backbone, cell.sampler, wanted), strict=True):
        generate.save(image, folder / sample.file, sample, cell.sampler)
        yield folder / sample.file


def _placed(cell: Cell, device: str | None) -> Cell:
    if cell.deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # before torch first asks the card
    return replace(cell, device=devices.resolve(device or cell.device))


def _load(source: Source, found: Found) -> tuple[Backbone, str]:
    if found.trained is None:
        return source.load()
    with found.store.reading(found.trained):
        return source.load()


def _slug(prompt: str) -> str:
    """The prompt as the start of a file's name, another one for every prompt."""
    plain = re.sub(r"[^\w]+", "-", prompt).strip("-")[:SLUG]
    return f"{plain}-{hashlib.sha256(prompt.encode()).hexdigest()[:6]}"
