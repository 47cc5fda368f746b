"""What every metric is: it judges images, and gives each a value or the reason why there is none.

A kind of metric is a module beside this package with `Settings`, `VERSION` and `create(settings, subject) -> Metric`.
What several kinds share (image encoders, text readers) stands in here.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from sdbench.needs import Need
from sdbench.records import Card, Sample, Score


@dataclass(frozen=True)
class Judged:
    """One image to judge, in RGB. asked: the metric's own prompt set that it was drawn for; empty: the study's.

    base: what the untuned base drew for the same prompt and seed, where the metric asked.
    """

    sample: Sample
    image: Image.Image
    asked: str = ""
    base: Image.Image | None = None


class Metric(abc.ABC):
    """Made without loading any model. cards: one for each score that an image gets.

    A metric that needs other images than the study's has a setting `prompts: dict[str, PromptSettings]`; its cards name
    the set that they judge, which are drawn for every row and, to compare with, by the untuned base.
    grouped: images are compared with each other, so validation and test images are judged apart.
    of_prompts: names of the cards that mean nothing for an image whose prompt is not known.
    """

    cards: tuple[Card, ...]
    grouped = False
    of_prompts: Collection[str] = ()

    @abc.abstractmethod
    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        """Who judges, as plain JSON: hashes of weights (`identity` gives a file's or folder's) and package versions.

        A score is reused only where this is the same. Imports no torch. Raises UserError where the settings name what
        is not there.
        """

    def needs(self) -> list[Need]:
        """What must be on the machine beside what ships. May import what is slow, where only that can tell."""
        return []

    def check(self) -> None:  # noqa: B027 (most have nothing to say)
        """Raises UserError for what only a library that loads slowly can tell; asked once a cell, before it trains."""

    @abc.abstractmethod
    def score(self, judged: Sequence[Judged]) -> list[Score]:
        """A score of every card for every image that was drawn for the card's prompts."""


def unscored(judged: Sequence[Judged], cards: Sequence[Card], reason: str) -> list[Score]:
    """The same reason for every image and card."""
    return [Score(j.sample.sample_id, card.name, None, reason) for j in judged for card in cards]
