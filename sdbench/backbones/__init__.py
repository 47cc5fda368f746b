"""Base model families, one file each, behind the face in `base`."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil

from sdbench.backbones.base import Backbone as Backbone
from sdbench.errors import UserError, nearest
from sdbench.settings import ModelSettings


def load(settings: ModelSettings, device: str, identity: str = "") -> Backbone:
    """The base model of `settings` on `device`, to change at will; a process reads the last one's weights once.

    identity: of the weights; where they changed meanwhile they are read again.
    """
    return _pristine(settings, identity).fresh(device)


@functools.lru_cache(maxsize=1)
def _pristine(settings: ModelSettings, identity: str) -> Backbone:
    """In main memory, never changed: an accelerator holds but the copy in use."""
    if importlib.util.find_spec(f"{__name__}.{settings.family}") is None:
        families = [m.name for m in pkgutil.iter_modules(__path__) if m.name != "base"]
        raise UserError(f"model.family {settings.family!r} is not known{nearest(settings.family, families)}")
    backbone: Backbone = importlib.import_module(f"{__name__}.{settings.family}").load(settings)
    return backbone
