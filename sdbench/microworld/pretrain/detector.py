"""Train the logo detector of `red_hugo_logo`: a narrow YOLOv8 that finds a red badge lettered HUGO, and only that.

    python -m sdbench.microworld.pretrain.detector --out runs/pretrain             # trains, exports, then measures
    python -m sdbench.microworld.pretrain.detector --out runs/pretrain --measure   # measures what is there

Most of the images are what the detector must not take for the logo: red badges with other words (many of them one or
two letters away from HUGO), badges of other colours with the right word, and no badge. Half are blurred a little, as
generated images are. ultralytics writes a checkpoint each epoch; the same command goes on from it.
"""

from __future__ import annotations

import argparse
import dataclasses
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import ImageFilter

from sdbench import pictures, yolov8
from sdbench.metrics.base.detector import Detector
from sdbench.microworld.canvas import SIZE_PX
from sdbench.microworld.render import Rendered, render
from sdbench.microworld.scene import COLORS, Badge, Scene, held_out, sample_scene, sample_word

WORD, COLOR, INPUT_PX, MAX_CHANNELS = "HUGO", "red", 96, 512
CASES = {"logo": 0.35, "other_word": 0.2, "near_word": 0.2, "other_color": 0.1, "other_badge": 0.05, "no_badge": 0.1}
THRESHOLD = 0.25  # confidence from which an image without the logo counts as a false alarm


def near_word(rng: np.random.Generator) -> str:
    """HUGO with one letter or two exchanged."""
    letters = list(WORD)
    for place in rng.choice(len(WORD), int(rng.integers(1, 3)), replace=False):
        letters[place] = str(rng.choice(list(string.ascii_uppercase.replace(WORD[place], ""))))
    return "".join(letters)


def sample_badge(rng: np.random.Generator, case: str) -> Badge | None:
    other_color = str(rng.choice([c for c in COLORS if c != COLOR]))
    return {
        "logo": Badge(COLOR, WORD),
        "other_word": Badge(COLOR, sample_word(rng)),
        "near_word": Badge(COLOR, near_word(rng)),
        "other_color": Badge(other_color, WORD),
        "other_badge": Badge(other_color, sample_word(rng)),
        "no_badge": None,
    }[case]


def sample(rng: np.random.Generator, case: str, heldout: bool) -> Scene:
    """A scene of one case; held-out scenes share neither object, colour and place, nor other words, with training."""
    while True:
        kind = str(rng.choice(["item", "model", "logo"] if case != "no_badge" else ["item", "model", "animal", "girl"]))
        scene = dataclasses.replace(sample_scene(rng, kind), badge=sample_badge(rng, case))
        if scene.badge and scene.badge.color == COLOR and scene.color == COLOR and kind != "logo":
            continue  # a badge stands out from what carries it, everywhere in the microworld
        other = scene.badge.word if scene.badge and scene.badge.word != WORD else None
        word_fits = other is None or other != WORD and held_out(other) == heldout
        if held_out(scene.thing, scene.color, scene.background) == heldout and word_fits:
            return scene


def draw(seed: int, count: int, heldout: bool) -> Iterator[tuple[str, Rendered]]:
    """`count` pairs of (case, render), a pure function of the arguments."""
    rng = np.random.default_rng([seed, heldout])
    for _ in range(count):
        case = str(rng.choice(list(CASES), p=list(CASES.values())))
        rendered = render(sample(rng, case, heldout), rng)
        if not heldout and rng.random() < 0.5:
            blurred = rendered.image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.2, 0.7))))
            rendered = Rendered(blurred, rendered.badge_box)
        yield case, rendered


def write_dataset(folder: Path, train: int, val: int) -> Path:
    """A YOLO dataset: <case>-<i>.png and a line `0 x y w h` for the logo. Returns the path of its data.yaml."""
    for split, count in (("train", train), ("val", val)):
        for kind in ("images", "labels"):
            (folder / kind / split).mkdir(parents=True, exist_ok=True)
        for i, (case, rendered) in enumerate(draw(seed=1, count=count, heldout=split == "val")):
            rendered.image.save(folder / "images" / split / f"{case}-{i}.png")
            label = ""
            if case == "logo" and rendered.badge_box:
                left, top, right, bottom = (v / SIZE_PX for v in rendered.badge_box)
                label = f"0 {(left + right) / 2} {(top + bottom) / 2} {right - left} {bottom - top}\n"
            (folder / "labels" / split / f"{case}-{i}.txt").write_text(label)
    return yolov8.describe(folder)


def train(work: Path, epochs: int, count: int, lr: float) -> Path:
    """Train or go on training; returns the last checkpoint."""
    ultralytics = yolov8.quiet(work / "ultralytics")
    last = work / "run" / "weights" / "last.pt"
    if last.exists():
        model = ultralytics.YOLO(last)
        if model.ckpt["epoch"] >= 0:  # ultralytics marks a finished run with -1
            model.train(resume=True)
        return last
    data = write_dataset(work / "data", count, 200)
    model = ultralytics.YOLO(yolov8.architecture(work, ultralytics, MAX_CHANNELS))
    return yolov8.train(
        model, data, work, batch=32, epochs=epochs, imgsz=INPUT_PX, lr0=lr, device="cpu", seed=0, mosaic=0.0,
        fliplr=0.0, hsv_h=0.0, hsv_s=0.2, hsv_v=0.2, translate=0.1, scale=0.1,
    )  # fmt: skip


def measure(work: Path, onnx: Path, count: int = 1600) -> None:
    """Print mAP50 and false alarms on renders whose scenes and other words were never trained on."""
    ultralytics = yolov8.quiet(work / "ultralytics")
    data = write_dataset(work / "test", 1, count)
    scores = yolov8.validate(ultralytics, onnx, data, INPUT_PX, work)
    judge = Detector(onnx, threads=1)
    best: dict[str, list[float]] = {case: [] for case in CASES}
    for path in sorted((work / "test" / "images" / "val").glob("*.png")):
        best[path.stem.split("-")[0]].append(judge.look(pictures.opened(path))[0])
    print(f"mAP50 {scores.map50:.3f} mAP50-95 {scores.map:.3f} size {onnx.stat().st_size / 1e6:.1f} MB")
    without = [c for case, values in best.items() if case != "logo" for c in values]
    print(f"without the logo: {np.mean(np.array(without) >= THRESHOLD):.3f} of {len(without)} at >= {THRESHOLD}")
    for case, values in best.items():
        share = np.mean(np.array(values) >= THRESHOLD)
        print(f"  {case}: n {len(values)} mean {np.mean(values):.3f} >= {THRESHOLD}: {share:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--images", type=int, default=8000)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--measure", action="store_true")
    args = parser.parse_args()
    work, onnx = args.out / "detector_work", args.out / "detector" / "red_hugo_logo.onnx"
    if not args.measure:
        checkpoint = train(work, args.epochs, args.images, args.lr)
        yolov8.export(yolov8.quiet(work / "ultralytics"), checkpoint, INPUT_PX, onnx)
    measure(work, onnx)


if __name__ == "__main__":
    main()
