"""What a reader reads at best: the lettering plainly set, black on white. Its errors here are no model's."""

from __future__ import annotations

from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from sdbench.audit import judgement
from sdbench.audit.judgement import Check
from sdbench.audit.panel import Panel
from sdbench.metrics.base.spelling import Reading, plain
from sdbench.records import Card

FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono-Bold", "DejaVuSerif", "STIXGeneral")  # matplotlib's
SIZES_PX = (8, 13, 24, 48)  # 13 px is the microworld's own
MARGIN = 1  # around the word, in its own heights


def figures(panel: Panel, card: Card) -> list[Check]:
    """Of a metric that reads, told once: each reader's share of settings read exactly, by size of type."""
    reading, wanted = getattr(panel.metric, "reading", None), panel.subject.lettering
    first = next((one.name for one in panel.metric.cards if one.judges == "spelling"), None)
    if card.name != first or not isinstance(reading, Reading) or not wanted:
        return []
    found = []
    for size in SIZES_PX:
        said = reading.said(plainly(wanted, font, size) for font in FONTS)
        for reader in reading.settings.readers:
            name, lines = f"plain lettering of {size} px, {reader}", [one[reader] for one in said]
            if isinstance(lines[0], str):
                found.append(Check(name, "read exactly", None, note=lines[0]))
                continue
            exact = [plain(wanted, reading.settings.case) in _plain(one, reading) for one in lines]
            found.append(judgement.figure(name, "read exactly", sum(exact) / len(exact), len(exact)))
    return found


def plainly(word: str, font: str, size_px: int) -> Image.Image:
    """The word in the middle of a white image."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    face = ImageFont.truetype(str(folder / f"{font}.ttf"), size_px)
    left, top, right, bottom = (int(v) for v in face.getbbox(word))
    edge = MARGIN * size_px
    image = Image.new("RGB", (right - left + 2 * edge, bottom - top + 2 * edge), (255, 255, 255))
    ImageDraw.Draw(image).text((edge - left, edge - top), word, (0, 0, 0), face)
    return image


def _plain(lines: list[str] | str, reading: Reading) -> list[str]:
    return [plain(line, reading.settings.case) for line in lines]
