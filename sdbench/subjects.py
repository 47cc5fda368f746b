"""Subjects: a folder of images with captions, checked before anything is trained on it.

The layout is Hugging Face's imagefolder: `train/` and `heldout/`, each with images and a `metadata.jsonl` whose lines
are `{"file_name": "01.png", "text": "a photo of sks dog"}`; a sibling's pictures are one more such folder, anywhere.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from sdbench import pictures
from sdbench.errors import UserError, nearest
from sdbench.microworld import bundled
from sdbench.settings import SubjectSettings

SHIPPED = Path(__file__).parent / "microworld" / "subjects"


@dataclass(frozen=True)
class Reference:
    """One picture of the subject. caption: as written, with the identifier in it."""

    path: Path
    caption: str

    def image(self) -> Image.Image:
        """In RGB of 8 bits, upright."""
        return pictures.opened(self.path)


@dataclass(frozen=True)
class Subject:
    """A checked subject: training pictures, held-out pictures and the words for it.

    sibling: pictures of another thing of its class; empty where none are known. identity: hash of it all but those,
    which nothing but their own row depends on. train_identity: of what training sees, so that one more held-out
    picture trains nothing. sibling_identity: of the sibling's pictures alone.
    """

    name: str
    identifier: str
    class_words: str
    lettering: str | None
    detector: Path | None
    train: list[Reference]
    heldout: list[Reference]
    sibling: list[Reference]
    identity: str
    train_identity: str
    sibling_identity: str


def load(settings: SubjectSettings, least_px: int) -> Subject:
    """Read and check a subject's folder. Raises UserError naming the file where something is missing or broken.

    least_px: shorter side an image must have, the model's resolution.
    """
    folder = place(settings.folder)
    train, heldout = (_read_split(folder / part, least_px) for part in ("train", "heldout"))
    for reference in train:
        if settings.identifier not in reference.caption:
            raise UserError(
                f"{reference.path} has the caption {reference.caption!r}, which lacks the identifier "
                f"{settings.identifier!r}; put it there in {folder}/train/metadata.jsonl, or set subject.identifier"
            )
    sibling = _read_sibling(settings, least_px)
    learnt = {"words": [settings.identifier, settings.class_words], "train": _content(train)}
    return Subject(
        name=settings.name,
        identifier=settings.identifier,
        class_words=settings.class_words,
        lettering=settings.lettering,
        detector=bundled(settings.detector) if settings.detector else None,
        train=train,
        heldout=heldout,
        sibling=sibling,
        identity=_digest({**learnt, "heldout": _content(heldout), "lettering": settings.lettering}),
        train_identity=_digest(learnt),
        sibling_identity=_digest({"sibling": _content(sibling)}),
    )


def _read_sibling(settings: SubjectSettings, least_px: int) -> list[Reference]:
    if settings.sibling is None:
        return []
    sibling = _read_split(_place_of_sibling(settings.sibling), least_px)
    for reference in sibling:
        if settings.identifier in reference.caption:
            raise UserError(
                f"{reference.path} has the caption {reference.caption!r}, which names the subject; a sibling is "
                f"another thing of its class: say {settings.class_words!r} there, or set subject.sibling"
            )
    return sibling


def _place_of_sibling(folder: str) -> Path:
    name = folder.removeprefix("bundled:")
    found = Path(folder).expanduser() if name == folder else SHIPPED / name
    if not found.is_dir():
        shipped = [str(path.relative_to(SHIPPED)) for path in sorted(SHIPPED.glob("*/sibling"))]
        hint = "; give a folder of pictures with metadata.jsonl, or null" if name == folder else nearest(name, shipped)
        raise UserError(f"subject.sibling {folder!r} is no folder of pictures{hint}")
    return found


def _content(references: list[Reference]) -> list[list[str]]:
    """Pictures of 16 bits are marked: they were once taken for white, and what was made of them so is another thing."""
    marks = [["16 bits"] if pictures.is_deep(r.path) else [] for r in references]
    return [[digest(r.path), r.caption, *mark] for r, mark in zip(references, marks, strict=True)]


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def place(folder: str) -> Path:
    """The folder that a setting `subject.folder` means. Raises UserError where there is none."""
    if not folder.startswith("bundled:"):
        found = Path(folder).expanduser()
        if not found.is_dir():
            raise UserError(f"subject.folder {folder!r} is not a folder; give one with train/ and heldout/")
        return found
    name = folder.removeprefix("bundled:")
    shipped = sorted(p.name for p in SHIPPED.iterdir() if p.is_dir())
    if name not in shipped:
        raise UserError(f"subject.folder {folder!r} names no subject that ships{nearest(name, shipped)}")
    return SHIPPED / name


def digest(path: Path) -> str:
    """sha256 of a picture's file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files(folder: Path) -> list[Path]:
    """Its pictures, by name."""
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in pictures.SUFFIXES)


def _read_split(folder: Path, least_px: int) -> list[Reference]:
    found = files(folder)
    if not found:
        raise UserError(f"{folder} holds no images; put at least one there ({', '.join(pictures.SUFFIXES)})")
    captions = _captions(folder / "metadata.jsonl")
    for file in found:
        if not captions.get(file.name):
            raise UserError(
                f'{file} has no caption; add {{"file_name": "{file.name}", "text": "..."}} to {folder}/metadata.jsonl'
            )
        _check_image(file, least_px)
    for name in captions:
        if not (folder / name).exists():
            raise UserError(
                f"{folder}/metadata.jsonl names {name!r}, which is not there; add the image or drop the line"
            )
    return [Reference(file, captions[file.name]) for file in found]


def _captions(path: Path) -> dict[str, str]:
    if not path.exists():
        raise UserError(f'{path} is missing; write one line per image: {{"file_name": "01.png", "text": "a caption"}}')
    captions: dict[str, str] = {}
    for where, row in rows(path, "file_name and text"):
        if not {"file_name", "text"} <= set(row):
            raise UserError(f"{where} is not JSON with file_name and text; mend that line")
        for key in ("file_name", "text"):
            if not isinstance(row[key], str):
                raise UserError(f"{where} has {key} {json.dumps(row[key])}, which is not text; put it in quotes")
        if row["file_name"] in captions:
            raise UserError(f"{where} names {row['file_name']!r} a second time; leave one line per image")
        captions[row["file_name"]] = row["text"].strip()
    return captions


def rows(path: Path, keys: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a JSON-lines file, and where it stands. keys: what an error says a line should have."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split(
            "\n"
        )  # splitlines() would also split at U+2028 inside a caption
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 ({error.reason}); save it in that encoding") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict):
            raise UserError(f"{where} is not JSON with {keys}; mend that line")
        yield where, row


@functools.lru_cache(4096)
def _shorter_side(file: Path, _size: int, _mtime_ns: int) -> int:
    """Each row asks, and to decode ten photographs takes seconds: once a process, as long as the file is the same."""
    return min(pictures.opened(file).size)


def _check_image(file: Path, least_px: int) -> None:
    try:
        stat = file.stat()
        side = _shorter_side(file, stat.st_size, stat.st_mtime_ns)
    except (pictures.Unreadable, OSError) as error:
        raise UserError(
            f"{file} cannot be read as an image ({error}); replace it or take it out of the folder"
        ) from None
    if side < least_px:
        raise UserError(
            f"{file} is {side} px on its shorter side, the model wants {least_px}; use a larger picture "
            "(subject=folder for your own), or a model of a lower resolution"
        )
