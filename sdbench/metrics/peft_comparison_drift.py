"""The PEFT method comparison's drift: how far images of prompts without the subject have moved from the base's."""

from __future__ import annotations

from dataclasses import dataclass

from sdbench.metrics.base.protocol import Protocol, without_subject
from sdbench.settings import PromptSettings
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Settings:
    """prompts: one set that leaves the subject out. dinov2: hub id or folder. batch_size: images encoded at once.
    device: cpu, cuda, mps or auto.
    """

    prompts: dict[str, PromptSettings]
    dinov2: str
    batch_size: int
    device: str


def create(settings: Settings, subject: Subject) -> Protocol:
    own = without_subject("peft_comparison_drift", settings.prompts)
    return Protocol("peft_comparison", settings, subject, VERSION, own)
