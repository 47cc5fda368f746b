"""What training on the subject did to everything else: images of other prompts, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sdbench.metrics.base import Judged, selfsupervised
from sdbench.metrics.base.encoder import Encoded
from sdbench.records import Card, Score
from sdbench.settings import PromptSettings
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Settings:
    """prompts: sets without the identifier; each has a score of its own, `drift_<set>`.

    model: `bundled:encoder`, a hub id (`facebook/dino-vits16`, `facebook/dinov2-small`) or a folder with its files.
    batch_size: images encoded at once. device: cpu, cuda, mps or auto.
    """

    prompts: dict[str, PromptSettings]
    model: str
    batch_size: int
    device: str


class Drift(Encoded):
    """(1 - cosine) / 2 of an image and the untuned base's for the same prompt and seed: 0 where nothing moved.

    It takes any method, full fine-tuning too, as it compares images and not weights.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(selfsupervised.load(settings.model, settings.batch_size, settings.device))
        source = "drift of the PEFT image generation comparison, between the same prompts and seeds"
        self.cards = tuple(
            Card(f"drift_{one.name}", f"Drift, {one.name}", "(1 - cosine) / 2", "lower", 0.0, 1.0, self.encoder.title,
                 self.encoder.preprocessing, "mean", VERSION, source, prompts=one.name, judges="drift")
            for one in settings.prompts.values()
        )  # fmt: skip

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if not judged:
            return []
        now = self.encoder.images(item.image for item in judged)
        before = self.encoder.images(item.base for item in judged if item.base is not None)
        return [
            Score(item.sample.sample_id, f"drift_{item.asked}", float(value))
            for item, value in zip(judged, moved(before, now), strict=True)
        ]


def moved(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """(n,): (1 - cosine) / 2 of row i of one and row i of the other, (n, d) unit vectors."""
    return np.asarray(((1 - (now * before).sum(-1)) / 2).clip(0, 1))


def create(settings: Settings, _subject: Subject) -> Drift:
    return Drift(settings)
