"""DreamBench's PRES, prior preservation as DreamBooth defines it: has the whole class come to look like the subject?"""

from __future__ import annotations

from dataclasses import dataclass

from sdbench.metrics.base.protocol import Protocol, without_subject
from sdbench.settings import PromptSettings
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Settings:
    """prompts: one set, of the subject's class without the identifier. dino: hub id or folder. batch_size: images
    encoded at once. device: cpu, cuda, mps or auto.
    """

    prompts: dict[str, PromptSettings]
    dino: str
    batch_size: int
    device: str


def create(settings: Settings, subject: Subject) -> Protocol:
    return Protocol("dreambench", settings, subject, VERSION, without_subject("dreambench_pres", settings.prompts))
