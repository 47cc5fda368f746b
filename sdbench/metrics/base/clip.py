"""An open_clip model as a judge: images and texts in, unit vectors out; each image is encoded once a process."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sdbench.errors import UserError, nearest
from sdbench.metrics.base.encoder import Encoder, NotHere, batches, folder
from sdbench.needs import Hub, Need


@dataclass(frozen=True)
class Settings:
    """Of every metric that a CLIP judges.

    model: a folder in open_clip's format (`bundled:clip`) or a name open_clip knows. pretrained: whose weights.
    batch_size: images encoded at once. device: cpu, cuda, mps or auto.
    """

    model: str
    pretrained: str | None
    batch_size: int
    device: str


class Clip(Encoder):
    """Its image and its text encoder."""

    preprocessing = "the model's own"

    def __init__(self, model: str, pretrained: str | None, batch_size: int, device: str) -> None:
        super().__init__(batch_size, device)
        self.model, self.pretrained = model, pretrained
        self.title = f"CLIP {model}" + (f" ({pretrained})" if pretrained else "")
        self.folder = folder(model)

    def check(self) -> None:
        """Raises UserError for names that open_clip does not know."""
        if self.folder is None:
            _check_known(self.model, self.pretrained)

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        """Whose judgement it is: weights, versions and what else decides the last bits."""
        weights: Any = [self.model, self.pretrained]
        if self.folder is not None:
            weights = identity(self.folder)
        elif self.pretrained and Path(self.pretrained).expanduser().is_file():
            weights = [self.model, identity(Path(self.pretrained).expanduser())]
        versions = {name: version(name) for name in ("open_clip_torch", "torch")}
        return {"weights": weights, "device": self.device, **versions}

    def needs(self) -> list[Need]:
        """Imports open_clip for a name: it knows where the weights of a tag are. Raises UserError as `check`."""
        self.check()
        return [] if self.folder is not None else _of_name(self.model, self.pretrained)

    def pixels(self, image: Image.Image) -> np.ndarray:
        return np.asarray(self.loaded[1](image).numpy())

    def vectors(self, pixels: np.ndarray) -> np.ndarray:
        import torch

        with torch.inference_mode():
            vectors = self.loaded[0].encode_image(torch.from_numpy(pixels).to(self.device), normalize=True)
        return np.asarray(vectors.float().cpu().numpy())

    def texts(self, texts: list[str]) -> np.ndarray:
        """(n, d) unit vectors of texts; what is longer than the model's context is cut off."""
        distinct = list(dict.fromkeys(texts))
        vectors: list[np.ndarray] = []
        for batch in batches(distinct, self.batch_size):
            vectors += list(self._encode_texts(batch))
        known = dict(zip(distinct, vectors, strict=True))
        return np.stack([known[text] for text in texts])

    def _encode_texts(self, texts: list[str]) -> np.ndarray:
        import torch

        model, _, tokenize = self.loaded
        ids = tokenize(texts + texts[-1:] * (self.batch_size - len(texts)))
        with torch.inference_mode():
            vectors = model.encode_text(ids.to(self.device), normalize=True)
        return vectors[: len(texts)].float().cpu().numpy()

    def load(self) -> tuple[Any, Any, Any]:
        import open_clip

        name = f"local-dir:{self.folder}" if self.folder else self.model
        pretrained = None if self.folder else self.pretrained
        try:
            model, _, transform = open_clip.create_model_and_transforms(name, pretrained, device=self.device)
            return model.eval(), transform, open_clip.get_tokenizer(name)
        except (OSError, RuntimeError, ValueError) as error:  # open_clip's, for no network, no such name, broken files
            said = str(error).splitlines()[0]
            remedy = "fetch them once with network, or set model=bundled:clip or a folder in open_clip's format"
            broken = NotHere if self.folder is None else UserError
            raise broken(
                f"the weights of CLIP {self.model!r} ({pretrained}) cannot be had: {said}; {remedy}"
            ) from error


@functools.cache
def load(model: str, pretrained: str | None, batch_size: int, device: str) -> Clip:
    """The one `Clip` of these settings in this process: metrics that agree on them share it and what it has seen."""
    return Clip(model, pretrained, batch_size, device)


def _of_name(model: str, pretrained: str | None) -> list[Need]:
    """The repositories of a name and a tag: of the weights, and of the tokenizer where open_clip has none of its own.

    Raises UserError for a tag whose weights are on no hub.
    """
    import open_clip

    if model.startswith("hf-hub:"):
        return [Hub(model.removeprefix("hf-hub:"), None, "open_clip_hub")]
    words = open_clip.get_model_config(model)["text_cfg"].get("hf_tokenizer_name")
    needed: list[Need] = [Hub(words, None, "tokenizer")] if words else []
    if pretrained and Path(pretrained).expanduser().is_file():
        return needed
    repo = open_clip.get_pretrained_cfg(model, str(pretrained)).get("hf_hub", "").rpartition("/")[0]
    if not repo:
        raise UserError(f"CLIP {model} ({pretrained}) is on no hub; set pretrained=... to a tag that is, or to a file")
    return [*needed, Hub(repo, None, "open_clip")]


def _check_known(model: str, pretrained: str | None) -> None:
    """Raises UserError for a name that open_clip does not know; `hf-hub:` names are the hub's to know."""
    import open_clip

    if model.startswith("hf-hub:"):
        return
    names = open_clip.list_models()
    if model not in names:
        raise UserError(f"CLIP model {model!r} is neither a folder nor known to open_clip{nearest(model, names)}")
    tags = open_clip.list_pretrained_tags_by_model(model)
    if pretrained not in tags and not (pretrained and Path(pretrained).expanduser().is_file()):
        raise UserError(f"pretrained {pretrained!r} is no weights of CLIP {model}{nearest(str(pretrained), tags)}")
