"""What every image encoder is: RGB images in, unit vectors out, an image's own whatever else is asked for with it."""

from __future__ import annotations

import abc
import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from sdbench import devices
from sdbench.errors import UserError
from sdbench.metrics.base import Metric
from sdbench.microworld import bundled
from sdbench.needs import Need

Item = TypeVar("Item")


class NotHere(UserError):
    """Weights that go by a name and cannot be had on this machine: images stay unscored, for this reason."""


class Encoder(abc.ABC):
    """Loads its weights at the first image, and encodes each image once a process.

    title, preprocessing: for cards. batch_size: images encoded at once. device: cpu, cuda, mps or auto.
    """

    title: str
    preprocessing: str

    def __init__(self, batch_size: int, device: str) -> None:
        self.batch_size, self.device = batch_size, devices.resolve(device)
        self._seen: dict[str, np.ndarray] = {}

    @abc.abstractmethod
    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        """Whose judgement it is: weights, versions and what else decides the last bits. Imports no torch."""

    @abc.abstractmethod
    def pixels(self, image: Image.Image) -> np.ndarray:
        """(3, h, w) float32: what the model is shown of an RGB image."""

    @abc.abstractmethod
    def vectors(self, pixels: np.ndarray) -> np.ndarray:
        """(n, d) vectors for (n, 3, h, w) pixels; n is always the batch size."""

    @property
    def loaded(self) -> Any:
        """What `load` returned, or its NotHere again: nobody waits for the network twice."""
        if isinstance(self._attempt, NotHere):
            raise self._attempt
        return self._attempt

    @functools.cached_property
    def _attempt(self) -> Any:
        try:
            return self.load()
        except NotHere as why:
            return why

    @abc.abstractmethod
    def load(self) -> Any:
        """The model, with what it takes to use it. Raises NotHere, or UserError where a folder's files are broken."""

    def needs(self) -> list[Need]:
        """What must be on the machine: nothing where the weights lie in a folder that was checked."""
        return []

    def check(self) -> None:  # noqa: B027 (most have nothing to say)
        """Raises UserError for what only a library that loads slowly can tell."""

    def images(self, images: Iterable[Image.Image]) -> np.ndarray:
        """(n, d) unit vectors of n >= 1 RGB images."""
        keys: list[str] = []
        for batch in batches(images, self.batch_size):
            digests = [digest(image) for image in batch]
            keys += digests
            fresh = {key: image for key, image in zip(digests, batch, strict=True) if key not in self._seen}
            if fresh:
                self._seen |= dict(zip(fresh, self.encode(list(fresh.values())), strict=True))
        return np.stack([self._seen[key] for key in keys])

    def encode(self, images: Iterable[Image.Image]) -> np.ndarray:
        """(n, d), remembering none. Batches are padded, so that a vector does not hang on how many are asked for."""
        found: list[np.ndarray] = []
        for batch in batches(images, self.batch_size):
            shown = [self.pixels(image) for image in batch]
            padded = np.stack(shown + shown[-1:] * (self.batch_size - len(shown)))
            found += list(self.vectors(padded)[: len(batch)])
        return np.stack(found)


class Encoded(Metric):
    """A metric that one encoder judges; an audit puts another in its place.

    of_words: it encodes words too, and an encoder of images alone cannot take that place.
    """

    of_words = False

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return self.encoder.judge(identity)

    def needs(self) -> list[Need]:
        return self.encoder.needs()

    def check(self) -> None:
        self.encoder.check()


def digest(image: Image.Image) -> str:
    """Equal for equal pixels."""
    return hashlib.sha256(repr((image.mode, image.size)).encode() + image.tobytes()).hexdigest()


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def folder(model: str) -> Path | None:
    """The folder that `model` means, or None where it is a name. Raises UserError where a bundled one is not there."""
    if model.startswith("bundled:") or Path(model).expanduser().is_dir():
        return bundled(model)
    return None
