"""Draw a microworld scene at 64 x 64 pixels, with its ground truth.

Shapes are drawn at four times the size and box-filtered down. Lettering is the exception to free placement: badges
sit on the 4-pixel grid of the VAE's latents, one letter to two latent columns, which is what lets a VAE of two
million parameters keep four letters legible at this size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageFont

from sdbench.microworld.backgrounds import BACKGROUND
from sdbench.microworld.canvas import INK, RGB, SCALE, SIZE_PX, Canvas
from sdbench.microworld.objects import OBJECT
from sdbench.microworld.scene import Scene

BADGE_PX = (40, 16)  # width, height
LETTER_PX = 8  # advance of one letter

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Rendered:
    """`image` is 64 x 64 RGB; `badge_box` is (left, top, right, bottom) in pixels, or None without a badge."""

    image: Image.Image
    badge_box: Box | None


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(str(folder / "DejaVuSansMono-Bold.ttf"), size)


def render(scene: Scene, rng: np.random.Generator) -> Rendered:
    """Draw the scene; `rng` decides what words leave open (place, size, small shapes)."""
    canvas = Canvas((255, 255, 255))
    BACKGROUND[scene.background](canvas, rng)
    dx, dy = (float(v) for v in rng.integers(-3, 4, 2))
    anchor = OBJECT[scene.kind](canvas, scene, dx, dy)
    box = _badge(canvas, scene, *anchor) if scene.badge else None
    image = _STYLE[scene.style](canvas.image).resize((SIZE_PX, SIZE_PX), Image.Resampling.BOX)
    return Rendered(image, box)


def _badge(c: Canvas, scene: Scene, x: float, y: float) -> Box:
    """Draw the badge nearest (x, y) on the latent grid: centre of the plate, in pixels."""
    assert scene.badge is not None
    width, height = BADGE_PX
    left = min(max(4 * round((x - width / 2) / 4), 0), SIZE_PX - width)
    top = min(max(4 * round((y - height / 2) / 4), 0), SIZE_PX - height)
    c.rect(left, top, left + width, top + height, fill=RGB[scene.badge.color], radius=3)
    ink = INK if scene.badge.color in ("white", "yellow", "pink", "orange") else (255, 255, 255)
    start = left + (width - LETTER_PX * len(scene.badge.word)) / 2
    for i, letter in enumerate(scene.badge.word):
        at = ((start + LETTER_PX * (i + 0.5)) * SCALE, (top + height / 2) * SCALE)
        c.draw.text(at, letter, ink, _font(13 * SCALE), anchor="mm")
    return (left, top, left + width, top + height)


def _sketch(image: Image.Image) -> Image.Image:
    """Grey pencil: lightness only, on paper."""
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    return Image.fromarray((128 + grey * 0.5).clip(0, 255).astype(np.uint8)).convert("RGB")


def _picasso(image: Image.Image) -> Image.Image:
    """Facets: quarters of the picture exchange their colour channels and are shifted against each other."""
    pixels = np.asarray(image).copy()
    half = pixels.shape[0] // 2
    for k, (row, column) in enumerate(((0, 0), (0, half), (half, 0), (half, half))):
        part = pixels[row : row + half, column : column + half]
        pixels[row : row + half, column : column + half] = np.roll(part[..., np.roll(range(3), k % 3)], 6 * (k - 1), 1)
    return Image.fromarray(pixels)


_STYLE: dict[str, Callable[[Image.Image], Image.Image]] = {
    "plain": lambda image: image, "sketch": _sketch, "picasso": _picasso,
}  # fmt: skip
