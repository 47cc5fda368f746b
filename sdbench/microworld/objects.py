"""The microworld's things, people and animals: each function draws one, and returns where a badge's centre belongs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from sdbench.microworld.canvas import HAIR, INK, RGB, SCALE, SKIN, Canvas
from sdbench.microworld.scene import Scene


def _shade(rgb: tuple[int, ...], by: float = 0.8) -> tuple[int, ...]:
    return tuple(int(v * by) for v in rgb)


def _garment(c: Canvas, thing: str, fill: tuple[int, ...], dx: float, top: float, bottom: float) -> None:
    """Sleeves and body between two heights; a t shirt's sleeves are short, a hoodie has a hood and strings."""
    left, right = 10 + dx, 54 + dx
    sleeve = bottom - 2 if thing != "t shirt" else top + 13
    out = 5 if thing == "t shirt" else 4
    for side, sign in ((left, -1), (right, 1)):
        c.poly(side + 6 * -sign, top, side + out * sign, top + 6, side + out * sign, sleeve,
               side - 4 * sign, sleeve, side - 4 * sign, top + 10, fill=_shade(fill, 0.88))  # fmt: skip
    c.rect(left, top, right, bottom, fill=fill, radius=4)
    if thing == "hoodie":
        c.oval(20 + dx, top - 7, 44 + dx, top + 7, fill=_shade(fill, 0.7))
    else:
        c.oval(25 + dx, top - 4, 39 + dx, top + 4, fill=_shade(fill, 0.6))
    if thing == "sweater":
        c.rect(left, bottom - 4, right, bottom, fill=_shade(fill, 0.75), radius=1)


def _item(c: Canvas, s: Scene, dx: float, dy: float) -> tuple[float, float]:
    fill = RGB[s.color]
    if s.thing in ("sweater", "t shirt", "hoodie"):
        _garment(c, s.thing, fill, dx, 13 + dy, 56 + dy)
        return 32 + dx, 34 + dy
    _ITEM[s.thing](c, fill, dx, dy)
    return 32 + dx, _ITEM_BADGE_Y[s.thing] + dy


def _cap(c: Canvas, fill: tuple[int, ...], dx: float, dy: float) -> None:
    c.draw.pieslice([v * SCALE for v in (8 + dx, 12 + dy, 56 + dx, 72 + dy)], 180, 360, fill, INK, 3)
    c.oval(2 + dx, 38 + dy, 62 + dx, 50 + dy, fill=_shade(fill, 0.75))
    c.oval(29 + dx, 9 + dy, 35 + dx, 14 + dy, fill=_shade(fill))


def _bag(c: Canvas, fill: tuple[int, ...], dx: float, dy: float) -> None:
    c.oval(20 + dx, 4 + dy, 44 + dx, 36 + dy, fill=None, line=2.5)
    c.poly(10 + dx, 20 + dy, 54 + dx, 20 + dy, 58 + dx, 58 + dy, 6 + dx, 58 + dy, fill=fill)
    c.line(9 + dx, 26 + dy, 55 + dx, 26 + dy)


def _mug(c: Canvas, fill: tuple[int, ...], dx: float, dy: float) -> None:
    c.oval(46 + dx, 24 + dy, 61 + dx, 46 + dy, fill=None, line=3)
    c.rect(8 + dx, 16 + dy, 53 + dx, 55 + dy, fill=fill, radius=4)
    c.oval(8 + dx, 12 + dy, 53 + dx, 21 + dy, fill=_shade(fill, 0.7))


def _billboard(c: Canvas, fill: tuple[int, ...], dx: float, dy: float) -> None:
    c.rect(14 + dx, 40 + dy, 18 + dx, 63, fill=(96, 96, 100), radius=0)
    c.rect(46 + dx, 40 + dy, 50 + dx, 63, fill=(96, 96, 100), radius=0)
    c.rect(4 + dx, 10 + dy, 60 + dx, 46 + dy, fill=(176, 176, 180), radius=1)
    c.rect(7 + dx, 13 + dy, 57 + dx, 43 + dy, fill=fill, radius=0)


def _fragrance(c: Canvas, fill: tuple[int, ...], dx: float, dy: float) -> None:
    c.rect(27 + dx, 6 + dy, 37 + dx, 20 + dy, fill=(216, 184, 88), radius=1)
    c.rect(24 + dx, 15 + dy, 40 + dx, 21 + dy, fill=(184, 152, 64), radius=1)
    c.rect(9 + dx, 20 + dy, 55 + dx, 58 + dy, fill=fill, radius=8)
    c.line(14 + dx, 26 + dy, 14 + dx, 31 + dy, fill=(255, 255, 255), width=2)


