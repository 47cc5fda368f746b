"""Measure the shipped weights on renders, words and prompts that none of them was trained on.

    python -m sdbench.microworld.pretrain.quality [vae|clip|base|spelling ...]

prints one line for each figure, with its n; the figures in weights/README.md are this command's. Images are drawn and
read as a study's are: conf's own sampler and reader. The detector and the encoder are measured by `--measure` of
their training scripts.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image

from sdbench import backbones, generate
from sdbench.config import compose_cell
from sdbench.metrics.base import Judged
from sdbench.metrics.ocr import Ocr
from sdbench.microworld import bundled
from sdbench.microworld.pretrain.clip import read_item_and_color
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


def vae() -> Figures:
    """OCR on reconstructions of badges with held-out words, against the renders themselves."""
    from diffusers import AutoencoderKL

    model = AutoencoderKL.from_pretrained(bundled("bundled:base/vae"), dtype=torch.float32)
    renders = draw(seed=900, count=6000, heldout=True)
    rows = [i for i, s in enumerate(renders.scenes) if s.badge and word_is_held_out(s.badge.word)][:500]
    words = [s.badge.word for s in (renders.scenes[i] for i in rows) if s.badge]
    with torch.no_grad():
        output = torch.cat([model(batch).sample for batch in to_tensor(renders.images[rows]).split(50)])
    arrays = ((output.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    real = read_exactly([Image.fromarray(a) for a in renders.images[rows]], words)
    decoded = read_exactly([Image.fromarray(a) for a in arrays], words)
    figures = {"OCR exact on renders": real, "OCR exact on reconstructions": decoded, "ratio (>= 0.90)": decoded / real}
    return {name: (value, len(rows)) for name, value in figures.items()}


def _agreement(read: list[tuple[str, str]], scenes: list[Scene]) -> Figures:
    things = np.mean([thing == s.thing for (thing, _), s in zip(read, scenes, strict=True)])
    colors = np.mean([color == s.color for (_, color), s in zip(read, scenes, strict=True)])
    return {"item": (float(things), len(scenes)), "colour": (float(colors), len(scenes))}


def clip() -> Figures:
    """Item and colour of held-out renders, read by the CLIP."""
    figures: Figures = {}
    for kind in ("item", "model"):
        renders = draw(seed=901, count=1000, heldout=True, kind=kind)
        read = read_item_and_color([Image.fromarray(a) for a in renders.images], kind, bundled("bundled:clip"))
        figures |= {f"renders, {kind}: {k} (>= 0.98)": v for k, v in _agreement(read, renders.scenes).items()}
    return figures


def sample(prompts: list[str]) -> list[Image.Image]:
    """One image for each prompt, at seeds 0, 1, .."""
    cell = compose_cell(["device=cpu"])
    wanted = [Sample(str(i), "", prompt, prompt, i, "") for i, prompt in enumerate(prompts)]
    return list(generate.draw(backbones.load(cell.model, "cpu"), cell.sampler, wanted))


def base() -> Figures:
    """Item and colour of images drawn from 200 held-out prompts, read by the CLIP."""
    rng = np.random.default_rng(902)
    figures: Figures = {}
    for kind, count in (("item", 140), ("model", 60)):
        scenes = [sample_split(rng, heldout=True, kind=kind) for _ in range(count)]
        read = read_item_and_color(sample([_plainly(s) for s in scenes]), kind, bundled("bundled:clip"))
        figures |= {f"generated, {kind}: {k}": v for k, v in _agreement(read, scenes).items()}
    for name in ("item", "colour"):
        parts = [v for key, v in figures.items() if key.endswith(name)]
        figures[f"generated: {name} (>= 0.90)"] = (sum(v * n for v, n in parts) / 200, 200)
    return figures


def _plainly(scene: Scene) -> str:
    wearing = f"a {scene.trait('sex')} model wearing " if scene.kind == "model" else ""
    return f"{wearing}a {scene.color} {scene.thing} {BACKGROUNDS[scene.background]}"


def spelling() -> Figures:
    """Whether the base letters a logo as it is told to: held-out words, OCR exact. Informative, not a gate."""
    rng = np.random.default_rng(903)
    words = [w for w in (sample_word(rng) for _ in range(2000)) if word_is_held_out(w)][:100]
    images = sample([f"a white t shirt with a red {word.lower()} logo" for word in words])
    return {"generated: spells the word it is told": (read_exactly(images, words), len(words))}


PARTS: dict[str, Callable[[], Figures]] = {"vae": vae, "clip": clip, "base": base, "spelling": spelling}


def main(arguments: list[str]) -> None:
    logging.disable(logging.INFO)
    for name in arguments or list(PARTS):
        for what, (value, n) in PARTS[name]().items():
            print(f"{name:9} {what:45} {value:.3f}  n={n}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
