"""What has to be on a machine before a model or a metric can run, said by whoever reads it. Plain data, never torch."""

from __future__ import annotations

from dataclasses import dataclass

LAYOUTS = {
    "diffusers": "model_index.json", "transformers": "config.json", "tokenizer": "tokenizer_config.json",
    "open_clip": "open_clip_config.json", "open_clip_hub": "open_clip_config.json",
}  # fmt: skip


@dataclass(frozen=True)
class Hub:
    """A repository of the hub, of which the files that its loader reads are needed.

    layout: how they lie there, a key of LAYOUTS, whose value is the file that says what it is; of open_clip's it is
    read for its weights alone (`open_clip`) or, by its own name, words and all (`open_clip_hub`). revision: null: the
    repository's default branch. dtype: of a diffusers model, which half-precision files serve where it is float16.
    unread: folders of a diffusers model that are never loaded.
    """

    repo: str
    revision: str | None
    layout: str
    dtype: str = "float32"
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tool:
    """A program, a package, or weights that only a person can bring.

    why: it cannot be used, with the remedy; None where it can.
    """

    name: str
    why: str | None


Need = Hub | Tool
