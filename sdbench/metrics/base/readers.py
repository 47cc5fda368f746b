"""Text readers behind one face: an image goes in, its lines of text come out.

A reader that is not installed, or has no weights, is `Unavailable`, and its message says what to do about it.
"""

from __future__ import annotations

import abc
import importlib.metadata
import importlib.util
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

NAMES = ("rapidocr", "easyocr", "tesseract")
PACKAGES = {"rapidocr": "rapidocr", "easyocr": "easyocr", "tesseract": "pytesseract"}
EASYOCR_WEIGHTS = ("craft_mlt_25k.pth", "english_g2.pth")


class Unavailable(Exception):
    """Why a reader cannot read here, and the remedy."""


class Reader(abc.ABC):
    @abc.abstractmethod
    def lines(self, image: Image.Image) -> list[str]:
        """Every line of text found in an RGB image, as read."""


class RapidOCR(Reader):
    """PP-OCR's detector and recognizer in onnxruntime; the wheel carries the models.

    Its orientation classifier is left out: on 100 renders it read one badge fewer and took 60 % longer.
    side_px: the text detector enlarges images whose shorter side is below this.
    """

    def __init__(self, side_px: int, threads: int) -> None:
        import rapidocr

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        settings = {
            "Global.log_level": "error", "Global.use_cls": False, "Det.limit_side_len": side_px,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }  # fmt: skip
        self._engine = rapidocr.RapidOCR(params=settings)

    def lines(self, image: Image.Image) -> list[str]:
        found = self._engine(np.ascontiguousarray(np.asarray(image)[..., ::-1]))
        return list(getattr(found, "txts", None) or ())


class EasyOCR(Reader):
    """CRAFT and a CRNN. `folder` holds the weights, which easyocr unpickles: name one that you trust."""

    def __init__(self, folder: str | None) -> None:
        import easyocr

        place = easyocr_folder(folder)
        self._reader = easyocr.Reader(
            ["en"], gpu=False, model_storage_directory=str(place), user_network_directory=str(place),
            download_enabled=False, quantize=False, verbose=False,
        )  # fmt: skip

    def lines(self, image: Image.Image) -> list[str]:
        return [str(line) for line in self._reader.readtext(np.asarray(image), detail=0)]


class Tesseract(Reader):
    """The tesseract program, through pytesseract, looking for sparse text (page segmentation mode 11)."""

    def __init__(self) -> None:
        import pytesseract

        self._read = pytesseract.image_to_string

    def lines(self, image: Image.Image) -> list[str]:
        return [line for line in self._read(image, config="--psm 11").splitlines() if line.strip()]


def open_reader(name: str, side_px: int, threads: int, folder: str | None) -> Reader:
    """The reader called `name`. Raises Unavailable."""
    if why := missing(name, folder):
        raise Unavailable(why)
    try:
        if name == "rapidocr":
            return RapidOCR(side_px, threads)
        return EasyOCR(folder) if name == "easyocr" else Tesseract()
    except ImportError as error:
        raise Unavailable(f"{name} cannot be imported ({error}); `sdbench doctor` says more") from error


def missing(name: str, folder: str | None) -> str | None:
    """Why the reader called `name` cannot read here, with the remedy; None where it can. Loads none."""
    package = PACKAGES[name]
    if importlib.util.find_spec(package) is None:
        return f"{package} is not installed; run `uv pip install {package}`"
    return {"rapidocr": _no_onnxruntime, "easyocr": _no_weights, "tesseract": _no_program}[name](folder)


def _no_onnxruntime(_folder: str | None) -> str | None:
    there = importlib.util.find_spec("onnxruntime")
    return None if there else "rapidocr needs onnxruntime; run `uv pip install onnxruntime`"


def _no_weights(folder: str | None) -> str | None:
    place = easyocr_folder(folder)
    lacking = [name for name in EASYOCR_WEIGHTS if place is None or not (place / name).is_file()]
    where = f"{folder} lacks" if folder else "set metrics.ocr.easyocr_folder to a folder with"
    return f"easyocr has no weights: {where} {', '.join(lacking)} (from its model hub)" if lacking else None


def _no_program(_folder: str | None) -> str | None:
    if shutil.which("tesseract") is None:
        return "the tesseract program is not on the PATH; run e.g. `apt install tesseract-ocr`"
    if "eng" not in _tesseract_languages():
        remedy = "run e.g. `apt install tesseract-ocr-eng`, or set TESSDATA_PREFIX to the folder of eng.traineddata"
        return f"tesseract has no English language data; {remedy}"
    return None


def describe(name: str, folder: str | None, identity: Callable[[Path], str]) -> list[str]:
    """What decides a reader's answers here: package version, program or weights, or that it is absent."""
    try:
        described = [importlib.metadata.version(PACKAGES[name])]
    except importlib.metadata.PackageNotFoundError:
        return ["absent"]
    if name == "tesseract":
        program = shutil.which("tesseract")
        return [*described, identity(Path(program)), *_tesseract_languages()] if program else [*described, "absent"]
    if name == "easyocr":
        place = easyocr_folder(folder)
        files = [place / weights for weights in EASYOCR_WEIGHTS] if place else []
        return [*described, *(identity(file) if file.is_file() else "absent" for file in files)]
    return [*described, importlib.metadata.version("onnxruntime")]


def _tesseract_languages() -> list[str]:
    import pytesseract

    return sorted(pytesseract.get_languages())


def easyocr_folder(folder: str | None) -> Path | None:
    return Path(folder).expanduser() if folder else None
