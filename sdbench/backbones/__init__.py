"""Base model families, one file each, behind the face in `base`."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

from sdbench.backbones.base import Backbone as Backbone
from sdbench.errors import UserError, nearest
from sdbench.settings import ModelSettings


def load(settings: ModelSettings, device: str) -> Backbone:
    """The base model of `settings`, fresh from its weights, on `device`."""
    if importlib.util.find_spec(f"{__name__}.{settings.family}") is None:
        families = [m.name for m in pkgutil.iter_modules(__path__) if m.name != "base"]
        raise UserError(f"model.family {settings.family!r} is not known{nearest(settings.family, families)}")
    module = importlib.import_module(f"{__name__}.{settings.family}")
    backbone: Backbone = module.load(settings, device)
    return backbone
