"""Whether the image shows the subject: CLIP similarity to pictures of it that were never trained on."""

from __future__ import annotations

from collections.abc import Sequence

from sdbench.metrics.base import clip
from sdbench.metrics.base.clip import Settings as Settings
from sdbench.metrics.base.references import ToReferences, card
from sdbench.subjects import Reference, Subject

VERSION = 1


class ClipImage(ToReferences):
    def __init__(self, settings: Settings, references: Sequence[Reference]) -> None:
        encoder = clip.load(settings.model, settings.pretrained, settings.batch_size, settings.device)
        source = "CLIP-I of DreamBooth, arXiv 2208.12242, section 4.2"
        super().__init__(encoder, references, card("clip_image", "Subject similarity", encoder, VERSION, source))


def create(settings: Settings, subject: Subject) -> ClipImage:
    return ClipImage(settings, subject.heldout)
