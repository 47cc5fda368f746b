"""The PEFT method comparison's test DINO; its drift is `peft_comparison_drift`."""

from __future__ import annotations

from dataclasses import dataclass

from sdbench.metrics.base.protocol import Protocol
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Settings:
    """dinov2: hub id or folder. batch_size: images encoded at once. device: cpu, cuda, mps or auto."""

    dinov2: str
    batch_size: int
    device: str


def create(settings: Settings, subject: Subject) -> Protocol:
    return Protocol("peft_comparison", settings, subject, VERSION)
