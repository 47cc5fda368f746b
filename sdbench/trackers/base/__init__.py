"""What every tracker is: it is shown what a stage of a cell left in the store, and writes it where others look.

A kind of tracker is a module beside this package with `Settings` and `create(settings) -> Mirror`. It runs in a
process of its own (`python -m sdbench.trackers.base`), so it may raise, hang or die.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image


@dataclass(frozen=True)
class Shown:
    """One stage of a cell, whichever tracker it is for.

    config: whose it is: study, cell, subject, method, ... steps: what was measured at each training step. numbers:
    what is said once: costs, means of metrics. images: each a picture of many.
    """

    stage: str
    status: str
    cause: str | None
    config: dict[str, Any]
    steps: list[tuple[int, dict[str, float]]] = field(default_factory=list)
    numbers: dict[str, float] = field(default_factory=dict)
    images: dict[str, Image.Image] = field(default_factory=dict)


class Mirror(abc.ABC):
    """target: where it writes to; a stage that was written to another target is written again."""

    target: str

    @abc.abstractmethod
    def write(self, shown: Shown, folder: Path) -> None:
        """Below `folder`, which exists and is this kind's, in place of what an earlier call for the stage wrote."""
