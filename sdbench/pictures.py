"""Pictures from anywhere as the RGB that everything here works on, or why one cannot be read. Never torch."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
DEEP = ("I;16", "I;16B", "I;16L", "I")  # Pillow's modes of more than 8 bits; colours it reduces to 8 by itself
BROKEN = (OSError, SyntaxError, ValueError, EOFError, zlib.error, struct.error, Image.DecompressionBombError)
GREY = (160, 160, 160)


class Unreadable(Exception):
    """Why a file is no picture; its text ends the sentence "it cannot be read: ..."."""


def opened(path: Path) -> Image.Image:
    """In RGB of 8 bits, upright: phones store a picture as the sensor lay, and in EXIF how to turn it.

    Raises Unreadable where the file is damaged or no picture, and what the disk says where it cannot be had.
    """
    try:
        with Image.open(path) as file:
            return to_rgb(ImageOps.exif_transpose(file))
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's word on it, not Pillow's
            raise
        raise Unreadable(" ".join(str(error).replace(str(path), "it").split()) or type(error).__name__) from error


class Decoded:
    """Pictures by their paths, each decoded once, as long as all pixels stay below `limit_bytes`; others each time."""

    def __init__(self, limit_bytes: int = 1 << 30) -> None:
        self.limit_bytes = limit_bytes
        self._kept: dict[Path, Image.Image] = {}
        self._bytes = 0

    def opened(self, path: Path) -> Image.Image:
        """As `opened`; of one object nobody changes the pixels."""
        if path in self._kept:
            return self._kept[path]
        image = opened(path)
        size = image.width * image.height * len(image.getbands())
        if self._bytes + size <= self.limit_bytes:
            self._kept[path] = image
            self._bytes += size
        return image

    def why_not(self, path: Path) -> str | None:
        """Why it cannot be read, or None."""
        try:
            self.opened(path)
        except Unreadable as why:
            return str(why)
        return None


def to_rgb(image: Image.Image) -> Image.Image:
    """Pillow's own conversion, which clips 16 bits to white, and these are scaled: 65535 is 255."""
    if image.mode not in DEEP:
        return image.convert("RGB")
    levels = np.clip(np.asarray(image).astype(np.int64), 0, 65535)
    return Image.fromarray(((levels * 255 + 32767) // 65535).astype(np.uint8)).convert("RGB")


def is_deep(path: Path) -> bool:
    """Whether a picture that can be read has more than 8 bits in a mode that Pillow leaves so."""
    with Image.open(path) as file:
        return file.mode in DEEP


def shown(path: Path) -> Image.Image:
    """For pages and sheets: the picture, or where it cannot be read a grey one in its place."""
    try:
        return opened(path)
    except Unreadable:
        return Image.new("RGB", (64, 64), GREY)
