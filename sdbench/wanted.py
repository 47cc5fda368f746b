"""What the cells of a study need on a machine, asked of their models and metrics. Runs nothing."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sdbench import backbones, subjects
from sdbench.errors import UserError
from sdbench.needs import Hub, Need, Tool
from sdbench.settings import Cell
from sdbench.subjects import Subject

Item = TypeVar("Item")


@dataclass
class Wanted:
    """needs: each once, with who has it (`model sd15`, `metric dino`). troubles: who cannot even say, and why."""

    needs: dict[Need, list[str]] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)

    def hub(self) -> dict[Hub, str]:
        return {need: ", ".join(who) for need, who in self.needs.items() if isinstance(need, Hub)}

    def tools(self) -> dict[Tool, str]:
        return {need: ", ".join(who) for need, who in self.needs.items() if isinstance(need, Tool)}

    def add(self, who: str, needs: Sequence[Need]) -> None:
        for need in needs:
            whose = self.needs.setdefault(need, [])
            if who not in whose:
                whose.append(who)


def of(cells: Sequence[Cell]) -> Wanted:
    """Of every model, and of every metric with its subject, once."""
    found = Wanted()
    for model in _distinct([cell.model for cell in cells]):
        try:
            found.add(f"model {model.name}", backbones.needs(model))
        except UserError as error:
            found.troubles[f"model {model.name}"] = str(error)
    for settings, size_px, metrics in _distinct([(c.subject, c.model.resolution_px, c.metrics) for c in cells]):
        try:
            _ask(metrics, subjects.load(settings, 1), found)  # what metrics need does not hang on the size of pictures
            subjects.load(settings, size_px)
        except UserError as error:
            found.troubles[f"subject {settings.name}"] = str(error)
    return found


def _ask(metrics: dict[str, object], subject: Subject, found: Wanted) -> None:
    for kind, settings in metrics.items():
        try:
            metric = importlib.import_module(f"sdbench.metrics.{kind}").create(settings, subject)
            found.add(f"metric {kind}", metric.needs())
        except UserError as error:
            found.troubles[f"metric {kind}"] = str(error)


def _distinct(items: list[Item]) -> list[Item]:
    return list({repr(item): item for item in items}.values())
