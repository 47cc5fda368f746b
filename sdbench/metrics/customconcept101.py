"""CustomConcept101's numbers as Custom Diffusion computes them: text alignment, image alignment by CLIP and DINO."""

from __future__ import annotations

from dataclasses import dataclass

from sdbench.metrics.base.protocol import Protocol
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Settings:
    """dino: hub id or folder. clip: open_clip's tag, or a file with those weights. batch_size: images encoded at
    once. device: cpu, cuda, mps or auto.
    """

    dino: str
    clip: str
    batch_size: int
    device: str


def create(settings: Settings, subject: Subject) -> Protocol:
    return Protocol("customconcept101", settings, subject, VERSION)
