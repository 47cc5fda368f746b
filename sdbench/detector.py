"""The detector stage: a YOLOv8 for a subject's logo from labelled pictures, with the error rates that it has.

As the logo thesis (June 2023) made its own from 150 labelled pictures, with augmentation and regularizing pictures:
pictures without the logo, which keep the detector from seeing it everywhere.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from sdbench import labels, pictures, subjects, yolov8
from sdbench.errors import UserError
from sdbench.labels import Labelled
from sdbench.metrics.base.detector import Detector
from sdbench.settings import not_negative, positive
from sdbench.stages import Stage
from sdbench.store import Store

WEIGHTS, CARD = "detector.onnx", "card.json"
CONFIDENCE, OVERLAP = 0.25, 0.5  # from which a box is the logo, and is where the label says
STRIDE_PX = 32  # of YOLOv8's coarsest features
CARE = "labelled pictures of the subject, from scratch; no outside data or weights"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Augmentation:
    """By ultralytics' own names and in its units: shares, but `degrees`."""

    hsv_h: float
    hsv_s: float
    hsv_v: float
    degrees: float
    translate: float
    scale: float
    perspective: float
    fliplr: float
    mosaic: float

    def __post_init__(self) -> None:
        for key, value in asdict(self).items():
            not_negative(f"augmentation.{key}", value)


@dataclass(frozen=True)
class Settings:
    """conf/detector.yaml. heldout: share of the pictures that errors are measured on. input_px: side of what it sees.

    max_channels: four times the widest layer, 1024 in YOLOv8n itself.
    """

    epochs: int
    batch_size: int
    lr: float
    input_px: int
    max_channels: int
    heldout: float
    seed: int
    augmentation: Augmentation

    def __post_init__(self) -> None:
        for key in ("epochs", "batch_size", "lr", "input_px", "max_channels"):
            positive(key, getattr(self, key))
        not_negative("seed", self.seed)
        if self.input_px % STRIDE_PX:
            raise UserError(f"input_px is {self.input_px}; it must be a multiple of {STRIDE_PX}, e.g. 320")
        if not 0 < self.heldout < 1:
            raise UserError(f"heldout is {self.heldout}; it is a share of the pictures, so between 0 and 1")


@dataclass(frozen=True)
class Machine:
    """device: cpu, cuda or mps, as resolved. threads: of the CPU."""

    device: str
    threads: int


@dataclass(frozen=True)
class Plan:
    """All that a detector is made of. shown: the subject's own held-out pictures, unlabelled, each with its logo."""

    name: str
    settings: Settings
    machine: Machine
    train: list[Labelled]
    heldout: list[Labelled]
    shown: list[Path]

    def stage(self) -> Stage:
        """Its key: the pictures, their boxes, the settings, and what of the machine changes bits."""
        parts = {"train": self.train, "heldout": self.heldout}
        kind = self.machine.device.split(":")[0]
        return Stage("detector", {
            "name": self.name, "settings": asdict(self.settings), "device": kind,
            "threads": self.machine.threads if kind == "cpu" else None,
            **{name: [[one.digest, one.boxes] for one in part] for name, part in parts.items()},
            "shown": sorted(subjects.digest(path) for path in self.shown),
        })  # fmt: skip


def plan(subject_folder: str, labelled: Path, settings: Settings, machine: Machine) -> Plan:
    """Read and check everything. The subject's held-out pictures are never trained on, labelled or not.

    Raises UserError naming the file that is missing or wrong.
    """
    subject = subjects.place(subject_folder)
    shown = subjects.files(subject / "heldout")
    if not shown:
        raise UserError(f"{subject / 'heldout'} holds no pictures, which the detector is measured on; put some there")
    found, bare = labels.read(labelled)
    if bare:
        named = ", ".join(path.name for path in bare[:3]) + (", ..." if len(bare) > 3 else "")
        log.info("%d of %d pictures have no label file (%s): they are taken for regularizing pictures, "
                 "without the logo", len(bare), len(found), named)  # fmt: skip
    for path in shown:
        labels.check_readable(path)
    digests = {subjects.digest(path) for path in shown}
    for one in found:
        if one.digest in digests and not one.boxes:
            raise UserError(f"{one.path} is a held-out picture of the subject without a label; label its logo")
    train, heldout = labels.split(found, settings.heldout, digests)
    for part, what in ((train, "train on"), (heldout, "measure its errors on")):
        if not any(one.boxes for one in part):
            raise UserError(f"{labelled} leaves no picture with a logo to {what}; label more, or set heldout=...")
    return Plan(subject.resolve().name, settings, machine, train, heldout, shown)


def make(wanted: Plan, store: Store) -> Path:
    """The finished folder: detector.onnx, and card.json with its error rates. One that is there is reused."""
    stage = wanted.stage()
    return store.make(stage.name, stage.version, stage.settings, partial(build, wanted))


