"""Whether an image is a training picture come back: nearer to one than training pictures are to each other.

Somepalli et al. 2023 (arXiv 2212.03860) compare nearest training pictures with the training set's own; Carlini et al.
2023 (arXiv 2301.13188) ask for a copy to be nearer than the neighbourhood of the picture copied.

Of a few pictures the background is short, and a new picture of the subject may be beyond it: read these scores beside
those of the `real` row, whose held-out pictures are no copies. Measured with the microworld's encoder, the share of
near-duplicates is 1 for training pictures with noise, cropped or mirrored; blurred, 0.5 (logo) and 1 (girl, dog); and
for held-out pictures 1 of 8 (logo), 2 of 4 (girl), 0 of 4 (dog).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence

import numpy as np

from sdbench.metrics.base import Judged, unscored
from sdbench.metrics.base.encoder import Encoded, digest
from sdbench.metrics.base.encoders import Settings as Settings
from sdbench.records import Card, Score
from sdbench.subjects import Reference, Subject

VERSION = 1
FEW = "subject has fewer than two different training pictures, so there is no background to compare with"


class Memorization(Encoded):
    """Rank of an image's nearest training picture in the background, and whether it is beyond all of it.

    The background: of each training picture, the cosine to the nearest other one. Of pictures with equal pixels one
    counts. Evidence names the nearest picture's file, for a gallery.
    """

    def __init__(self, settings: Settings, train: Sequence[Reference]) -> None:
        super().__init__(settings.encoder())
        self.train = train
        how = (self.encoder.title, self.encoder.preprocessing)
        source = "after Somepalli et al. 2023, arXiv 2212.03860, and Carlini et al. 2023, arXiv 2301.13188"
        self.cards = (
            Card("memorization", "Memorization", "share of background", "lower", 0.0, 1.0, *how,
                 "mean share of training pictures whose nearest other one is further than the image's nearest",
                 VERSION, source, judges="memorization"),
            Card("memorization_duplicate", "Near-duplicates", "images", "lower", 0.0, 1.0, *how,
                 "share of images nearer to a training picture than any two training pictures are", VERSION, source,
                 judges="memorization"),
            Card("memorization_nearest", "Nearest training picture", "cosine", "lower", -1.0, 1.0, *how,
                 "mean of each image's highest cosine to a training picture", VERSION, source, headline=False,
                 judges="memorization"),
        )  # fmt: skip

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        files, vectors = self._known
        if len(files) < 2:
            return unscored(judged, self.cards, FEW)
        if not judged:
            return []
        among = background(vectors)
        cosines = (self.encoder.images(item.image for item in judged) @ vectors.T).clip(-1, 1)
        return [s for item, row in zip(judged, cosines, strict=True) for s in compare(item, row, among, files)]

    @functools.cached_property
    def _known(self) -> tuple[list[str], np.ndarray]:
        """Names and vectors of the training pictures that differ."""
        images = {digest(image): (r.path.name, image) for r in self.train for image in [r.image()]}
        names = [name for name, _ in images.values()]
        return names, self.encoder.images(image for _, image in images.values()) if names else np.empty((0, 0))


def background(vectors: np.ndarray) -> np.ndarray:
    """(n,) cosine of each of n >= 2 unit vectors to the nearest other."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    return np.asarray(cosines.max(1).clip(-1, 1))


def compare(item: Judged, cosines: np.ndarray, among: np.ndarray, files: Sequence[str]) -> list[Score]:
    """An image's three scores from its cosines to the training pictures and their background."""
    nearest = int(cosines.argmax())
    cosine = float(cosines[nearest])
    evidence = json.dumps({
        "nearest": files[nearest], "cosine": cosine,
        "background_median": float(np.median(among)), "background_most": float(among.max()),
    })  # fmt: skip
    values = {
        "memorization": float((among < cosine).mean()),
        "memorization_duplicate": float(cosine > among.max()),
        "memorization_nearest": cosine,
    }
    return [Score(item.sample.sample_id, metric, value, evidence=evidence) for metric, value in values.items()]


def create(settings: Settings, subject: Subject) -> Memorization:
    return Memorization(settings, subject.train)
