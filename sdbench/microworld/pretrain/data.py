"""Renders with their ground truth, drawn once per (seed, count) and kept as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch

from sdbench.microworld.render import render
from sdbench.microworld.scene import Scene, caption, sample_split, sample_word, word_is_held_out

CHUNK = 1000


@dataclass(frozen=True)
class Renders:
    """`images` (n, 64, 64, 3) uint8; `captions` and `scenes` of length n; `boxes` (n, 4) int16, -1 without a badge."""

    images: np.ndarray
    captions: list[str]
    scenes: list[Scene]
    boxes: np.ndarray

    def __len__(self) -> int:
        return len(self.images)


def draw(seed: int, count: int, heldout: bool = False, kind: str | None = None, words: int = 0) -> Renders:
    """`count` scenes from one split of the world, a pure function of the arguments.

    words: size of the vocabulary that badges are lettered from; 0: every word of the split.
    """
    known = vocabulary(words)
    rng = np.random.default_rng([seed, count, heldout])
    images, captions, scenes, boxes = [], [], [], []
    for _ in range(count):
        scene = sample_split(rng, heldout, kind)
        if known and scene.badge:
            scene = replace(scene, badge=replace(scene.badge, word=str(rng.choice(known))))
        rendered = render(scene, rng)
        images.append(np.asarray(rendered.image))
        captions.append(caption(scene, rng))
        scenes.append(scene)
        boxes.append(rendered.badge_box or (-1, -1, -1, -1))
    return Renders(np.stack(images), captions, scenes, np.array(boxes, dtype=np.int16))


def vocabulary(count: int) -> list[str]:
    """The first `count` words of a fixed list, none of them held out: a longer list begins with a shorter one."""
    rng = np.random.default_rng(11)
    drawn = (sample_word(rng) for _ in range(2 * count))
    return [word for word in drawn if not word_is_held_out(word)][:count]


def draw_many(seed: int, count: int, words: int = 0) -> Renders:
    """As `draw` for a large training set, in chunks over two processes."""
    chunk = partial(draw, count=CHUNK, words=words)
    with ProcessPoolExecutor(2) as pool:
        parts = list(pool.map(chunk, range(seed * 10_000, seed * 10_000 + count // CHUNK)))
    return Renders(
        np.concatenate([p.images for p in parts]),
        [c for p in parts for c in p.captions],
        [s for p in parts for s in p.scenes],
        np.concatenate([p.boxes for p in parts]),
    )


def to_tensor(images: np.ndarray) -> torch.Tensor:
    """(n, h, w, 3) uint8 to (n, 3, h, w) float in [-1, 1]."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1


def batches(count: int, batch_size: int, steps: int, seed: int, start: int = 0) -> Iterator[tuple[int, torch.Tensor]]:
    """(step, row indices) for steps start..steps-1; a pure function of (seed, step)."""
    for step in range(start, steps):
        generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
        yield step, torch.randint(count, (batch_size,), generator=generator)


def learning_rate(step: int, steps: int, peak: float, warmup: int = 200) -> float:
    """Linear warm-up, then cosine to zero."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))
