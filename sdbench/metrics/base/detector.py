"""A YOLOv8 logo detector in onnxruntime: an image in, the best box and how sure it is out."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sdbench.errors import UserError

PADDING = 114  # ultralytics' letterbox grey

Box = tuple[float, float, float, float]


class Detector:
    """Loads its weights at the first image. threads: of onnxruntime."""

    def __init__(self, path: Path, threads: int) -> None:
        self.path, self.threads = path, threads

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return {"weights": identity(self.path), "onnxruntime": version("onnxruntime")}

    def look(self, image: Image.Image) -> tuple[float, Box]:
        """Highest confidence, at most 1, and its box (left, top, right, bottom) in pixels of the image."""
        pixels, scale, left, top = letterbox(image, self._side_px)
        output = self._session.run(None, {self._session.get_inputs()[0].name: pixels})[0]
        confidence, (x0, y0, x1, y1) = best(output)
        return min(confidence, 1.0), ((x0 - left) / scale, (y0 - top) / scale, (x1 - left) / scale, (y1 - top) / scale)

    @functools.cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        refused = onnxruntime.capi.onnxruntime_pybind11_state
        try:
            return onnxruntime.InferenceSession(self.path, options, providers=["CPUExecutionProvider"])
        except (refused.InvalidProtobuf, refused.InvalidArgument, refused.InvalidGraph, refused.Fail) as error:
            raise UserError(
                f"subject.detector {str(self.path)!r} is not an ONNX file that onnxruntime can load; export your "
                "YOLOv8 with `yolo export model=best.pt format=onnx dynamic=False batch=1 nms=False`"
            ) from error

    @functools.cached_property
    def _side_px(self) -> int:
        batch, *_, side = self._session.get_inputs()[0].shape
        if batch != 1 or not isinstance(side, int):
            raise UserError(f"{self.path} has dynamic axes; export it again with dynamic=False and batch=1")
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
