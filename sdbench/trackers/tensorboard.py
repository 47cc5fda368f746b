"""TensorBoard: a folder of event files for each cell, written without torch or tensorflow."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from sdbench.trackers.base import Mirror, Shown


@dataclass(frozen=True)
class Settings:
    """It has none."""


def create(settings: Settings) -> TensorBoard:
    return TensorBoard()


class TensorBoard(Mirror):
    """A stage that is written again takes the place of its older file."""

    target = "events"

    def write(self, shown: Shown, folder: Path) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        place = folder / shown.config["cell"]
        for older in place.glob(f"*.{shown.stage}"):
            older.unlink()
        writer = EventFileWriter(str(place), filename_suffix=f".{shown.stage}")
        for step, value in _values(shown):
            writer.add_event(Event(wall_time=time.time(), step=step, summary=Summary(value=[Summary.Value(**value)])))
        writer.close()


def _values(shown: Shown) -> Iterator[tuple[int, dict[str, Any]]]:
    """Steps and the fields of their `Summary.Value`."""
    for step, values in shown.steps:
        for name, number in values.items():
            yield step, {"tag": f"{shown.stage}/{name}", "simple_value": number}
    last = shown.config["steps"] or 0
    for name, number in shown.numbers.items():
        yield last, {"tag": f"{shown.stage}/{name}", "simple_value": number}
    for name, image in shown.images.items():
        yield last, {"tag": f"{shown.stage}/{name}", "image": _image(image)}
    words = "\n".join(f"- {name}: {value}" for name, value in shown.config.items())
    yield last, {"tag": f"{shown.stage}/about", **_text(f"{shown.status}: {shown.cause or 'ok'}\n\n{words}")}


def _image(image: Image.Image) -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary

    png = io.BytesIO()
    image.save(png, "PNG")
    return Summary.Image(width=image.width, height=image.height, colorspace=3, encoded_image_string=png.getvalue())


def _text(words: str) -> dict[str, Any]:
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.types_pb2 import DT_STRING
    from tensorboard.plugins.text.metadata import create_summary_metadata

    tensor = TensorProto(dtype=DT_STRING, string_val=[words.encode()])
    return {"tensor": tensor, "metadata": create_summary_metadata("", "")}
