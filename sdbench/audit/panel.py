"""A metric before an audit's images: each list of them is made and judged once for all of its cards."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sdbench.audit import material, pictures
from sdbench.audit.families import FAMILIES, Family
from sdbench.audit.judgement import Floats
from sdbench.audit.material import Case, Trial
from sdbench.metrics.base import Judged, encoders
from sdbench.metrics.base.encoder import Encoded
from sdbench.records import Card
from sdbench.seeds import seed_of
from sdbench.subjects import Subject

BACKBONES = ("bundled:clip", "bundled:encoder")  # two that both give vectors of the microworld's images


class Panel:
    """kind, settings: of the metric. backbone: an image encoder to put in the place of its own.

    Raises UserError, here or at the first image, where its weights cannot be had.
    """

    def __init__(self, kind: str, settings: Any, subject: Subject, backbone: str | None = None) -> None:
        self.kind, self.settings, self.subject, self.backbone = kind, settings, subject, backbone
        self.metric: Any = importlib.import_module(f"sdbench.metrics.{kind}").create(settings, subject)
        if backbone:
            vectors = encoders.Settings(backbone, None, settings.batch_size, settings.device)
            self.metric.encoder = vectors.encoder()
        mine = getattr(settings, "model", None)
        swappable = isinstance(self.metric, Encoded) and not self.metric.of_words
        swaps = backbone is None and swappable and mine in BACKBONES
        self.other = Panel(kind, settings, subject, BACKBONES[1 - BACKBONES.index(mine)]) if swaps else None
        self.reasons: dict[str, str] = {}
        self._lists: dict[tuple[str, str], list[Judged]] = {}
        self._trials: dict[tuple[str, str], dict[str, Trial]] = {}
        self._scores: dict[tuple[str, str], dict[tuple[str, str], float]] = {}

    def case(self, card: Card) -> Case:
        return material.case_of(self.subject, self.settings, card.prompts)

    def right(self, card: Card, kind: str = "") -> list[Judged]:
        """kind: of right pictures, where not the family's own."""
        kind = kind or FAMILIES[card.judges].right
        return self._list(card, kind, lambda: material.right(self.case(card), kind))

    def of_right(self, card: Card, kind: str = "") -> Floats:
        return self.values(card, kind or FAMILIES[card.judges].right, self.right(card, kind))

    def of_instead(self, card: Card, name: str) -> Floats:
        """Values where something else stands in the right images' place: see `material.instead`."""
        key = f"{FAMILIES[card.judges].right}, {name}"
        made = self._list(card, key, lambda: material.instead(self.case(card), name, self.right(card)))
        return self.values(card, key, made)

    def trials(self, card: Card) -> dict[str, Trial]:
        key = (card.prompts, card.judges)
        if key not in self._trials:
            self._trials[key] = material.trials(self.case(card), card.judges)
        return self._trials[key]

    def values(self, card: Card, name: str, judged: Sequence[Judged]) -> Floats:
        """Each image's score, or each prompt's mean where prompts are judged, with the family's sign: more is righter.

        NaN where there is a reason. name: tells lists apart that are judged more than once.
        """
        family, key = FAMILIES[card.judges], (card.prompts, name)
        if key not in self._scores:
            scores = self.metric.score(judged) if judged else []
            self._scores[key] = {(s.metric, s.sample_id): np.nan if s.value is None else s.value for s in scores}
            self.reasons = {s.metric: s.reason for s in scores if s.reason} | self.reasons
        got = self._scores[key]
        values = family.sign * np.array([got[card.name, one.sample.sample_id] for one in judged], dtype=np.float64)
        return by_prompt(family, judged, values)

    def images_per_second(self) -> float | None:
        """Of images that it has not seen; None where none of its cards has right images."""
        for card in self.metric.cards:
            if card.judges in FAMILIES and (those := self.right(card)):
                seeds = [seed_of("speed", self.kind, i) for i in range(len(those))]
                fresh = [replace(j, image=pictures.noise(j.image, 1, s)) for j, s in zip(those, seeds, strict=True)]
                began = time.perf_counter()
                self.metric.score(fresh)
                return len(fresh) / (time.perf_counter() - began)
        return None

    def _list(self, card: Card, name: str, make: Callable[[], list[Judged]]) -> list[Judged]:
        key = (card.prompts, name)
        if key not in self._lists:
            self._lists[key] = make()
        return self._lists[key]


def by_prompt(family: Family, judged: Sequence[Judged], values: Floats) -> Floats:
    """The values, or their means by prompt where prompts are judged."""
    if not family.grouped:
        return values
    prompts = np.array([one.sample.prompt_id for one in judged])
    return np.array([values[prompts == prompt].mean() for prompt in dict.fromkeys(prompts.tolist())])
