"""Base model families, one file each, behind the face in `base`."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
from types import ModuleType

from sdbench.backbones.base import Backbone as Backbone
from sdbench.backbones.base import folder
from sdbench.errors import UserError, nearest
from sdbench.needs import Hub, Need
from sdbench.settings import ModelSettings

UNREAD = ("safety_checker", "feature_extractor", "image_encoder")  # of a pipeline's folders: no family loads them


def load(settings: ModelSettings, device: str, identity: str = "") -> Backbone:
    """The base model of `settings` on `device`; a process reads the last one's weights once.

    identity: of the weights; where they changed meanwhile they are read again. Its modules may be changed and its
    weights replaced at will, but on the CPU all copies read the same: who writes into weights has them `owned` before.
    """
    return _pristine(settings, identity).fresh(device)


def needs(settings: ModelSettings) -> list[Need]:
    """What must be on the machine; nothing where the path is a folder. Imports no torch.

    A family that reads other parts has a `needs(settings)` of its own. Raises UserError for a family that is none.
    """
    own = getattr(_family(settings.family), "needs", None)
    if own is not None:
        return list(own(settings))
    return [] if folder(settings) else [Hub(settings.path, settings.revision, "diffusers", settings.dtype, UNREAD)]


def words_by_hand(settings: ModelSettings) -> bool:
    """Whether diffusers has no loader of learnt words for the family's pipeline. Imports no torch."""
    return getattr(_family(settings.family), "WORDS_BY_HAND", False)


@functools.lru_cache(maxsize=1)
def _pristine(settings: ModelSettings, identity: str) -> Backbone:
    """In main memory, never changed: an accelerator holds but the copy in use."""
    backbone: Backbone = _family(settings.family).load(settings)
    return backbone


def _family(name: str) -> ModuleType:
    if importlib.util.find_spec(f"{__name__}.{name}") is None:
        families = [m.name for m in pkgutil.iter_modules(__path__) if m.name != "base"]
        raise UserError(f"model.family {name!r} is not known{nearest(name, families)}")
    return importlib.import_module(f"{__name__}.{name}")
