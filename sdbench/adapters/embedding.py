"""New words only: one or more token embeddings learn (Textual Inversion, arXiv 2208.01618), all else stays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench.adapters.base import Adapter, rate
from sdbench.backbones.base import Backbone
from sdbench.settings import positive
from sdbench.subjects import Subject

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
    placeholder = f"<{'_'.join(subject.identifier.split())}>"
    return Embedding(settings, placeholder, settings.initializer or subject.class_words)


class Embedding(Adapter):
    """Saved as diffusers' script does, {placeholder: (vectors, width)}: `pipeline.load_textual_inversion(folder)`.

    The vectors are a leaf of their own, put in place of the placeholder's rows as these are looked up, so the
    embedding table itself is never an optimizer's business.
    """

    trains_text = True
    adds_tokens = True

    def __init__(self, settings: Settings, placeholder: str, initializer: str) -> None:
        self.settings, self.placeholder, self.initializer = settings, placeholder, initializer

    def words(self, identifier: str) -> str:
        return self.placeholder

    def attach(self, backbone: Backbone, lr: float) -> list[dict[str, Any]]:
        import torch

        encoder, tokenizer = backbone.text_encoders[0], backbone.pipeline.tokenizer
        table = encoder.get_input_embeddings()
        ids = tokenizer(self.initializer, add_special_tokens=False).input_ids
        start = torch.stack([table.weight[ids[i % len(ids)]] for i in range(self.settings.vectors)]).detach()
        self._add_tokens(backbone, start)
        self.vectors = torch.nn.Parameter(start.float().clone())
        first = tokenizer.convert_tokens_to_ids(self.placeholder)

        def splice(module: Any, args: tuple[torch.Tensor], embedded: torch.Tensor) -> torch.Tensor:
            row = args[0] - first
            ours = (row >= 0) & (row < len(self.vectors))
            learnt = self.vectors[row.clamp(0, len(self.vectors) - 1)].to(embedded.dtype)
            return torch.where(ours.unsqueeze(-1), learnt, embedded)

        encoder.get_input_embeddings().register_forward_hook(splice)
        return [{"params": [self.vectors], "lr": rate(self.settings.lr, lr)}]

    def _add_tokens(self, backbone: Backbone, vectors: Any) -> None:
        backbone.pipeline.load_textual_inversion({self.placeholder: vectors})
        for encoder in backbone.text_encoders:
            encoder.get_input_embeddings().weight.requires_grad_(False)  # a new parameter, made larger

    def save(self, backbone: Backbone, folder: Path) -> None:
        from safetensors.torch import save_file

        save_file({self.placeholder: self.vectors.detach().cpu().contiguous()}, folder / WEIGHTS)

    def load(self, backbone: Backbone, folder: Path) -> None:
        from safetensors.torch import load_file

        self._add_tokens(backbone, load_file(folder / WEIGHTS)[self.placeholder])
