"""DreamBench's numbers as DreamBooth defines them: DINO, CLIP-I, CLIP-T and DIV; PRES is `dreambench_pres`."""

from __future__ import annotations

from dataclasses import dataclass

from sdbench.metrics.base.protocol import Protocol
from sdbench.subjects import Subject

VERSION = 2


@dataclass(frozen=True)
class Settings:
    """dino: hub id or folder. clip: open_clip's tag, or a file with those weights. lpips: folder with LPIPS's
    weights, or null. batch_size: images encoded at once. device: cpu, cuda, mps or auto.
    """

    dino: str
    clip: str
    lpips: str | None
    batch_size: int
    device: str


def create(settings: Settings, subject: Subject) -> Protocol:
    return Protocol("dreambench", settings, subject, VERSION)
