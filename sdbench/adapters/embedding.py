"""New words only: one or more token embeddings learn (Textual Inversion, arXiv 2208.01618), all else stays."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdbench.adapters.base import Packable, Packed, rate
from sdbench.backbones.base import Backbone
from sdbench.settings import positive
from sdbench.subjects import Subject

if TYPE_CHECKING:
    import torch

WEIGHTS = "learned_embeds.safetensors"


@dataclass(frozen=True)
class Settings:
    """vectors: how many embeddings stand for the subject. initializer: words they start from; null: the class words.

    lr: null takes train.lr.
    """

    vectors: int
    initializer: str | None
    lr: float | None

    def __post_init__(self) -> None:
        positive("method.adapters.embedding.vectors", self.vectors)


def create(settings: Settings, subject: Subject, seed: int) -> Embedding:
    return Embedding(settings, placeholder(subject.identifier), settings.initializer or subject.class_words)


def placeholder(identifier: str) -> str:
    """The word that learns in the identifier's place."""
    return f"<{'_'.join(identifier.split())}>"


class Embedding(Packable):
    """Saved as diffusers' scripts do: {placeholder: (vectors, width)}, or with several encoders {their key: ...}.

    `pipeline.load_textual_inversion(folder)` reads the first; the second is loaded encoder by encoder, in the lines
    that `export.how_to_load` says.
    The vectors are leaves of their own, put in place of the placeholder's rows as these are looked up, so an
    embedding table itself is never an optimizer's business.
    """

    trains_text = True
    adds_tokens = True

    def __init__(self, settings: Settings, placeholder: str, initializer: str) -> None:
        self.settings, self.placeholder, self.initializer = settings, placeholder, initializer

    def words(self, identifier: str) -> str:
        return self.placeholder

    def attach(self, backbone: Backbone, lr: float) -> list[dict[str, Any]]:
        """`vectors` then has (vectors, width) for each text encoder."""
        import torch

        starts = [
            self._start(encoder.get_input_embeddings().weight, tokenizer)
            for encoder, tokenizer in zip(backbone.text_encoders, backbone.tokenizers, strict=True)
        ]
        backbone.add_words(self.placeholder, starts)
        self.vectors = [torch.nn.Parameter(start.float().clone()) for start in starts]
        for encoder, tokenizer, vectors in zip(backbone.text_encoders, backbone.tokenizers, self.vectors, strict=True):
            first = tokenizer.convert_tokens_to_ids(self.placeholder)
            encoder.get_input_embeddings().register_forward_hook(_splice(vectors, first))
        return [{"params": self.vectors, "lr": rate(self.settings.lr, lr)}]

    def _start(self, table: torch.Tensor, tokenizer: Any) -> torch.Tensor:
        """The initializer's rows, one after the other, as often as vectors ask for them."""
        ids = tokenizer(self.initializer, add_special_tokens=False).input_ids
        return table[[ids[i % len(ids)] for i in range(self.settings.vectors)]].detach()

    def save(self, backbone: Backbone, folder: Path) -> None:
        from safetensors.torch import save_file

        keys = backbone.embedding_keys or (self.placeholder,)
        learnt = [vectors.detach().cpu().contiguous() for vectors in self.vectors]
        save_file(dict(zip(keys, learnt, strict=True)), folder / WEIGHTS)

    def load(self, backbone: Backbone, folder: Path) -> None:
        from safetensors.torch import load_file

        learnt = load_file(folder / WEIGHTS)
        backbone.add_words(self.placeholder, [learnt[key] for key in backbone.embedding_keys or (self.placeholder,)])

    def read(self, attached: Backbone, folder: Path) -> None:
        from safetensors.torch import load_file

        learnt = load_file(folder / WEIGHTS)
        for key, vectors in zip(attached.embedding_keys or (self.placeholder,), self.vectors, strict=True):
            vectors.data.copy_(learnt[key])

    def alike(self) -> tuple[Any, ...]:
        return (self.settings.vectors,)

    def packed(self, backbone: Backbone, attached: Backbone, slots: int) -> PackedEmbedding:
        return PackedEmbedding(backbone, [vectors.shape for vectors in self.vectors], slots)


class PackedEmbedding(Packed):
    """Each arm's vectors stand where its placeholder is looked up, in the arm's own prompts and in no other's."""

    def __init__(self, backbone: Backbone, shapes: list[torch.Size], slots: int) -> None:
        import torch

        super().__init__(shapes, slots, backbone.denoiser.device)
        self.backbone = backbone
        self.hooks: list[Any] = []
        nowhere = [-len(encoder.get_input_embeddings().weight) for encoder in backbone.text_encoders]
        self.first = [torch.full((slots, 1), first, device=self.leaf.device) for first in nowhere]

    def seat(self, slot: int, adapter: Embedding) -> None:
        base = self.backbone
        if (
            adapter.placeholder not in base.tokenizers[0].get_vocab()
        ):  # another arm's too, if it learns the same subject
            base.add_words(adapter.placeholder, [self.leaf.new_zeros(shape) for shape in self.shapes])
        for first, tokenizer in zip(self.first, base.tokenizers, strict=True):
            first[slot] = tokenizer.convert_tokens_to_ids(adapter.placeholder)
        for hook in self.hooks:  # the tables may have been made anew
            hook.remove()
        tables = [encoder.get_input_embeddings() for encoder in base.text_encoders]
        self.hooks = [table.register_forward_hook(functools.partial(self._splice, i)) for i, table in enumerate(tables)]

    def use(self, dtype: torch.dtype | None = None) -> None:
        pieces = self.leaf.split(self.sizes, dim=1)
        self.vectors = [piece.view(-1, *shape) for piece, shape in zip(pieces, self.shapes, strict=True)]

    def _splice(self, encoder: int, module: Any, args: tuple[torch.Tensor], embedded: torch.Tensor) -> torch.Tensor:
        import torch

        vectors = self.vectors[encoder]
        slots, count = vectors.shape[:2]
        row = args[0].view(slots, -1) - self.first[encoder]
        ours = (row >= 0) & (row < count)
        slot = torch.arange(slots, device=row.device)[:, None]
        learnt = vectors[slot, row.clamp(0, count - 1)].to(embedded.dtype)
        return torch.where(ours.unsqueeze(-1), learnt, embedded.view_as(learnt)).view_as(embedded)


def _splice(vectors: torch.Tensor, first: int) -> Callable[..., torch.Tensor]:
    """A hook of an embedding table: the rows of the tokens from `first` on are `vectors`."""
    import torch

    def splice(module: Any, args: tuple[torch.Tensor], embedded: torch.Tensor) -> torch.Tensor:
        row = args[0] - first
        ours = (row >= 0) & (row < len(vectors))
        learnt = vectors[row.clamp(0, len(vectors) - 1)].to(embedded.dtype)
        return torch.where(ours.unsqueeze(-1), learnt, embedded)

    return splice
