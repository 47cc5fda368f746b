"""Pictures labelled for a detector, in YOLO's format, checked before anything is trained on them. Never torch.

A folder with `images/` and `labels/`. For images/a.png, labels/a.txt has a line `0 x y width height` for each logo:
the middle and the sides of its box, as shares of the picture's. A picture without a label file, or with an empty one,
shows no logo: it is a regularizing picture, which teaches the detector what to leave alone.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sdbench import pictures
from sdbench.errors import UserError

LOOKS = "`0 x y width height`, the numbers from 0 to 1"

Box = tuple[float, float, float, float]  # x, y, width, height, as YOLO has them


@dataclass(frozen=True)
class Labelled:
    """A picture and where its logos are: none in a regularizing one. digest: sha256 of its file."""

    path: Path
    boxes: tuple[Box, ...]
    digest: str


def read(folder: Path) -> tuple[list[Labelled], list[Path]]:
    """Every picture of a labelled folder, and those of them that have no label file.

    Raises UserError naming the file that is missing or wrong, and the remedy.
    """
    images, labels = folder / "images", folder / "labels"
    files = sorted(path for path in images.glob("*") if path.suffix.lower() in pictures.SUFFIXES)
    if not files:
        known = ", ".join(pictures.SUFFIXES)
        raise UserError(f"{images} holds no pictures; put the labelled ones there ({known}), their boxes in {labels}")
    found, bare = [], []
    for file in files:
        label = labels / f"{file.stem}.txt"
        if not label.is_file():
            bare.append(file)
        boxes = read_boxes(label) if label.is_file() else ()
        found.append(Labelled(file, boxes, hashlib.sha256(file.read_bytes()).hexdigest()))
        check_readable(file)
    _check_names(files, labels)
    if not any(one.boxes for one in found):
        raise UserError(f"{labels} labels no logo in any picture; write labels/<name>.txt with lines {LOOKS}")
    return found, bare


def read_boxes(path: Path) -> tuple[Box, ...]:
    """The boxes of a label file, of which an empty one has none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UserError(f"{path} is not text; write lines {LOOKS}") from None
    return tuple(_box(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip())


def _box(line: str, where: str) -> Box:
    words = line.split()
    try:
        x, y, width, height = (float(word) for word in words[1:])
    except ValueError:
        raise UserError(f"{where} is {line.strip()!r}; mend it: {LOOKS}") from None
    if words[0] != "0":
        raise UserError(f"{where} has the class {words[0]!r}, and a subject has one logo; begin the line with 0")
    for number in (x, y, width, height):
        if not 0 <= number <= 1 or math.isnan(number):
            remedy = "divide pixels by the picture's width and height"
            raise UserError(f"{where} has {number:g}, which is not from 0 to 1; {remedy}")
    if not (width and height):
        raise UserError(f"{where} has a box without a width or a height; mend it, or take the line out")
    return x, y, width, height


def check_readable(file: Path) -> None:
    """Raises UserError for a picture that is damaged or none."""
    try:
        pictures.opened(file)
    except pictures.Unreadable as error:
        raise UserError(f"{file} cannot be read as an image ({error}); replace it or take it out") from None


def _check_names(files: Sequence[Path], labels: Path) -> None:
    stems: set[str] = set()
    for file in files:
        if file.stem in stems:
            raise UserError(f"{file} shares its label file with another picture of that name; rename one of them")
        stems.add(file.stem)
    for label in sorted(labels.glob("*.txt")):
        if label.stem not in stems and label.name != "classes.txt":  # which some labelling tools leave there
            raise UserError(f"{label} labels no picture of {labels.parent / 'images'}; add the picture or remove it")


def split(
    found: Sequence[Labelled], share: float, unseen: Collection[str] = ()
) -> tuple[list[Labelled], list[Labelled]]:
    """To train on, and held out: `share` of those with a logo and of those without, chosen by their bytes.

    unseen: digests of pictures that are always held out. Equal files stay together; the order is that of the digests,
    whatever the files are called.
    """
    train: list[Labelled] = []
    heldout: list[Labelled] = []
    for shows in (True, False):
        mine = sorted((one for one in found if bool(one.boxes) == shows), key=lambda one: (one.digest, one.boxes))
        digests = sorted({one.digest for one in mine} - set(unseen))
        count = min(max(1, round(share * len(digests))), len(digests) - 1) if len(digests) > 1 else 0
        chosen = {*digests[:count], *unseen}
        train += [one for one in mine if one.digest not in chosen]
        heldout += [one for one in mine if one.digest in chosen]
    return train, heldout


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    sides = [
        max(0.0, min(a + wa / 2, b + wb / 2) - max(a - wa / 2, b - wb / 2))
        for a, wa, b, wb in ((first[i], first[i + 2], second[i], second[i + 2]) for i in (0, 1))
    ]
    shared = sides[0] * sides[1]
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)
