"""Contact sheets: how many images on one, how large, and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from sdbench import sheets


def test_a_sheet_holds_a_hundred_and_small_images_grow_in_whole_multiples(tmp_path: Path) -> None:
    assert [sheets.tile_px(side) for side in (8, 48, 64, 100, 128, 512)] == [128, 96, 128, 100, 128, 160]
    Image.new("RGB", (64, 32), "red").save(tmp_path / "a.png")
    made = sheets.write([tmp_path / "a.png"] * 101, tmp_path, "x")
    assert made["files"] == ["x-0.webp", "x-1.webp"] and made["sizes_px"][0] == [64, 32]
    with Image.open(tmp_path / "x-0.webp") as full, Image.open(tmp_path / "x-1.webp") as rest:
        assert full.size == (1280, 1280) and rest.size == (1280, 128)
        red, green, blue = np.asarray(full)[64, 64]
        assert red > 240 and green < 15 and blue < 15 and full.getpixel((64, 10)) == (255, 255, 255)
