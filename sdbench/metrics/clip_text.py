"""Whether the image shows what its prompt says: CLIP similarity, with the subject named by its class words."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sdbench.metrics.base import Judged, clip
from sdbench.metrics.base.clip import Settings as Settings
from sdbench.metrics.base.encoder import Encoded
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1


class ClipText(Encoded):
    """Cosine of image and class prompt; not rescaled or clipped at 0."""

    encoder: clip.Clip
    of_words = True
    of_prompts = ("clip_text",)

    def __init__(self, settings: Settings) -> None:
        super().__init__(clip.load(settings.model, settings.pretrained, settings.batch_size, settings.device))
        self.cards = (
            Card(
                "clip_text", "Prompt similarity", "cosine", "higher", -1.0, 1.0, self.encoder.title,
                "the model's own; the identifier in the prompt replaced by the class words", "mean", VERSION,
                "Hessel et al. 2021, arXiv 2104.08718, without its factor of 2.5; CLIP-T of arXiv 2208.12242",
                judges="prompt",
            ),
        )  # fmt: skip

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if not judged:
            return []
        prompts = [item.sample.class_prompt for item in judged]
        cosines = (self.encoder.images(item.image for item in judged) * self.encoder.texts(prompts)).sum(-1).clip(-1, 1)
        return [
            Score(item.sample.sample_id, "clip_text", float(cosine), evidence=json.dumps({"prompt": prompt}))
            for item, cosine, prompt in zip(judged, cosines, prompts, strict=True)
        ]


def create(settings: Settings, _subject: Subject) -> ClipText:
    return ClipText(settings)
