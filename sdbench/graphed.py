"""A training step as one CUDA graph: captured once, then replayed with a single launch (docs.pytorch.org, CUDA Graphs).

A replay runs the kernels that were captured, on the memory that they were captured with, so its bits are those of the
step as it was. What changes from step to step is copied there first: the batches, and by whoever sets them the learning
rates, which are tensors. Dropout follows the generator, which a replay reads as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import torch

from sdbench.inputs import Batch

WARMUP = 3  # steps before the capture, on a stream of their own: libraries choose kernels and allocate in them
Learn = Callable[[Sequence[Batch]], torch.Tensor]


class Graphed:
    """`learn` as a graph from its fourth call on. Batches keep their shapes, and their text is encoded.

    It is told at each call what it captures: kept, that would hold its owner, who holds this.
    """

    def __init__(self) -> None:
        """On the current card."""
        self.calls, self.graph, self.stream = 0, torch.cuda.CUDAGraph(), torch.cuda.Stream()

    def __call__(self, learn: Learn, batches: Sequence[Batch]) -> torch.Tensor:
        self.calls += 1
        if self.calls <= WARMUP:
            return self._aside(learn, batches)
        if self.calls == WARMUP + 1:
            self.batches = [copied(batch) for batch in batches]
            with torch.cuda.graph(self.graph, stream=self.stream):  # else of the card that was first in this process
                self.loss = learn(self.batches)
        for held, batch in zip(self.batches, batches, strict=True):
            fill(held, batch)
        self.graph.replay()
        return self.loss.clone()

    def _aside(self, learn: Learn, batches: Sequence[Batch]) -> torch.Tensor:
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            loss = learn(batches)
        torch.cuda.current_stream().wait_stream(self.stream)
        return loss


def copied(batch: Batch) -> Batch:
    """In memory of its own."""
    text = {name: tensor.clone() for name, tensor in (batch.text or {}).items()}
    return replace(batch, **{name: tensor.clone() for name, tensor in _tensors(batch)}, text=text)


def fill(held: Batch, batch: Batch) -> None:
    """Copy the numbers of `batch` into the memory of `held`."""
    for (_, there), (_, here) in zip(_tensors(held), _tensors(batch), strict=True):
        there.copy_(here)
    for name, tensor in (batch.text or {}).items():
        assert held.text is not None
        held.text[name].copy_(tensor)


def _tensors(batch: Batch) -> Iterator[tuple[str, Any]]:
    named = ((field.name, getattr(batch, field.name)) for field in fields(batch))
    return ((name, value) for name, value in named if isinstance(value, torch.Tensor))
