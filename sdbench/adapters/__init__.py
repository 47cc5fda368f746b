"""Adapters, one file each: `sdbench.adapters.<kind>` has `Settings` and `create(settings, subject, seed)`."""

from __future__ import annotations

import importlib

from sdbench.adapters.base import Adapter as Adapter
from sdbench.settings import MethodSettings
from sdbench.subjects import Subject


def create(method: MethodSettings, subject: Subject, seed: int) -> list[Adapter]:
    """The method's adapters, in the order of its yaml."""
    return [
        importlib.import_module(f"{__name__}.{kind}").create(settings, subject, seed)
        for kind, settings in method.adapters.items()
    ]


def words(adapters: list[Adapter], identifier: str) -> str:
    """What stands for the subject in prompts, once every adapter has had its say."""
    for adapter in adapters:
        identifier = adapter.words(identifier)
    return identifier
