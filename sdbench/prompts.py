"""Prompts of a study or a metric, worded for whoever is asked: the trained model, or the base in class words."""

from __future__ import annotations

from collections.abc import Sequence

from sdbench.records import Prompt, Sample
from sdbench.settings import PromptSettings


def load(settings: PromptSettings) -> list[Prompt]:
    """The set's prompts, with ids `<set>-<index>`."""
    return [Prompt(f"{settings.name}-{i}", template) for i, template in enumerate(settings.templates)]


def requests(asked: list[Prompt], seeds: Sequence[int], words: str, class_words: str) -> list[Sample]:
    """Every prompt at every seed, the subject worded as `words`."""
    return [
        Sample(
            f"{p.id}-{seed}",
            p.id,
            p.text(words, class_words),
            p.text(class_words, class_words),
            seed,
            f"images/{p.id}-{seed}.png",
        )
        for p in asked
        for seed in seeds
    ]
