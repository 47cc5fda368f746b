"""Prompts of a study, worded for whoever is asked: the trained model, or the untuned base in class words."""

from __future__ import annotations

from collections.abc import Sequence

from sdbench.errors import UserError
from sdbench.records import Prompt, Sample
from sdbench.settings import PromptSettings


def load(settings: PromptSettings) -> list[Prompt]:
    """The set's prompts, with ids `<set>-<index>`. Raises UserError where a template leaves out `{subject}`."""
    for template in settings.templates:
        if "{subject}" not in template:
            raise UserError(f"prompts.templates: {template!r} has no {{subject}}; mark where the subject's words go")
    return [Prompt(f"{settings.name}-{i}", template) for i, template in enumerate(settings.templates)]


def requests(asked: list[Prompt], seeds: Sequence[int], words: str, class_words: str) -> list[Sample]:
    """Every prompt at every seed, the subject worded as `words`."""
    return [
        Sample(f"{p.id}-{seed}", p.id, p.text(words), p.text(class_words), seed, f"images/{p.id}-{seed}.png")
        for p in asked
        for seed in seeds
    ]
