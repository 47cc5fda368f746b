"""Whether the image shows what its prompt says: CLIP similarity, with the subject named by its class words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sdbench.metrics.base import Judged, Metric, clip
from sdbench.metrics.base.clip import Settings as Settings
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1


class ClipText(Metric):
    """Cosine of image and class prompt; not rescaled or clipped at 0."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        backbone = f"CLIP {settings.model}" + (f" ({settings.pretrained})" if settings.pretrained else "")
        self.cards = (
            Card(
                "clip_text", "Prompt similarity", "cosine", "higher", -1.0, 1.0, backbone,
                "the model's own; the identifier in the prompt replaced by the class words", "mean", VERSION,
                "Hessel et al. 2021, arXiv 2104.08718, without its factor of 2.5; CLIP-T of arXiv 2208.12242",
            ),
        )  # fmt: skip

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return self._clip().judge(identity)

    def check(self) -> None:
        self._clip().check()

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if not judged:
            return []
        prompts = [item.sample.class_prompt for item in judged]
        cosines = (self._clip().images(item.image for item in judged) * self._clip().texts(prompts)).sum(-1).clip(-1, 1)
        return [
            Score(item.sample.sample_id, "clip_text", float(cosine), evidence=json.dumps({"prompt": prompt}))
            for item, cosine, prompt in zip(judged, cosines, prompts, strict=True)
        ]

    def _clip(self) -> clip.Clip:
        s = self.settings
        return clip.load(s.model, s.pretrained, s.batch_size, s.device)


def create(settings: Settings, _subject: Subject) -> ClipText:
    return ClipText(settings)
