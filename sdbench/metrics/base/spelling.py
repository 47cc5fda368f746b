"""Reading and spelling: what each reader reads in an image, and how near that is to the lettering wanted."""

from __future__ import annotations

import functools
import threading
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from sdbench import devices
from sdbench.errors import UserError, nearest
from sdbench.metrics.base import readers
from sdbench.metrics.base.encoder import batches
from sdbench.needs import Need, Tool

CASES = ("ignore", "keep")
AT_ONCE = 64  # images in memory for the readers, however many there are


@dataclass(frozen=True)
class Settings:
    """Of every metric that reads.

    readers: among rapidocr, easyocr, tesseract. default: the one whose spelling is the score.
    upscale_to_px: smaller images are enlarged (Lanczos) until their longer side is this. case: `ignore` or `keep`.
    easyocr_folder: its weights, or null. threads: of rapidocr's onnxruntime.
    """

    KEY: ClassVar[str] = "metrics.ocr"
    readers: list[str]
    default: str
    upscale_to_px: int
    case: str
    easyocr_folder: str | None
    threads: int

    def __post_init__(self) -> None:
        for name in (*self.readers, self.default):
            if name not in readers.NAMES:
                raise UserError(f"{self.KEY}.readers: {name!r} is not known{nearest(name, readers.NAMES)}")
        if self.default not in self.readers:
            raise UserError(f"{self.KEY}.default is {self.default!r}, which {self.KEY}.readers lacks; add it there")
        if self.case not in CASES:
            raise UserError(f"{self.KEY}.case is {self.case!r}, which is not known{nearest(self.case, CASES)}")

    @property
    def preprocessing(self) -> str:
        """For cards."""
        case = "upper case, " if self.case == "ignore" else ""
        return f"enlarged to {self.upscale_to_px} px; NFC, {case}letters and digits only"


class Reading:
    """The readers of some settings: images are read side by side, by as many threads as the process may use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._own = threading.local()

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return {name: readers.describe(name, self.settings.easyocr_folder, identity) for name in self.settings.readers}

    def needs(self) -> list[Need]:
        return [Tool(name, readers.missing(name, self.settings.easyocr_folder)) for name in self.settings.readers]

    def said(self, images: Iterable[Image.Image]) -> list[dict[str, list[str] | str]]:
        """What each reader read in each image, line by line, or why it could not."""
        return [said for batch in batches(images, AT_ONCE) for said in self._pool.map(self._said, batch)]

    @functools.cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(devices.threads(None), "reader")

    def _said(self, image: Image.Image) -> dict[str, list[str] | str]:
        large = enlarge(image, self.settings.upscale_to_px)
        return {name: r if isinstance(r, str) else r.lines(large) for name, r in self._readers().items()}

    def _readers(self) -> dict[str, readers.Reader | str]:
        """This thread's own, opened at its first image: not every reader can read two images at once."""
        if not hasattr(self._own, "readers"):
            self._own.readers = {name: self._open(name) for name in self.settings.readers}
        opened: dict[str, readers.Reader | str] = self._own.readers
        return opened

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
