"""What the stages of a cell left in the store, in the form that trackers show. Never torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image, ImageDraw

from sdbench import pictures, results
from sdbench.trackers.base import Shown

ABOUT = ["study", "cell", "kind", "subject", "model", "method", "parameters", "lr", "steps", "train_seed", "status"]
TILE_PX, CAPTION_PX = 128, 16
PROMPTS, SEEDS = 32, 16  # at most so many rows and columns of a grid


def stages(record: Mapping[str, Any]) -> dict[str, Any]:
    """Stage -> where it is in the store; of a cell that failed before any was finished, its first, at no place."""
    made = {stage: record["stages"].get(stage) for stage in ("train", "generate", "score")}
    return {stage: place for stage, place in made.items() if place} or {_first(record): None}


def _first(record: Mapping[str, Any]) -> str:
    return "train" if record["kind"] == "trained" else "generate"


def read(record: Mapping[str, Any], stage: str) -> Shown:
    """One stage of `stages(record)`."""
    config = {name: record[name] for name in ABOUT} | {"store": stages(record)[stage]}
    shown = Shown(stage, record["status"], record["cause"], config)
    if config["store"]:
        folders = results.stage_folders(record)
        if stage == "train":
            _read_train(shown, folders["train"])
        elif stage == "generate":
            _read_generate(shown, folders["generate"])
        else:
            shown.numbers.update(_means(record))
    return shown


def _read_train(shown: Shown, folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text())
    shown.numbers.update({name: result[name] for name in results.TRAIN_COSTS if result.get(name) is not None})
    rows = pd.read_parquet(folder / "loss.parquet").to_dict("records")
    shown.steps.extend((int(row["step"]), {"loss": row["loss"], "lr": row["lr"]}) for row in rows)


def _read_generate(shown: Shown, folder: Path) -> None:
    samples = pd.read_parquet(folder / "samples.parquet")
    seconds = json.loads((folder / "result.json").read_text()).get("seconds")
    shown.numbers.update({"images": len(samples)} | ({} if seconds is None else {"seconds": seconds}))
    shown.images["grid"] = grid(samples, folder)


def _means(record: Mapping[str, Any]) -> dict[str, float]:
    """By split and metric: the mean over images, of how many, and how many have a reason instead of a value."""
    images, values, reasons, _ = results.judged([dict(record)])
    numbers: dict[str, float] = {}
    for split in ("validation", "test"):
        mine = images[split].to_numpy(bool)
        for metric in values:
            column, lost = values[metric][mine], reasons[metric][mine]
            numbers |= {f"{split}/{metric}": float(column.mean())} if column.notna().any() else {}
            numbers[f"{split}/{metric} n"] = int(column.notna().sum())
            numbers[f"{split}/{metric} n_unscored"] = int(lost.notna().sum())
    return numbers


def grid(samples: pd.DataFrame, folder: Path) -> Image.Image:
    """A row of images for each prompt, which stands above it, and a column for each image seed."""
    prompts = samples.drop_duplicates("prompt_id").set_index("prompt_id")["prompt"][:PROMPTS]
    seeds = sorted(set(samples["seed"]))[:SEEDS]
    canvas = Image.new("RGB", (TILE_PX * len(seeds), (TILE_PX + CAPTION_PX) * len(prompts) + CAPTION_PX), "white")
    draw = ImageDraw.Draw(canvas)
    for column, seed in enumerate(seeds):
        draw.text((column * TILE_PX + 2, 2), f"seed {seed}", fill="black")
    for row, (prompt_id, prompt) in enumerate(prompts.items()):
        top = CAPTION_PX + row * (TILE_PX + CAPTION_PX)
        draw.text((2, top + 2), prompt, fill="black")
        for sample in samples[samples["prompt_id"] == prompt_id].itertuples():
            if sample.seed in seeds:
                tile = pictures.shown(folder / str(sample.file)).resize((TILE_PX, TILE_PX))
                canvas.paste(tile, (seeds.index(sample.seed) * TILE_PX, top + CAPTION_PX))
    return canvas
