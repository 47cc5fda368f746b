"""Many small pictures as few files: WebP contact sheets, of which the page shows one tile at a time. Never torch.

A file per image would be thousands of them in git, and lossless ones megabytes; a sheet of 100 is one request. The
same images give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from sdbench import pictures

PER_SHEET = 100
ENLARGED_PX, LARGEST_PX = 128, 160  # small images grow to the one in whole multiples, large ones shrink to the other
QUALITY = 70  # with tiles of 128 px about 1.5 kB an image: 5,000 of them are 7 MB


def write(images: Sequence[Path], folder: Path, name: str) -> dict[str, Any]:
    """Write `folder/<name>-<k>.webp`; what is needed to find an image's tile again.

    files: the sheets, per_sheet images each, in order. tile_px: side of a tile. columns: tiles in a sheet's line.
    sizes_px: width and height of each image as it was drawn. An image stands in the middle of its tile, on white.
    """
    opened = [pictures.shown(path) for path in images]
    side = tile_px(max((max(image.size) for image in opened), default=1))
    columns = math.ceil(math.sqrt(min(len(opened), PER_SHEET)))
    files = []
    for first in range(0, len(opened), PER_SHEET):
        part = opened[first : first + PER_SHEET]
        files.append(f"{name}-{first // PER_SHEET}.webp")
        _sheet(part, side, columns).save(folder / files[-1], quality=QUALITY, method=6)
    sizes = [list(image.size) for image in opened]
    return {"files": files, "per_sheet": PER_SHEET, "tile_px": side, "columns": columns, "sizes_px": sizes}


def tile_px(side_px: int) -> int:
    """Side of the tile for an image whose longer side is `side_px`.

    A multiple of a small side: colour is stored at half the resolution, so a 64 px image would lose its red letters.
    """
    return ENLARGED_PX // side_px * side_px if side_px <= ENLARGED_PX else min(side_px, LARGEST_PX)


def _sheet(images: Sequence[Image.Image], side: int, columns: int) -> Image.Image:
    sheet = Image.new("RGB", (side * columns, side * math.ceil(len(images) / columns)), "white")
    for index, image in enumerate(images):
        scale = side / max(image.size)
        width, height = (max(1, round(length * scale)) for length in image.size)
        tile = image.resize((width, height), Image.Resampling.NEAREST if scale >= 1 else Image.Resampling.LANCZOS)
        left, top = index % columns * side, index // columns * side
        sheet.paste(tile, (left + (side - width) // 2, top + (side - height) // 2))
    return sheet
