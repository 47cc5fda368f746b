"""Prompts of a study, worded for whoever is asked: the trained model, or the untuned base in class words."""

from __future__ import annotations

from sdbench.errors import UserError
from sdbench.records import Prompt
from sdbench.settings import PromptSettings


def load(settings: PromptSettings) -> list[Prompt]:
    """The set's prompts, with ids `<set>-<index>`. Raises UserError where a template leaves out `{subject}`."""
    for template in settings.templates:
        if "{subject}" not in template:
            raise UserError(f"prompts.templates: {template!r} has no {{subject}}; mark where the subject's words go")
    return [Prompt(f"{settings.name}-{i}", template) for i, template in enumerate(settings.templates)]
