"""YOLOv8 by ultralytics, kept off the network: its architecture, its training, ONNX, and how well that finds."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

FIXED = {  # of every training here: from scratch, the same bits again, nothing fetched, nothing drawn
    "optimizer": "AdamW", "lrf": 0.01, "cos_lr": True, "warmup_epochs": 0.5, "pretrained": False, "amp": False,
    "workers": 0, "cache": "ram", "plots": False, "val": False, "exist_ok": True,
}  # fmt: skip


def quiet(folder: Path) -> Any:
    """The ultralytics module with every road to the network closed; `folder` becomes its settings folder."""
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"YOLO_OFFLINE": "1", "YOLO_AUTOINSTALL": "false", "YOLO_CONFIG_DIR": str(folder.resolve())}
    font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    for place in (folder, folder / "Ultralytics"):  # else it downloads Arial to label its plots
        place.mkdir(exist_ok=True)
        shutil.copy(font, place / "Arial.ttf")
    own = Image.open
    import ultralytics

    Image.open = own  # it puts one there that would install a plugin for whatever file is no picture
    off = ("sync", "clearml", "comet", "dvc", "mlflow", "raytune", "tensorboard", "wandb", "vscode_msg")
    ultralytics.settings.update(dict.fromkeys(off, False))
    return ultralytics


def architecture(folder: Path, ultralytics: Any, max_channels: int) -> Path:
    """YOLOv8n's own yaml with one class, no layer wider than a quarter of `max_channels`; its own is 1024."""
    original = Path(ultralytics.__file__).parent / "cfg" / "models" / "v8" / "yolov8.yaml"
    described = yaml.safe_load(original.read_text()) | {"nc": 1, "scales": {"n": [0.33, 0.25, max_channels]}}
    (folder / "yolov8.yaml").write_text(yaml.safe_dump(described))
    return folder / "yolov8n.yaml"  # ultralytics reads the scale from this name and the rest from yolov8.yaml


def describe(folder: Path) -> Path:
    """data.yaml of a dataset with images/{train,val} and labels/{train,val}: one class, the logo."""
    data = folder / "data.yaml"
    described = {"path": str(folder.resolve()), "train": "images/train", "val": "images/val", "names": {0: "logo"}}
    data.write_text(yaml.safe_dump(described))
    return data


def train(model: Any, data: Path, work: Path, batch: int, **settings: Any) -> Path:
    """Train a fresh model into `work/run`; returns the last checkpoint. settings: further ones of ultralytics."""
    model.train(data=str(data), batch=batch, nbs=batch, project=str(work.resolve()), name="run", **FIXED, **settings)
    return work / "run" / "weights" / "last.pt"


def export(ultralytics: Any, checkpoint: Path, side_px: int, out: Path) -> None:
    """ONNX with a fixed (1, 3, side_px, side_px) input; the same weights give the same bytes."""
    import onnx

    written = ultralytics.YOLO(checkpoint).export(format="onnx", imgsz=side_px, simplify=False, opset=17)
    model = onnx.load(written)
    kept = [one for one in model.metadata_props if one.key not in ("date", "description")]  # the day, and a path
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, out)


def validate(ultralytics: Any, onnx: Path, data: Path, side_px: int, work: Path) -> Any:
    """ultralytics' own figures on the dataset's `val` split: `.map50` and `.map`."""
    return ultralytics.YOLO(onnx, task="detect").val(
        data=str(data), imgsz=side_px, batch=1, device="cpu", plots=False, verbose=False, workers=0,
        project=str(work.resolve()), name="val", exist_ok=True,
    ).box  # fmt: skip
