"""Images side by side along two axes, saved as WebP: small files, for a report holds many of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from sdbench import pictures

TILE_PX, LABEL_PX, HEADER_PX, GAP_PX, LINE_PX, TEXT_PX = 128, 170, 34, 4, 15, 12
LARGEST_PX = 16383  # of a WebP's side
QUALITY = 90
WORDS, EMPTY, EDGE = "#404040", "#f2f2f2", "#b0b0b0"


def image_grid(images: pd.DataFrame, path: Path) -> None:
    """Rows are prompts at an image seed, columns are labels; the same prompt and seed stand beside each other.

    images: label, sample_id, text (of the row), path; columns and rows keep the order of appearance.
    """
    rows = images.drop_duplicates("sample_id")
    tiles = images.rename(columns={"label": "x", "sample_id": "y"}).assign(word="")
    xy_grid(tiles, path, names=dict(zip(rows["sample_id"], rows["text"], strict=True)), absent="no picture")


def xy_grid(
    tiles: pd.DataFrame,
    path: Path,
    titles: tuple[str, str] = ("", ""),
    names: Mapping[Any, str] | None = None,
    absent: str = "not run",
) -> None:
    """Columns are the values of `tiles.x`, rows those of `tiles.y`; path ends in .webp.

    They stand in order of appearance, of a categorical in the order of its categories.

    tiles: x, y, path, word. A tile without a path (None, NaN) shows its `word`, such as `diverged`; a place without a
    tile shows `absent`. Of several tiles for one place the last is shown. titles: of the two axes. names: how a value
    is written where that is not the value itself. Images are fitted into 128 px, small ones in whole multiples of
    their pixels; into fewer where a WebP would grow too large.
    """
    columns, rows = (_in_order(tiles[axis]) for axis in ("x", "y"))
    shown = {value: str((names or {}).get(value, value)) for value in [*columns, *rows]}
    headings = [_wrapped(shown[column], 20) for column in columns]
    above = LINE_PX + GAP_PX if any(titles) else 0
    head = above + max([HEADER_PX, *(LINE_PX * (text.count("\n") + 1) + GAP_PX for text in headings)])
    tile_px = min(TILE_PX, (LARGEST_PX - LABEL_PX - head) // max(len(columns), len(rows)) - GAP_PX)
    step, middle = tile_px + GAP_PX, tile_px // 2
    sheet = Image.new("RGB", (LABEL_PX + step * len(columns), head + step * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    _write(draw, LABEL_PX + step * len(columns) // 2, GAP_PX + LINE_PX // 2, titles[0], "mm")
    _write(draw, GAP_PX, head - LINE_PX, titles[1], "lm")
    for column, text in enumerate(headings):
        _write(draw, LABEL_PX + step * column + middle, (above + head) // 2, text, "mm")
    found = {(tile["x"], tile["y"]): tile for tile in tiles.to_dict("records")}
    for row, name in enumerate(rows):
        top = head + step * row
        _write(draw, GAP_PX, top + middle, _wrapped(shown[name], 24, max(1, tile_px // LINE_PX)), "lm")
        for column, value in enumerate(columns):
            tile = found.get((value, name), {"path": None, "word": absent})
            place = (LABEL_PX + step * column, top)
            if pd.notna(tile["path"]):
                sheet.paste(_tile(Path(str(tile["path"])), tile_px), place)
            else:
                draw.rectangle((*place, place[0] + tile_px - 1, top + tile_px - 1), EMPTY, EDGE)
                word = _wrapped(str(tile["word"]), max(1, tile_px // 8), max(1, tile_px // LINE_PX))
                _write(draw, place[0] + middle, top + middle, word, "mm", WORDS)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, quality=QUALITY)


def _in_order(values: pd.Series) -> list[Any]:
    categorical = isinstance(values.dtype, pd.CategoricalDtype)
    return list(values.cat.categories) if categorical else list(values.unique())


def _wrapped(text: str, width: int, lines: int | None = None) -> str:
    return "\n".join([part for line in text.split("\n") for part in textwrap.wrap(line, width)][:lines])


def _write(draw: ImageDraw.ImageDraw, x: int, y: int, text: str, anchor: str, colour: str = "black") -> None:
    align = "center" if anchor[0] == "m" else "left"
    draw.text((x, y), text, colour, ImageFont.load_default(TEXT_PX), anchor=anchor, align=align)


def _tile(path: Path, tile_px: int) -> Image.Image:
    image = pictures.shown(path)
    tile = Image.new("RGB", (tile_px, tile_px), "white")
    side = max(image.size)
    factor = tile_px // side if side <= tile_px else tile_px / side
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    image = image.resize(size, Image.Resampling.NEAREST if side <= tile_px else Image.Resampling.LANCZOS)
    tile.paste(image, ((tile_px - size[0]) // 2, (tile_px - size[1]) // 2))
    return tile
