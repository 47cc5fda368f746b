"""Whether the image shows the subject: an encoder's similarity to pictures of it that were never trained on."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from sdbench.metrics.base import Judged
from sdbench.metrics.base.encoder import Encoded, Encoder, digest
from sdbench.records import Card, Score
from sdbench.subjects import Reference


class ToReferences(Encoded):
    """Mean cosine to the held-out references; a reference is never compared with itself."""

    def __init__(self, encoder: Encoder, references: Sequence[Reference], card: Card) -> None:
        super().__init__(encoder)
        self.references, self.cards = references, (card,)

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if not judged:
            return []
        known = [reference.image() for reference in self.references]
        digests = np.array([digest(image) for image in known])
        seen = self.encoder.images(item.image for item in judged)
        cosines = (seen @ self.encoder.images(known).T).clip(-1, 1) if known else np.empty((len(judged), 0))
        metric = self.cards[0].name
        return [compare(metric, j, row[digests != digest(j.image)]) for j, row in zip(judged, cosines, strict=True)]


def compare(metric: str, item: Judged, cosines: np.ndarray) -> Score:
    """The score of an image from its cosines to the references it may be compared with."""
    name = item.sample.sample_id
    if not len(cosines):
        return Score(name, metric, None, "subject has no other held-out picture to compare with")
    evidence = {"references": len(cosines), "least": float(cosines.min()), "most": float(cosines.max())}
    return Score(name, metric, float(cosines.mean()), evidence=json.dumps(evidence))


def card(name: str, title: str, encoder: Encoder, version: int, source: str) -> Card:
    return Card(
        name, title, "cosine", "higher", -1.0, 1.0, encoder.title, encoder.preprocessing,
        "mean of each image's mean cosine to the held-out pictures, itself left out", version, source,
        judges="identity",
    )  # fmt: skip
