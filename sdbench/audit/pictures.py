"""Spoilt and degraded images, each a pure function of the image, the strength and a seed."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

STRENGTHS = (1, 2, 3, 4, 5)
GREYS = (0, 128, 255)


def blur(image: Image.Image, strength: int, _seed: int) -> Image.Image:
    """Gaussian; 1/128, 1/64, .. 1/8 of the shorter side as its standard deviation."""
    return image.filter(ImageFilter.GaussianBlur(min(image.size) * 2.0 ** (strength - 8)))


def noise(image: Image.Image, strength: int, seed: int) -> Image.Image:
    """Gaussian; standard deviation 8, 16, .. 128 of 255."""
    pixels = np.asarray(image, dtype=np.float32)
    added = np.random.default_rng(seed).normal(0, 4 * 2.0**strength, pixels.shape)
    return Image.fromarray((pixels + added).clip(0, 255).astype(np.uint8))


def occlusion(image: Image.Image, strength: int, _seed: int) -> Image.Image:
    """A grey block in the middle; 1/5, 2/5, .. all of each side."""
    covered, (width, height) = image.copy(), image.size
    wide, high = width * strength // 5, height * strength // 5
    left, top = (width - wide) // 2, (height - high) // 2
    covered.paste((128, 128, 128), (left, top, left + wide, top + high))
    return covered


def jpeg(image: Image.Image, strength: int, _seed: int) -> Image.Image:
    """Quality 40, 20, 10, 5, 2."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=(40, 20, 10, 5, 2)[strength - 1])
    with Image.open(buffer) as read:
        return read.convert("RGB")


DEGRADATIONS: dict[str, Callable[[Image.Image, int, int], Image.Image]] = {
    "blur": blur, "noise": noise, "occlusion": occlusion, "jpeg": jpeg,
}  # fmt: skip


def blank(image: Image.Image, index: int) -> Image.Image:
    """Black, grey or white all over, in turn."""
    return Image.new("RGB", image.size, (GREYS[index % len(GREYS)],) * 3)


def static(image: Image.Image, seed: int) -> Image.Image:
    """Every channel of every pixel drawn alike."""
    pixels = np.random.default_rng(seed).integers(0, 256, (image.height, image.width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def near_copies(image: Image.Image, seed: int) -> list[Image.Image]:
    """How a training picture comes back: as it is, with faint noise, mirrored, and cropped by a tenth."""
    width, height = image.size
    inner = (width // 20, height // 20, width - width // 20, height - height // 20)
    pixels = np.asarray(image, dtype=np.float32)
    faint = (pixels + np.random.default_rng(seed).normal(0, 4, pixels.shape)).clip(0, 255).astype(np.uint8)
    mirrored = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    cropped = image.crop(inner).resize(image.size, Image.Resampling.BICUBIC)
    return [image, Image.fromarray(faint), mirrored, cropped]