def build(wanted: Plan, folder: Path) -> None:
    """Train, export and measure into `folder`."""
    began, settings, machine = time.perf_counter(), wanted.settings, wanted.machine
    os.environ |= {"OMP_NUM_THREADS": str(machine.threads), "YOLO_VERBOSE": "false"}
    ultralytics = yolov8.quiet(Path(tempfile.gettempdir()) / f"sdbench-ultralytics-{os.getuid()}")
    import torch

    torch.set_num_threads(machine.threads)
    work = folder / "work"
    data = write_dataset(wanted, work)
    model = ultralytics.YOLO(yolov8.architecture(work, ultralytics, settings.max_channels))
    log.info("training on %d pictures, %d epochs", len(wanted.train), settings.epochs)
    checkpoint = yolov8.train(
        model, data, work, settings.batch_size, epochs=settings.epochs, imgsz=settings.input_px, lr0=settings.lr,
        seed=settings.seed, device=machine.device.removeprefix("cuda:").replace("cuda", "0"), verbose=False,
        **asdict(settings.augmentation),
    )  # fmt: skip
    yolov8.export(ultralytics, checkpoint, settings.input_px, folder / WEIGHTS)
    map50 = yolov8.validate(ultralytics, folder / WEIGHTS, data, settings.input_px, work).map50
    rates = measure(wanted, folder / WEIGHTS, float(map50))
    parameters = sum(p.numel() for p in model.model.parameters())
    (folder / CARD).write_text(json.dumps(card(wanted, rates, parameters), indent=1))
    (folder / "result.json").write_text(json.dumps({"seconds": time.perf_counter() - began}))
    shutil.rmtree(work)


def write_dataset(wanted: Plan, work: Path) -> Path:
    """The pictures as a YOLO dataset, upright and no larger than needed; returns its data.yaml."""
    for split, part in (("train", wanted.train), ("val", wanted.heldout)):
        for kind in ("images", "labels"):
            (work / kind / split).mkdir(parents=True)
        for i, one in enumerate(part):
            image = pictures.opened(one.path)
            image.thumbnail((2 * wanted.settings.input_px,) * 2, Image.Resampling.LANCZOS)
            image.save(work / "images" / split / f"{i:05d}.png", compress_level=1)
            lines = "".join(f"0 {' '.join(map(repr, box))}\n" for box in one.boxes)
            (work / "labels" / split / f"{i:05d}.txt").write_text(lines)
    return yolov8.describe(work)


def measure(wanted: Plan, onnx: Path, map50: float) -> dict[str, Any]:
    """The error rates of the detector as metrics will use it, on pictures that it was not trained on."""
    judge = Detector(onnx, threads=1)
    with_logo = [one for one in wanted.heldout if one.boxes]
    without = [one for one in wanted.heldout if not one.boxes]
    finds = [is_found(judge, pictures.opened(one.path), one.boxes) for one in with_logo]
    alarms = [judge.look(pictures.opened(one.path))[0] >= CONFIDENCE for one in without]
    shown = [judge.look(pictures.opened(path))[0] >= CONFIDENCE for path in wanted.shown]
    return {
        "map50": {"value": map50, "n": len(wanted.heldout)},
        "true_positive_rate": rate(finds),
        "false_positive_rate": rate(alarms),
        "found_on_the_subjects_heldout_pictures": rate(shown),
    }


def is_found(judge: Detector, image: Image.Image, boxes: Sequence[labels.Box]) -> bool:
    """Whether the best box is sure enough, and where a label says."""
    confidence, (left, top, right, bottom) = judge.look(image)
    x, y = (left + right) / 2 / image.width, (top + bottom) / 2 / image.height
    box = (x, y, (right - left) / image.width, (bottom - top) / image.height)
    return confidence >= CONFIDENCE and max(labels.overlap(box, one) for one in boxes) >= OVERLAP


def rate(hits: Sequence[bool]) -> dict[str, Any]:
    """Share of hits with its 95 % interval (Wilson 1927); of no pictures, a reason."""
    if not hits:
        return {"value": None, "reason": "no such picture is held out", "n": 0}
    from scipy.stats import binomtest

    interval = binomtest(sum(hits), len(hits)).proportion_ci(method="wilson")
    return {"value": sum(hits) / len(hits), "low": interval.low, "high": interval.high, "n": len(hits)}


def card(wanted: Plan, rates: dict[str, Any], parameters: int) -> dict[str, Any]:
    """What the detector is, for who meets the file alone."""
    counts = {
        name: {"with_logo": sum(bool(one.boxes) for one in part), "regularizing": sum(not one.boxes for one in part)}
        for name, part in (("train", wanted.train), ("heldout", wanted.heldout))
    }
    return {
        "title": f"YOLOv8 for the logo of {wanted.name}",
        "parameters": parameters,
        "input_px": wanted.settings.input_px,
        "confidence": CONFIDENCE,
        "overlap": OVERLAP,
        "pictures": {**counts, "subject_heldout": len(wanted.shown)},
        "error_rates": rates,
        "trained_on": CARE,
        "settings": asdict(wanted.settings),
        "ultralytics": importlib.metadata.version("ultralytics"),
        "licence": "AGPL-3.0-or-later",
    }


def summary(folder: Path) -> str:
    """A finished detector in a few lines, the last of which says how it is used."""
    said = json.loads((folder / CARD).read_text())
    lines = [f"{said['title']}: {said['pictures']['train']['with_logo']} pictures with the logo, "
             f"{said['pictures']['train']['regularizing']} without"]  # fmt: skip
    for name, one in said["error_rates"].items():
        spread = f" [{one['low']:.2f}, {one['high']:.2f}]" if "low" in one else ""
        value = one["reason"] if one["value"] is None else f"{one['value']:.3f}{spread} on {one['n']} held-out pictures"
        lines.append(f"  {name.replace('_', ' ')}: {value}")
    lines += [f"  card: {folder / CARD}", f"to score with it, set subject.detector={(folder / WEIGHTS).resolve()}"]
    return "\n".join(lines)
