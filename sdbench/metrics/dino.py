"""Whether the image shows the subject: a self-supervised encoder's similarity to pictures of it never trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sdbench.metrics.base import selfsupervised
from sdbench.metrics.base.references import ToReferences, card
from sdbench.subjects import Reference, Subject

VERSION = 1


@dataclass(frozen=True)
class Settings:
    """model: `bundled:encoder`, a hub id (`facebook/dino-vits16`, `facebook/dinov2-small`) or a folder with its files.

    batch_size: images encoded at once. device: cpu, cuda, mps or auto.
    """

    model: str
    batch_size: int
    device: str


class Dino(ToReferences):
    def __init__(self, settings: Settings, references: Sequence[Reference]) -> None:
        encoder = selfsupervised.load(settings.model, settings.batch_size, settings.device)
        source = "DINO of DreamBooth, arXiv 2208.12242, section 4.2, against held-out pictures"
        super().__init__(encoder, references, card("dino", "Subject similarity (DINO)", encoder, VERSION, source))


def create(settings: Settings, subject: Subject) -> Dino:
    return Dino(settings, subject.heldout)
