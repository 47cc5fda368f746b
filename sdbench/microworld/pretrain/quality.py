"""Measure the shipped weights on renders, words and prompts that none of them was trained on.

    python -m sdbench.microworld.pretrain.quality [vae|clip|base|spelling ...]

prints one line for each figure, with its n; the figures in weights/README.md are this command's.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from sdbench.config import compose_cell
from sdbench.metrics.base import Judged
from sdbench.metrics.ocr import Ocr
from sdbench.microworld import WEIGHTS
from sdbench.microworld.pretrain.data import draw, to_tensor
from sdbench.microworld.scene import BACKGROUNDS, Scene, sample_split, sample_word, word_is_held_out
from sdbench.records import Sample

Figures = dict[str, tuple[float, int]]


def read_exactly(images: list[Image.Image], words: list[str]) -> float:
    """Share of images in which the metric `ocr`, as conf/metric/ocr.yaml sets it, scores the word 1."""
    settings = compose_cell([]).metrics["ocr"]
    nobody = Sample("", "", "", "", 0, "")
    scores = [Ocr(settings, word).score([Judged(nobody, image)]) for word, image in zip(words, images, strict=True)]
    return float(np.mean([s.value for judged in scores for s in judged if s.metric == "ocr"]))


def vae(weights: Path) -> Figures:
    """OCR on reconstructions of badges with held-out words, against the renders themselves."""
    from diffusers import AutoencoderKL

    model = AutoencoderKL.from_pretrained(weights / "base", subfolder="vae", dtype=torch.float32)
    renders = draw(seed=900, count=1000, heldout=True)
    rows = [i for i, s in enumerate(renders.scenes) if s.badge and word_is_held_out(s.badge.word)][:500]
    words = [s.badge.word for s in (renders.scenes[i] for i in rows) if s.badge]
    with torch.no_grad():
        pixels = to_tensor(renders.images[rows])
        output = torch.cat([model(batch).sample for batch in pixels.split(50)])
    arrays = ((output.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    real = read_exactly([Image.fromarray(a) for a in renders.images[rows]], words)
    decoded = read_exactly([Image.fromarray(a) for a in arrays], words)
    figures = {"OCR exact on renders": real, "OCR exact on reconstructions": decoded, "ratio (>= 0.90)": decoded / real}
    return {name: (value, len(rows)) for name, value in figures.items()}


def _agreement(read: list[tuple[str, str]], scenes: list[Scene]) -> Figures:
    things = np.mean([thing == s.thing for (thing, _), s in zip(read, scenes, strict=True)])
    colors = np.mean([color == s.color for (_, color), s in zip(read, scenes, strict=True)])
    return {"item": (float(things), len(scenes)), "colour": (float(colors), len(scenes))}


def clip(weights: Path) -> Figures:
    """Item and colour of held-out renders, read by the CLIP."""
    from sdbench.microworld.pretrain.clip import read_item_and_color

    figures: Figures = {}
    for kind in ("item", "model"):
        renders = draw(seed=901, count=500, heldout=True, kind=kind)
        read = read_item_and_color([Image.fromarray(a) for a in renders.images], kind, weights / "clip")
        figures |= {f"renders, {kind}: {k} (>= 0.98)": v for k, v in _agreement(read, renders.scenes).items()}
    return figures


def sample(weights: Path, prompts: list[str]) -> list[Image.Image]:
    """One image for each prompt, seed 0, 1, ..: 25 DDIM steps, guidance 5."""
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(weights / "base", dtype=torch.float32, safety_checker=None)
    pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    images: list[Image.Image] = []
    for at in range(0, len(prompts), 20):
        seeds = [torch.Generator().manual_seed(at + k) for k in range(len(prompts[at : at + 20]))]
        with torch.autocast("cpu", torch.bfloat16):
            images += pipeline(
                prompts[at : at + 20], generator=seeds, num_inference_steps=25, guidance_scale=5.0
            ).images
    return images


def base(weights: Path) -> Figures:
    """Item and colour of images drawn from 200 held-out prompts, read by the CLIP."""
    from sdbench.microworld.pretrain.clip import read_item_and_color

    rng = np.random.default_rng(902)
    figures: Figures = {}
    for kind, count in (("item", 140), ("model", 60)):
        scenes = [sample_split(rng, heldout=True, kind=kind) for _ in range(count)]
        images = sample(weights, [_plainly(s) for s in scenes])
        read = read_item_and_color(images, kind, weights / "clip")
        figures |= {f"generated, {kind}: {k}": v for k, v in _agreement(read, scenes).items()}
    total = {k: [v for name, v in figures.items() if name.endswith(k)] for k in ("item", "colour")}
    for name, parts in total.items():
        figures[f"generated: {name} (>= 0.90)"] = (sum(v * n for v, n in parts) / sum(n for _, n in parts), 200)
    return figures


def _plainly(scene: Scene) -> str:
    wearing = f"a {scene.trait('sex')} model wearing " if scene.kind == "model" else ""
    return f"{wearing}a {scene.color} {scene.thing} {BACKGROUNDS[scene.background]}"


def spelling(weights: Path) -> Figures:
    """Whether the base letters a logo as it is told to: held-out words, OCR exact. Informative, not a gate."""
    rng = np.random.default_rng(903)
    words = [w for w in (sample_word(rng) for _ in range(2000)) if word_is_held_out(w)][:60]
    images = sample(weights, [f"a white t shirt with a red {w.lower()} logo" for w in words])
    return {"generated: spells the word it is told": (read_exactly(images, words), len(words))}


PARTS: dict[str, Callable[[Path], Figures]] = {
    "vae": vae, "clip": clip, "base": base, "spelling": spelling,
}  # fmt: skip


def main(arguments: list[str]) -> None:
    logging.disable(logging.INFO)
    weights = Path(os.environ.get("SDBENCH_WEIGHTS", WEIGHTS))
    for name in arguments or list(PARTS):
        for what, (value, n) in PARTS[name](weights).items():
            print(f"{name:9} {what:45} {value:.3f}  n={n}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
