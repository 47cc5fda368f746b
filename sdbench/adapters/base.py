"""The face of an adapter: which parameters learn, how they are saved and loaded."""

from __future__ import annotations

import abc
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdbench.backbones.base import Backbone

if TYPE_CHECKING:
    import torch


class Adapter(abc.ABC):
    """Attached to a backbone it makes its own parameters trainable, in float32, and nothing else.

    trains_text: text embeddings change while it learns, so they cannot be cached. adds_tokens: it makes the embedding
    table anew, so it is attached before adapters that train the text encoder.
    """

    trains_text: bool
    adds_tokens = False

    @abc.abstractmethod
    def attach(self, backbone: Backbone, lr: float) -> list[dict[str, Any]]:
        """Optimizer groups `{"params": [...], "lr": ...}`; `lr` where the settings have none of their own."""

    @abc.abstractmethod
    def save(self, backbone: Backbone, folder: Path) -> None:
        """Write what was learnt into `folder`, in the ecosystem's own format."""

    @abc.abstractmethod
    def load(self, backbone: Backbone, folder: Path) -> None:
        """Put what `save` wrote into a fresh backbone, ready to sample from."""

    def words(self, identifier: str) -> str:
        """The words that stand for the subject in prompts to a model with this adapter."""
        return identifier


def rate(own: float | None, lr: float) -> float:
    """An adapter's own learning rate where it has one, else the run's."""
    return lr if own is None else own


def trainable(module: torch.nn.Module) -> list[torch.nn.Parameter]:
    return [p for p in module.parameters() if p.requires_grad]
