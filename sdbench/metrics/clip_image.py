"""Whether the image shows the subject: CLIP similarity to pictures of it that were never trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sdbench.metrics.base import Judged, Metric, clip
from sdbench.metrics.base.clip import Settings as Settings
from sdbench.records import Card, Score
from sdbench.subjects import Reference, Subject

VERSION = 1


class ClipImage(Metric):
    """Mean cosine to the held-out references; a reference is never compared with itself."""

    def __init__(self, settings: Settings, references: Sequence[Reference]) -> None:
        self.settings, self.references = settings, references
        backbone = f"CLIP {settings.model}" + (f" ({settings.pretrained})" if settings.pretrained else "")
        self.cards = (
            Card(
                "clip_image", "Subject similarity", "cosine", "higher", -1.0, 1.0, backbone, "the model's own",
                "mean of each image's mean cosine to the held-out pictures, itself left out", VERSION,
                "CLIP-I of DreamBooth, arXiv 2208.12242, section 4.2",
            ),
        )  # fmt: skip

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return self._clip().judge(identity)

    def check(self) -> None:
        self._clip().check()

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if not judged:
            return []
        known = [reference.image() for reference in self.references]
        digests = np.array([clip.digest(image) for image in known])
        seen = self._clip().images(item.image for item in judged)
        cosines = (seen @ self._clip().images(known).T).clip(-1, 1) if known else np.empty((len(judged), 0))
        return [compare(j, row[digests != clip.digest(j.image)]) for j, row in zip(judged, cosines, strict=True)]

    def _clip(self) -> clip.Clip:
        s = self.settings
        return clip.load(s.model, s.pretrained, s.batch_size, s.device)


def compare(item: Judged, cosines: np.ndarray) -> Score:
    """The score of an image from its cosines to the references it may be compared with."""
    name = item.sample.sample_id
    if not len(cosines):
        return Score(name, "clip_image", None, "subject has no other held-out picture to compare with")
    evidence = {"references": len(cosines), "least": float(cosines.min()), "most": float(cosines.max())}
    return Score(name, "clip_image", float(cosines.mean()), evidence=json.dumps(evidence))


def create(settings: Settings, subject: Subject) -> ClipImage:
    return ClipImage(settings, subject.heldout)
