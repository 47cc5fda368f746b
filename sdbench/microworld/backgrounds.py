"""The microworld's places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sdbench.microworld.canvas import Canvas


def _studio(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(224, 224, 228), line=0)
    c.rect(-2, 54, 66, 66, fill=(200, 200, 206), line=0, radius=0)


def _beach(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(160, 216, 248), line=0)
    c.rect(-2, 30, 66, 46, fill=(64, 152, 208), line=0, radius=0)
    c.rect(-2, 44, 66, 66, fill=(240, 220, 164), line=0, radius=0)
    x = float(rng.choice([4, 48]))
    c.oval(x, 3, x + 11, 14, fill=(255, 236, 120), line=0)


def _forest(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(188, 224, 196), line=0)
    c.rect(-2, 50, 66, 66, fill=(116, 168, 88), line=0, radius=0)
    for place in (2, 18, 34, 50):
        x = place + int(rng.integers(-2, 3))
        c.rect(x + 4, 36, x + 8, 54, fill=(108, 80, 56), line=0, radius=0)
        c.poly(x - 3, 42, x + 6, 4, x + 15, 42, fill=(56, 120, 72), line=0)


def _city(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(184, 204, 224), line=0)
    for x in range(0, 64, 16):
        top = float(rng.integers(6, 26))
        c.rect(x, top, x + 14, 56, fill=(132, 140, 156), line=0, radius=0)
        for wy in range(int(top) + 3, 50, 8):
            c.rect(x + 3, wy, x + 6, wy + 4, fill=(244, 232, 176), line=0, radius=0)
            c.rect(x + 8, wy, x + 11, wy + 4, fill=(244, 232, 176), line=0, radius=0)
    c.rect(-2, 54, 66, 66, fill=(104, 104, 112), line=0, radius=0)


def _night(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(28, 32, 76), line=0)
    c.rect(-2, 54, 66, 66, fill=(48, 56, 64), line=0, radius=0)
    for _ in range(9):
        x, y = rng.uniform(1, 62), rng.uniform(1, 40)
        c.oval(x, y, x + 1.5, y + 1.5, fill=(250, 250, 220), line=0)
    x = float(rng.choice([4, 50]))
    c.oval(x, 3, x + 10, 13, fill=(244, 240, 208), line=0)


def _room(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(244, 224, 204), line=0)
    c.rect(-2, 48, 66, 66, fill=(184, 136, 96), line=0, radius=0)
    x = float(rng.choice([3, 45]))
    c.rect(x, 5, x + 16, 25, fill=(168, 212, 240), line=1, radius=0)
    c.line(x + 8, 5, x + 8, 25)
    c.line(x, 15, x + 16, 15)


def _pyramids(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(252, 220, 168), line=0)
    c.rect(-2, 48, 66, 66, fill=(232, 188, 116), line=0, radius=0)
    x = float(rng.integers(-4, 5))
    c.poly(x - 8, 50, x + 14, 14, x + 36, 50, fill=(212, 160, 84), line=0)
    c.poly(x + 14, 14, x + 36, 50, x + 24, 50, fill=(176, 128, 64), line=0)
    c.poly(x + 32, 50, x + 50, 22, x + 70, 50, fill=(212, 160, 84), line=0)


def _underwater(c: Canvas, rng: np.random.Generator) -> None:
    c.rect(-2, -2, 66, 66, fill=(40, 140, 176), line=0)
    c.rect(-2, 54, 66, 66, fill=(196, 188, 132), line=0, radius=0)
    for _ in range(8):
        x, y, r = rng.uniform(2, 60), rng.uniform(2, 50), rng.uniform(1, 2.5)
        c.oval(x, y, x + 2 * r, y + 2 * r, fill=(168, 224, 240), line=0)
    for x in (3, 8, 56, 61):
        c.line(x, 56, x + 2, 48, x - 1, 42, x + 1, 36, fill=(40, 112, 72), width=2)


BACKGROUND: dict[str, Callable[[Canvas, np.random.Generator], None]] = {
    "studio": _studio, "beach": _beach, "forest": _forest, "city": _city, "night": _night, "room": _room,
    "pyramids": _pyramids, "underwater": _underwater,
}  # fmt: skip