def _bowl(c: Canvas, fill: tuple[int, ...], dx: float, dy: float) -> None:
    c.draw.pieslice([v * SCALE for v in (6 + dx, 2 + dy, 58 + dx, 58 + dy)], 0, 180, fill, INK, 3)
    c.oval(6 + dx, 24 + dy, 58 + dx, 36 + dy, fill=_shade(fill, 0.7))
    c.rect(22 + dx, 55 + dy, 42 + dx, 60 + dy, fill=fill, radius=1)


_ITEM: dict[str, Callable[[Canvas, tuple[int, ...], float, float], None]] = {
    "cap": _cap, "bag": _bag, "mug": _mug, "billboard": _billboard, "fragrance": _fragrance, "bowl": _bowl,
}  # fmt: skip
_ITEM_BADGE_Y = {"cap": 28, "bag": 42, "mug": 38, "billboard": 28, "fragrance": 40}


def _logo(c: Canvas, s: Scene, dx: float, dy: float) -> tuple[float, float]:
    return 32 + 3 * dx, 32 + 5 * dy


def _model(c: Canvas, s: Scene, dx: float, dy: float) -> tuple[float, float]:
    skin, hair = SKIN[int(s.trait("skin"))], HAIR[int(s.trait("hair_tone"))]
    female = s.trait("sex") == "female"
    top = 20 + dy / 2
    if female:
        c.rect(21 + dx, 2 + dy / 2, 43 + dx, top + 6, fill=hair, radius=8)
    c.rect(13 + dx, 48, 51 + dx, 70, fill=RGB[s.trait("pants")], radius=2)
    c.line(32 + dx, 56, 32 + dx, 64)
    _garment(c, s.thing, RGB[s.color], dx, top, 52)
    c.oval(24 + dx, 3 + dy / 2, 40 + dx, top + 1, fill=skin)
    if female:
        c.rect(24 + dx, 2 + dy / 2, 40 + dx, 8 + dy / 2, fill=hair, radius=4, line=0)
    else:
        c.draw.pieslice([v * SCALE for v in (23 + dx, 1 + dy / 2, 41 + dx, 17 + dy / 2)], 180, 360, hair, INK, 3)
    for eye in (29, 35):
        c.oval(eye - 1 + dx, 10 + dy / 2, eye + 1 + dx, 12 + dy / 2, fill=INK, line=0)
    c.line(30 + dx, 15 + dy / 2, 34 + dx, 15 + dy / 2, width=0.75)
    return 32 + dx, 38 + dy / 2


def _animal(c: Canvas, s: Scene, dx: float, dy: float) -> tuple[float, float]:
    coat = RGB[s.color]
    sleeping = s.pose == "sleeping"
    dy = dy + (8 if sleeping else 0)
    patch = _shade(coat, 0.55) if s.color not in ("black", "brown") else (236, 224, 200)
    if not sleeping:
        for x in (14, 20, 36, 42):
            c.rect(x + dx, 42 + dy, x + 5 + dx, 57 + dy, fill=_shade(coat, 0.85), radius=1.5)
    tail = (10, 36, 4, 26, 7, 22) if not sleeping else (10, 44, 3, 46, 4, 50)
    c.line(*(v + (dx, dy)[i % 2] for i, v in enumerate(tail)), fill=_shade(coat, 0.85), width=4)
    c.oval(8 + dx, 28 + dy, 48 + dx, 50 + dy, fill=coat)
    if s.trait("patch") == "back":
        c.oval(16 + dx, 30 + dy, 32 + dx, 42 + dy, fill=patch, line=0)
    if s.trait("dress", "none") != "none":
        c.poly(16 + dx, 30 + dy, 36 + dx, 29 + dy, 42 + dx, 52 + dy, 12 + dx, 52 + dy, fill=RGB[s.trait("dress")])
    hy = dy + (12 if sleeping else 0)
    _animal_head(c, s, coat, patch, dx, hy, sleeping)
    return 0.0, 0.0


