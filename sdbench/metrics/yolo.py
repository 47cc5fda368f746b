"""How sure a YOLOv8 detector is that the subject's logo is in the image: the thesis's mean_confidence_score."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench.errors import UserError
from sdbench.metrics.base import Judged, Metric, unscored
from sdbench.metrics.base.detector import Detector
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Settings:
    """floor: confidence below which nothing counts as found. threads: of onnxruntime."""

    floor: float
    threads: int

    def __post_init__(self) -> None:
        if not 0 <= self.floor < 1:
            raise UserError(f"metrics.yolo.floor is {self.floor}; it is a confidence, so at least 0 and below 1")


class Yolo(Metric):
    """Best confidence over all boxes; without a detector, a reason."""

    def __init__(self, settings: Settings, detector: Path | None) -> None:
        self.settings = settings
        self.detector = Detector(detector, settings.threads) if detector else None
        backbone = f"YOLOv8 ({detector.name}, onnxruntime)" if detector else "none"
        self.cards = (
            Card(
                "yolo", "Logo confidence", "confidence", "higher", 0.0, 1.0, backbone,
                "letterboxed to the detector's input, RGB in [0, 1]",
                f"mean of each image's best confidence; 0 where none reaches {settings.floor}", VERSION,
                "Jocher et al. 2023, ultralytics YOLOv8; the thesis's mean_confidence_score", judges="presence",
            ),
        )  # fmt: skip

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return self.detector.judge(identity) if self.detector else {"weights": None}

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if self.detector is None:
            return unscored(judged, self.cards, "subject has no logo detector")
        return [self._look(item, self.detector) for item in judged]

    def _look(self, item: Judged, detector: Detector) -> Score:
        confidence, box = detector.look(item.image)
        if confidence < self.settings.floor:
            return Score(item.sample.sample_id, "yolo", 0.0)
        evidence = json.dumps({"box_px": [round(v, 1) for v in box]})
        return Score(item.sample.sample_id, "yolo", confidence, evidence=evidence)


def create(settings: Settings, subject: Subject) -> Yolo:
    return Yolo(settings, subject.detector)
