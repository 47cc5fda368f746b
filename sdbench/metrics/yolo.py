"""How sure a YOLOv8 detector is that the subject's logo is in the image: the thesis's mean_confidence_score."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sdbench.errors import UserError
from sdbench.metrics.base import Judged, Metric, unscored
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1
PADDING = 114  # ultralytics' letterbox grey

Box = tuple[float, float, float, float]


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
        self.settings, self.detector = settings, detector
        backbone = f"YOLOv8 ({detector.name}, onnxruntime)" if detector else "none"
        self.cards = (
            Card(
                "yolo", "Logo confidence", "confidence", "higher", 0.0, 1.0, backbone,
                "letterboxed to the detector's input, RGB in [0, 1]",
                f"mean of each image's best confidence; 0 where none reaches {settings.floor}", VERSION,
                "Jocher et al. 2023, ultralytics YOLOv8; the thesis's mean_confidence_score",
            ),
        )  # fmt: skip

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        weights = identity(self.detector) if self.detector else None
        return {"weights": weights, "onnxruntime": version("onnxruntime")}

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if self.detector is None:
            return unscored(judged, self.cards, "subject has no logo detector")
        return [self._look(item) for item in judged]

    def _look(self, item: Judged) -> Score:
        pixels, scale, left, top = letterbox(item.image, self._side_px)
        output = self._session.run(None, {self._session.get_inputs()[0].name: pixels})[0]
        confidence, (x0, y0, x1, y1) = best(output)
        if confidence < self.settings.floor:
            return Score(item.sample.sample_id, "yolo", 0.0)
        box = [(x0 - left) / scale, (y0 - top) / scale, (x1 - left) / scale, (y1 - top) / scale]
        evidence = json.dumps({"box_px": [round(v, 1) for v in box]})
        return Score(item.sample.sample_id, "yolo", min(confidence, 1.0), evidence=evidence)

    @functools.cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.settings.threads
        options.inter_op_num_threads = 1
        refused = onnxruntime.capi.onnxruntime_pybind11_state
        try:
            return onnxruntime.InferenceSession(self.detector, options, providers=["CPUExecutionProvider"])
        except (refused.InvalidProtobuf, refused.InvalidArgument, refused.InvalidGraph, refused.Fail) as error:
            raise UserError(
                f"subject.detector {str(self.detector)!r} is not an ONNX file that onnxruntime can load; export your "
                "YOLOv8 with `yolo export model=best.pt format=onnx dynamic=False batch=1 nms=False`"
            ) from error

    @functools.cached_property
    def _side_px(self) -> int:
        batch, *_, side = self._session.get_inputs()[0].shape
        if batch != 1 or not isinstance(side, int):
            raise UserError(f"{self.detector} has dynamic axes; export it again with dynamic=False and batch=1")
        return side


def letterbox(image: Image.Image, side_px: int) -> tuple[np.ndarray, float, int, int]:
    """The image in the middle of a grey square: (1, 3, side, side) float32 in [0, 1], its scale, left and top."""
    scale = side_px / max(image.size)
    width, height = (max(1, round(v * scale)) for v in image.size)
    left, top = (side_px - width) // 2, (side_px - height) // 2
    square = Image.new("RGB", (side_px, side_px), (PADDING,) * 3)
    square.paste(image.resize((width, height), Image.Resampling.BILINEAR), (left, top))
    pixels = np.asarray(square, dtype=np.float32).transpose(2, 0, 1)[None] / 255
    return np.ascontiguousarray(pixels), scale, left, top


def best(output: np.ndarray) -> tuple[float, Box]:
    """Highest confidence in a YOLOv8 head's (1, 4 + classes, anchors) output, and its box (left, top, right, bottom).

    The best box survives non-maximum suppression whatever the others are, so none is done.
    """
    if output.ndim != 3 or not 5 <= output.shape[1] < output.shape[2]:
        raise UserError(
            f"the detector's output is {output.shape}, not YOLOv8's (1, 4 + classes, anchors); "
            "export a YOLOv8 with ultralytics, format=onnx, nms=False"
        )
    confidences = output[0, 4:].max(0)
    anchor = int(confidences.argmax())
    x, y, width, height = (float(v) for v in output[0, :4, anchor])
    return float(confidences[anchor]), (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def create(settings: Settings, subject: Subject) -> Yolo:
    return Yolo(settings, subject.detector)
