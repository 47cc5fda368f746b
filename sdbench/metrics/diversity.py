"""How different the images of one prompt are from each other: of a model that overfits they are all the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench.metrics.base import Judged, encoders, lpips
from sdbench.metrics.base.encoder import Encoded
from sdbench.metrics.base.pairwise import ALONE, squared_distances, to_others, vendi
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1
MANY = 1e9  # a Vendi score has no limit but the number of images


@dataclass(frozen=True)
class Settings(encoders.Settings):
    """lpips: folder with LPIPS's weights, or null. The rest: the encoder of the other two scores."""

    lpips: str | None


class Diversity(Encoded):
    """LPIPS where its weights are, distance in an encoder's space, and the Vendi score in that same space."""

    grouped = True
    of_prompts = ("diversity_lpips", "diversity_features", "diversity_vendi")

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.encoder())
        self.lpips = lpips.Lpips(settings.lpips, settings.batch_size, settings.device) if settings.lpips else None
        how, each = self.encoder, "mean of each image's mean distance to the others of its prompt"
        perceptual = (lpips.Lpips.title, lpips.Lpips.preprocessing, each)
        self.cards = (
            Card("diversity_lpips", "Diversity (LPIPS)", "LPIPS", "higher", 0.0, MANY, *perceptual, VERSION,
                 "Zhang et al. 2018, arXiv 1801.03924, equation 1", headline=self.lpips is not None,
                 judges="diversity"),
            Card("diversity_features", "Diversity (features)", "1 - cosine", "higher", 0.0, 2.0, how.title,
                 how.preprocessing, each, VERSION, "cosine distance of image vectors; not LPIPS", headline=False,
                 judges="diversity"),
            Card("diversity_vendi", "Diversity (Vendi)", "images", "higher", 1.0, MANY, how.title, how.preprocessing,
                 "mean over prompts of the effective number of different images", VERSION,
                 "Friedman and Dieng 2022, arXiv 2210.02410, cosine kernel", per="prompt", judges="diversity"),
        )  # fmt: skip

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return {"encoder": self.encoder.judge(identity), "lpips": self.lpips.judge(identity) if self.lpips else None}

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        prompts = list(dict.fromkeys(item.sample.prompt_id for item in judged))
        return [s for p in prompts for s in self._group([item for item in judged if item.sample.prompt_id == p])]

    def _group(self, group: list[Judged]) -> Iterator[Score]:
        names, images = [item.sample.sample_id for item in group], [item.image for item in group]
        if len(group) < 2:
            yield from (Score(names[0], card.name, None, ALONE) for card in self.cards)
            return
        evidence = json.dumps({"images": len(group)})
        vectors = self.encoder.images(images)
        apart = squared_distances(vectors) / 2
        for name, value in zip(names, to_others(apart), strict=True):
            yield Score(name, "diversity_features", min(value, 2.0), evidence=evidence)
            yield Score(name, "diversity_vendi", vendi(vectors @ vectors.T), evidence=evidence)
        if self.lpips is None:
            reason = f"LPIPS has no weights here; set metrics.diversity.lpips to {lpips.HOW}"
            yield from (Score(name, "diversity_lpips", None, reason) for name in names)
            return
        for name, value in zip(names, to_others(squared_distances(self.lpips.encode(images))), strict=True):
            yield Score(name, "diversity_lpips", value, evidence=evidence)


def create(settings: Settings, _subject: Subject) -> Diversity:
    return Diversity(settings)
