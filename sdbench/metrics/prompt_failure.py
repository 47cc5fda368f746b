"""What a prompt with several things in it loses: a thing that is left out, a colour that goes to another thing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sdbench.errors import UserError
from sdbench.metrics.base import Judged, clip
from sdbench.metrics.base.encoder import Encoded
from sdbench.records import Card, Score
from sdbench.settings import PromptSettings
from sdbench.subjects import Subject

VERSION = 1


@dataclass(frozen=True)
class Part:
    """One thing of a prompt. attribute: its word there, e.g. blue. without: the prompt with this thing left out."""

    thing: str
    attribute: str
    without: str


@dataclass(frozen=True)
class Settings:
    """parts: of each template of the one set in `prompts`, in its order. attributes: what may stand in their place.

    The rest as in every metric that a CLIP judges.
    """

    prompts: dict[str, PromptSettings]
    parts: list[list[Part]]
    attributes: list[str]
    model: str
    pretrained: str | None
    batch_size: int
    device: str

    def __post_init__(self) -> None:
        key = "metrics.prompt_failure"
        templates = [template for one in self.prompts.values() for template in one.templates]
        if len(self.prompts) != 1 or len(templates) != len(self.parts):
            raise UserError(f"{key}.parts is for {len(self.parts)} prompts of {len(templates)}; give one list for each")
        for template, parts in zip(templates, self.parts, strict=True):
            for part in parts:
                if f"{part.attribute} {part.thing}" not in template or part.attribute not in self.attributes:
                    said = f"{part.attribute} {part.thing}"
                    raise UserError(
                        f"{key}.parts: {said!r} is not in {template!r}, or not of {key}.attributes; mend it"
                    )


class PromptFailure(Encoded):
    """A thing is there if the image is closer to the prompt than to the prompt without it.

    It has its own attribute if no other one in that place is closer. Both as CLIP's cosines say, the base's for base.
    """

    encoder: clip.Clip
    of_words = True

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        (self.asked,) = settings.prompts.values()
        super().__init__(clip.load(settings.model, settings.pretrained, settings.batch_size, settings.device))

        def card(name: str, title: str, mean: str, judges: str) -> Card:
            source = "catastrophic neglect and attribute binding, after Chefer et al. 2023, arXiv 2301.13826"
            return Card(name, title, "share", "lower", 0.0, 1.0, self.encoder.title, self.encoder.preprocessing, mean,
                        VERSION, source, judges == "failure", self.asked.name, judges=judges)  # fmt: skip

        failed = "mean; 1 where any thing is missing or has a wrong colour"
        of_there = "mean over images of the share of the things that are there"
        self.cards = (
            card("prompt_failure", "Prompts failed", failed, "failure"),
            card("neglect", "Things left out", "mean over images of the share of a prompt's things", "neglect"),
            card("binding", "Wrong attributes", of_there, "binding"),
        )

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        mine = [item for item in judged if item.asked == self.asked.name]
        if not mine:
            return []
        seen, scores = self.encoder.images(item.image for item in mine), []
        for item, image in zip(mine, seen, strict=True):
            index = int(item.sample.prompt_id.rpartition("-")[2])
            found = [self._look(image, self.asked.templates[index], part) for part in self.settings.parts[index]]
            scores += verdict(item.sample.sample_id, self.settings.parts[index], found)
        return scores

    def _look(self, image: np.ndarray, prompt: str, part: Part) -> tuple[bool, str]:
        """Whether the thing is there, and the attribute that CLIP sees on it."""
        attributes = self.settings.attributes
        said = [prompt.replace(f"{part.attribute} {part.thing}", f"{one} {part.thing}") for one in attributes]
        whole, without, *others = self.encoder.texts([prompt, part.without, *said]) @ image
        return bool(whole > without), attributes[int(np.argmax(others))]


def verdict(sample_id: str, parts: Sequence[Part], found: Sequence[tuple[bool, str]]) -> list[Score]:
    """Three scores from what was seen of each thing: (is it there, its attribute)."""
    missing = [part.thing for part, (there, _) in zip(parts, found, strict=True) if not there]
    there = [(part, seen) for part, (is_there, seen) in zip(parts, found, strict=True) if is_there]
    wrong = [f"{seen} {part.thing}" for part, seen in there if seen != part.attribute]
    evidence = json.dumps({"missing": missing, "wrong": wrong})
    failed = Score(sample_id, "prompt_failure", float(bool(missing or wrong)), evidence=evidence)
    neglect = Score(sample_id, "neglect", len(missing) / len(parts), evidence=evidence)
    if not there:
        return [failed, neglect, Score(sample_id, "binding", None, "none of the prompt's things is there")]
    return [failed, neglect, Score(sample_id, "binding", len(wrong) / len(there), evidence=evidence)]


def create(settings: Settings, _subject: Subject) -> PromptFailure:
    return PromptFailure(settings)
