"""Right logo and right spelling: the detector finds the logo, and the lettering is read inside of its box."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from sdbench.errors import UserError
from sdbench.metrics.base import Judged, Metric, spelling, unscored
from sdbench.metrics.base.detector import Box, Detector
from sdbench.metrics.base.spelling import Reading, plain
from sdbench.needs import Need
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Settings(spelling.Settings):
    """confidence: of the detector, from which a box is the logo. margin: around the box, as a share of its sides."""

    KEY: ClassVar[str] = "metrics.logo"
    confidence: float
    margin: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.confidence < 1 or not 0 <= self.margin <= 1:
            raise UserError("metrics.logo.confidence must lie between 0 and 1, and metrics.logo.margin from 0 to 1")


class Logo(Metric):
    """1 where the logo is found and the default reader reads the lettering in it, else 0; evidence says what failed.

    `logo_found` is the detector's half of it: on real held-out pictures its rate of true positives, on the untuned
    base's images its rate of false ones, so the rows `real` and `base` tell how far the score can be trusted.
    `logo_disagreement`: whether the readers differ on a logo that was found.
    """

    def __init__(self, settings: Settings, subject: Subject) -> None:
        self.settings, self.lettering, self.reading = settings, subject.lettering, Reading(settings)
        self.detector = Detector(subject.detector, settings.threads) if subject.detector else None
        found = f"YOLOv8 ({subject.detector.name}, onnxruntime)" if subject.detector else "none"
        crop = f"crop of the best box with a margin of {settings.margin:g} of its sides; {settings.preprocessing}"

        def card(name: str, title: str, direction: str, backbone: str, shown: str, judges: str = "") -> Card:
            mean = f"mean; a logo is a box of at least {settings.confidence:g} confidence"
            source = "sdbench: both of the thesis's scores at once"
            return Card(name, title, "share", direction, 0.0, 1.0, backbone, shown, mean, VERSION, source,
                        judges == "spelling", judges=judges)  # fmt: skip

        several = [
            card("logo_disagreement", "Readers disagree", "none", ", ".join(settings.readers), crop)
        ] if len(settings.readers) > 1 else []  # fmt: skip
        self.cards = (
            card("logo", "Right logo, right spelling", "higher", f"{found}, {settings.default}", crop, "spelling"),
            card("logo_found", "Logo found", "higher", found, "letterboxed to the detector's input", "presence"),
            *several,
        )

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return {**self.reading.judge(identity), "detector": self.detector and self.detector.judge(identity)}

    def needs(self) -> list[Need]:
        return self.reading.needs()

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if self.detector is None or not self.lettering:
            missing = "lettering" if self.detector else "logo detector"
            return unscored(judged, self.cards, f"subject has no {missing}")
        looks = [(item, *self.detector.look(item.image)) for item in judged]
        crops = [crop(item.image, box, self.settings.margin) for item, sure, box in looks if self._is_logo(sure)]
        said = iter(self.reading.said(crops))
        scores: list[Score] = []
        for item, sure, box in looks:
            if self._is_logo(sure):
                scores += self._spelled(item, sure, box, next(said), self.lettering)
            else:
                scores += self._absent(item.sample.sample_id, sure)
        return scores

    def _is_logo(self, confidence: float) -> bool:
        return confidence >= self.settings.confidence

    def _absent(self, name: str, confidence: float) -> list[Score]:
        evidence = json.dumps({"why": "no logo", "confidence": round(confidence, 3)})
        scores = [Score(name, "logo", 0.0, evidence=evidence), Score(name, "logo_found", 0.0)]
        return scores + [Score(name, card.name, None, "no logo to read") for card in self.cards[2:]]

    def _spelled(
        self, item: Judged, confidence: float, box: Box, said: dict[str, list[str] | str], lettering: str
    ) -> list[Score]:
        name = item.sample.sample_id
        lines, case = said[self.settings.default], self.settings.case
        found = Score(name, "logo_found", 1.0, evidence=json.dumps({"confidence": round(confidence, 3)}))
        read = {reader: sorted(plain(line, case) for line in s) for reader, s in said.items() if isinstance(s, list)}
        differ = float(len({tuple(s) for s in read.values()}) > 1)
        others = [
            Score(
                name, card.name, differ if len(read) > 1 else None, None if len(read) > 1 else "only one reader is here"
            )
            for card in self.cards[2:]
        ]
        if isinstance(lines, str):
            return [Score(name, "logo", None, lines), found, *others]
        right = plain(lettering, case) in read[self.settings.default]
        why = "right" if right else "misspelled" if lines else "nothing read"
        evidence = json.dumps({"why": why, "lines": said, "box_px": [round(v, 1) for v in box]}, ensure_ascii=False)
        return [Score(name, "logo", float(right), evidence=evidence), found, *others]


def crop(image: Image.Image, box: Box, margin: float) -> Image.Image:
    """The box with its margin, cut at the image's edge, at least a pixel wide and high."""
    left, top, right, bottom = box
    wide, high = margin * (right - left), margin * (bottom - top)
    left, top = max(0.0, left - wide), max(0.0, top - high)
    right, bottom = min(float(image.width), right + wide), min(float(image.height), bottom + high)
    return image.crop((int(left), int(top), max(int(left) + 1, round(right)), max(int(top) + 1, round(bottom))))


def create(settings: Settings, subject: Subject) -> Logo:
    return Logo(settings, subject)