def _animal_head(
    c: Canvas, s: Scene, coat: tuple[int, ...], patch: tuple[int, ...], dx: float, hy: float, sleeping: bool
) -> None:
    if s.trait("collar", "none") != "none":
        c.oval(36 + dx, 22 + hy, 54 + dx, 36 + hy, fill=RGB[s.trait("collar")])
    if s.thing == "cat" or s.trait("ears") == "pointed":
        c.poly(36 + dx, 16 + hy, 37 + dx, 4 + hy, 45 + dx, 11 + hy, fill=_shade(coat))
        c.poly(48 + dx, 11 + hy, 57 + dx, 4 + hy, 57 + dx, 16 + hy, fill=_shade(coat))
    c.oval(35 + dx, 9 + hy, 58 + dx, 31 + hy, fill=coat)
    if s.trait("patch") == "eye":
        c.oval(48 + dx, 13 + hy, 57 + dx, 23 + hy, fill=patch, line=0)
    if s.thing == "dog" and s.trait("ears") != "pointed":
        c.oval(31 + dx, 10 + hy, 39 + dx, 27 + hy, fill=_shade(coat, 0.7))
        c.oval(54 + dx, 10 + hy, 62 + dx, 27 + hy, fill=_shade(coat, 0.7))
    eye = (255, 255, 255) if s.color == "black" else INK
    for x in (42, 51):
        if sleeping:
            c.line(x - 2 + dx, 19 + hy, x + 2 + dx, 19 + hy, fill=eye, width=1.25)
        else:
            c.oval(x - 1.5 + dx, 16.5 + hy, x + 1.5 + dx, 19.5 + hy, fill=eye, line=0)
    if s.thing == "dog":
        c.oval(42 + dx, 22 + hy, 52 + dx, 30 + hy, fill=(244, 236, 224))
        c.oval(45 + dx, 22 + hy, 49 + dx, 25.5 + hy, fill=INK, line=0)
    else:
        c.poly(45 + dx, 22.5 + hy, 49 + dx, 22.5 + hy, 47 + dx, 25 + hy, fill=(232, 120, 140), line=0)
        for y in (23, 26):
            c.line(33 + dx, y + hy, 41 + dx, 25 + hy, fill=eye, width=0.5)
            c.line(53 + dx, 25 + hy, 61 + dx, y + hy, fill=eye, width=0.5)


def _girl(c: Canvas, s: Scene, dx: float, dy: float) -> tuple[float, float]:
    skin, hair, dress = SKIN[int(s.trait("skin"))], RGB[s.trait("hair")], RGB[s.color]
    dy = dy / 2 + (0 if s.pose == "jumping" else 3)
    spread = 5 if s.pose == "jumping" else 0
    c.rect(19 + dx, 8 + dy, 45 + dx, 40 + dy, fill=_shade(hair, 0.9), radius=9)
    for x, to in ((27, 27 - spread), (37, 37 + spread)):
        c.line(x + dx, 48 + dy, to + dx, 61 + dy, fill=skin, width=3.5)
    right = (52, 18) if s.pose == "waving" else (50, 26 if s.pose == "jumping" else 46)
    left = (14, 26 if s.pose == "jumping" else 46)
    for x, (tx, ty) in ((25, left), (39, right)):
        c.line(x + dx, 34 + dy, tx + dx, ty + dy, fill=skin, width=3.5)
    c.poly(26 + dx, 30 + dy, 38 + dx, 30 + dy, 46 + dx, 52 + dy, 18 + dx, 52 + dy, fill=dress)
    c.oval(22 + dx, 10 + dy, 42 + dx, 31 + dy, fill=skin)
    c.draw.pieslice([v * SCALE for v in (20 + dx, 6 + dy, 44 + dx, 28 + dy)], 180, 360, hair, INK, 3)
    if s.trait("horn", "none") != "none":
        c.poly(29 + dx, 9 + dy, 32 + dx, -3 + dy, 35 + dx, 9 + dy, fill=RGB[s.trait("horn")])
    for x in (28, 36):
        c.oval(x - 1.75 + dx, 19 + dy, x + 1.75 + dx, 23.5 + dy, fill=INK, line=0)
    c.line(30 + dx, 27 + dy, 34 + dx, 27 + dy, width=0.75)
    return 0.0, 0.0


def _pair(c: Canvas, s: Scene, dx: float, dy: float) -> tuple[float, float]:
    """Two things side by side, each at half size."""
    things = ((s.thing, s.color, 0), (s.trait("second"), s.trait("second_color"), 32))
    for thing, color, left in things:
        half = Canvas((1, 2, 3))
        if thing in _ITEM:
            _ITEM[thing](half, RGB[color], 0, 0)
        else:
            _animal(half, Scene("animal", thing, color, "studio", look=(("ears", "floppy"),)), 0, 0)
        small = half.image.resize((32 * SCALE,) * 2, Image.Resampling.NEAREST)
        mask = Image.fromarray(np.any(np.asarray(small) != (1, 2, 3), axis=-1).astype(np.uint8) * 255)
        c.image.paste(small, (int((left + dx / 3) * SCALE), int((22 + dy) * SCALE)), mask)
    return 0.0, 0.0


OBJECT: dict[str, Callable[[Canvas, Scene, float, float], tuple[float, float]]] = {
    "item": _item, "logo": _logo, "model": _model, "animal": _animal, "girl": _girl, "pair": _pair,
}  # fmt: skip
