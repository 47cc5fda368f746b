"""Adapters, one file each: `sdbench.adapters.<kind>` has `Settings` and `create(settings, subject, seed)`."""

from __future__ import annotations

import importlib

from sdbench.adapters.base import Adapter as Adapter
from sdbench.errors import UserError
from sdbench.settings import MethodSettings
from sdbench.subjects import Subject


def create(method: MethodSettings, subject: Subject, seed: int) -> list[Adapter]:
    """The method's adapters, in the order in which they are attached. Raises UserError where two exclude each other."""
    if {"full", "lora"} <= set(method.adapters):
        raise UserError("method.adapters names full and lora, which both train the denoiser; keep one of them")
    created: list[Adapter] = [
        importlib.import_module(f"{__name__}.{kind}").create(settings, subject, seed)
        for kind, settings in method.adapters.items()
    ]
    return sorted(created, key=lambda adapter: not adapter.adds_tokens)


def words(adapters: list[Adapter], identifier: str) -> str:
    """What stands for the subject in prompts, once every adapter has had its say."""
    for adapter in adapters:
        identifier = adapter.words(identifier)
    return identifier
