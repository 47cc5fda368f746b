"""The face of an adapter: which parameters learn, how they are saved and loaded."""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdbench.backbones.base import Backbone

if TYPE_CHECKING:
    import torch


class Adapter(abc.ABC):
    """Attached to a backbone it makes its own parameters trainable, in float32, and nothing else.

    Where those are the base's, or `load` writes into the base's, it has them `owned` first.

    trains_text: text embeddings change while it learns, so they cannot be cached. adds_tokens: it makes the embedding
    table anew, so it is attached before adapters that train the text encoder. solo: why it cannot be trained in a pack
    of several; None where it can.
    """

    trains_text: bool
    adds_tokens = False
    solo: str | None = "it has no packed form"

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


class Packable(Adapter):
    """An adapter of which many can learn at once on one base; each by itself all the same where `solo` says why."""

    solo: str | None = None

    @abc.abstractmethod
    def read(self, attached: Backbone, folder: Path) -> None:
        """Put what `save` wrote into the parameters of the backbone that this adapter is attached to."""

    @abc.abstractmethod
    def alike(self) -> tuple[Any, ...]:
        """What the arms of a pack must have in common of this adapter."""

    @abc.abstractmethod
    def packed(self, backbone: Backbone, attached: Backbone, slots: int) -> Packed:
        """The packed form of `slots` arms, put to work on the frozen `backbone`.

        attached: another copy of the base, to which this adapter is attached as it is alone.
        """


class Packed(abc.ABC):
    """What an adapter learns in each of several arms, as the rows of one leaf, at work on one frozen base.

    The base is shown the arms' batches one after the other, as many rows of each. leaf: (slots, width), float32; a row
    holds an arm's parameters, each padded with zeros to the shape that the pack has room for. Arms share no number,
    so the gradient of the sum of their losses is each arm's own.
    """

    def __init__(self, shapes: Sequence[Sequence[int]], slots: int, device: torch.device) -> None:
        import torch

        self.shapes = [tuple(shape) for shape in shapes]
        self.sizes = [math.prod(shape) for shape in self.shapes]
        self.leaf = torch.nn.Parameter(torch.zeros(slots, sum(self.sizes), device=device))

    def row(self, tensors: Sequence[torch.Tensor]) -> torch.Tensor:
        """An arm's parameters as a row (width,) of the leaf."""
        import torch

        padded = [self.leaf.new_zeros(shape) for shape in self.shapes]
        for whole, tensor in zip(padded, tensors, strict=True):
            whole[_corner(tensor)] = tensor.detach().to(whole)
        return torch.cat([whole.flatten() for whole in padded])

    def unrow(self, row: torch.Tensor, tensors: Sequence[torch.Tensor]) -> None:
        """Put a row's numbers into an arm's parameters; `row` undone."""
        for piece, shape, tensor in zip(row.split(self.sizes), self.shapes, tensors, strict=True):
            tensor.data.copy_(piece.view(shape)[_corner(tensor)])

    @abc.abstractmethod
    def seat(self, slot: int, adapter: Any) -> None:
        """Make room for an arm's adapter, which is of the packed kind and alike."""

    @abc.abstractmethod
    def use(self, dtype: torch.dtype | None = None) -> None:
        """Let the next forward pass use what the leaf holds now, in `dtype`, or as the autocast around it says."""


def _corner(tensor: torch.Tensor) -> tuple[slice, ...]:
    return tuple(slice(size) for size in tensor.shape)


def rate(own: float | None, lr: float) -> float:
    """An adapter's own learning rate where it has one, else the run's."""
    return lr if own is None else own


def trainable(module: torch.nn.Module) -> list[torch.nn.Parameter]:
    return [p for p in module.parameters() if p.requires_grad]
