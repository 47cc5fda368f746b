"""Whether the lettering can be read, and is spelled right: the thesis's mean_ocr_score, reader by reader."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from sdbench.errors import UserError, nearest
from sdbench.metrics.base import Judged, Metric, readers, unscored
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1
CASES = ("ignore", "keep")


@dataclass(frozen=True)
class Settings:
    """readers: among rapidocr, easyocr, tesseract. default: the one whose spelling is the score `ocr`.

    upscale_to_px: smaller images are enlarged (Lanczos) until their longer side is this. case: `ignore` or `keep`.
    easyocr_folder: its weights, or null. threads: of rapidocr's onnxruntime.
    """

    readers: list[str]
    default: str
    upscale_to_px: int
    case: str
    easyocr_folder: str | None
    threads: int

    def __post_init__(self) -> None:
        for name in (*self.readers, self.default):
            if name not in readers.NAMES:
                raise UserError(f"metrics.ocr.readers: {name!r} is not known{nearest(name, readers.NAMES)}")
        if self.default not in self.readers:
            raise UserError(f"metrics.ocr.default is {self.default!r}, which metrics.ocr.readers lacks; add it there")
        if self.case not in CASES:
            raise UserError(f"metrics.ocr.case is {self.case!r}, which is not known{nearest(self.case, CASES)}")


class Ocr(Metric):
    """Exact spelling and edit similarity by the default reader, exact spelling by each of the others."""

    def __init__(self, settings: Settings, lettering: str | None) -> None:
        self.settings, self.lettering = settings, lettering
        self._others = [name for name in settings.readers if name != settings.default]
        plain = f"NFC, {'upper case, ' if settings.case == 'ignore' else ''}letters and digits only"
        large = f"enlarged to {settings.upscale_to_px} px; {plain}"

        def card(name: str, title: str, unit: str, reader: str, source: str) -> Card:
            mean = "mean; an image in which nothing is read counts as 0"
            return Card(name, title, unit, "higher", 0.0, 1.0, reader, large, mean, VERSION, source, name == "ocr")

        thesis = "the thesis's mean_ocr_score: one line equals the lettering"
        self.cards = (
            card("ocr", "Spelling", "exact", settings.default, thesis),
            card("ocr_edit", "Spelling, best window", "edit similarity", settings.default, "Levenshtein 1966"),
            *(card(f"ocr_{name}", f"Spelling ({name})", "exact", name, thesis) for name in self._others),
        )

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return {name: readers.describe(name, self.settings.easyocr_folder, identity) for name in self.settings.readers}

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if not self.lettering:
            return unscored(judged, self.cards, "subject has no lettering")
        return [score for item in judged for score in self._read(item, self.lettering)]

    def _read(self, item: Judged, lettering: str) -> list[Score]:
        said = self.said(item.image)
        evidence = {n: {"lines": s, "no_text": not s} for n, s in said.items() if isinstance(s, list)}
        wanted, scores = plain(lettering, self.settings.case), []
        for card in self.cards:
            lines = said[card.backbone]
            if isinstance(lines, str):
                scores.append(Score(item.sample.sample_id, card.name, None, lines))
                continue
            read = [plain(line, self.settings.case) for line in lines]
            value = best_window(wanted, read) if card.name == "ocr_edit" else float(wanted in read)
            kept = evidence if card.name == "ocr" else {card.backbone: evidence[card.backbone]}
            scores.append(Score(item.sample.sample_id, card.name, value, evidence=json.dumps(kept, ensure_ascii=False)))
        return scores

    def said(self, image: Image.Image) -> dict[str, list[str] | str]:
        """What each reader read, line by line, or why it could not."""
        large = enlarge(image, self.settings.upscale_to_px)
        return {name: r if isinstance(r, str) else r.lines(large) for name, r in self._readers.items()}

    @functools.cached_property
    def _readers(self) -> dict[str, readers.Reader | str]:
        return {name: self._open(name) for name in self.settings.readers}

    def _open(self, name: str) -> readers.Reader | str:
        try:
            s = self.settings
            return readers.open_reader(name, s.upscale_to_px, s.threads, s.easyocr_folder)
        except readers.Unavailable as why:
            return str(why)


def enlarge(image: Image.Image, side_px: int) -> Image.Image:
    """The image with its longer side at least `side_px`."""
    scale = side_px / max(image.size)
    if scale <= 1:
        return image
    width, height = (round(v * scale) for v in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def plain(text: str, case: str) -> str:
    """Letters and digits alone, in Unicode's NFC, in upper case unless case is `keep`."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in (composed.upper() if case == "ignore" else composed) if c.isalnum())


def best_window(wanted: str, lines: Sequence[str]) -> float:
    """Highest normalized Levenshtein similarity, in [0, 1], of `wanted` to any stretch of about its length in a line.

    Stretches are one shorter to one longer than `wanted`, so a dropped or doubled letter costs one edit.
    """
    from rapidfuzz.distance import Levenshtein

    lengths = range(max(1, len(wanted) - 1), len(wanted) + 2)
    windows = {line[i : i + n] for line in lines for n in lengths for i in range(max(1, len(line) - n + 1))}
    return max((float(Levenshtein.normalized_similarity(wanted, w)) for w in windows), default=0.0)


def create(settings: Settings, subject: Subject) -> Ocr:
    return Ocr(settings, subject.lettering)
