"""Plain mappings, as yaml gives them, into frozen dataclasses: strictly, so that a mistyped key is never ignored."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import importlib.util
import math
import pkgutil
import types
from typing import Any, get_args, get_origin, get_type_hints

from sdbench.errors import UserError, nearest

# Where a setting maps kinds to their own settings, the kind is a module of this package, and holds `Settings`.
PACKAGES = {"metrics": "sdbench.metrics", "method.adapters": "sdbench.adapters", "tracker": "sdbench.trackers"}
WANTED = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text (quote it if it looks like a number)",
    list: "a list, e.g. [0,1]",
    dict: "a mapping of settings",
}


def convert(wanted: Any, value: Any, key: str) -> Any:
    """`value` as the type `wanted`: a dataclass, a scalar, `list[...]`, `... | None`, `dict[str, <dataclass>]`, or
    `dict[str, Any]` of kinds.

    An int is fine where a float is wanted, and so is its text; nan and inf are not. Raises UserError naming the full
    dotted `key`.
    """
    if isinstance(wanted, types.UnionType):
        (inner,) = (t for t in get_args(wanted) if t is not types.NoneType)
        return None if value is None else convert(inner, value, key)
    if dataclasses.is_dataclass(wanted):
        return _dataclass(wanted, value, key)
    if get_origin(wanted) is list:
        (inner,) = get_args(wanted)
        return [convert(inner, item, f"{key}[{i}]") for i, item in enumerate(_checked(list, value, key))]
    if get_origin(wanted) is dict and get_args(wanted)[1] is not Any:
        inner = get_args(wanted)[1]
        return {name: convert(inner, item, f"{key}.{name}") for name, item in _checked(dict, value, key).items()}
    if get_origin(wanted) is dict:
        return {kind: _kind(PACKAGES[key], kind, v, f"{key}.{kind}") for kind, v in _checked(dict, value, key).items()}
    return _number(value, key) if wanted is float else _checked(wanted, value, key)


@functools.cache
def kinds(package: str) -> tuple[str, ...]:
    """The kinds a package has: its modules but for `base`, found without importing them."""
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return tuple(m.name for m in pkgutil.iter_modules(places or []) if m.name != "base")


@functools.cache
def types_of(wanted: type) -> dict[str, Any]:
    """The settings of a dataclass and their types; reading them costs more than converting a value."""
    hints = get_type_hints(wanted)
    return {field.name: hints[field.name] for field in dataclasses.fields(wanted)}


def _dataclass(wanted: Any, value: Any, key: str) -> Any:
    hints = types_of(wanted)
    dotted = f"{key}." if key else ""
    for name in _checked(dict, value, key):
        if name not in hints:
            hint = nearest(f"{dotted}{name}", [dotted + known for known in hints])
            raise UserError(f"{dotted}{name} is not a setting{hint}")
    for name in hints:
        if name not in value:
            raise UserError(f"{dotted}{name} is missing; set it, e.g. {dotted}{name}=...")
    return wanted(**{name: convert(hint, value[name], dotted + name) for name, hint in hints.items()})


def _kind(package: str, kind: str, value: Any, key: str) -> Any:
    if kind not in kinds(package):
        raise UserError(f"{key}: {package} has no module {kind!r}{nearest(kind, kinds(package))}")
    return _dataclass(importlib.import_module(f"{package}.{kind}").Settings, value, key)


def _checked(wanted: type, value: Any, key: str) -> Any:
    if type(value) is not wanted:
        raise UserError(f"{key or 'the file'} is {value!r}; it must be {WANTED[wanted]}")
    return value


def _number(value: Any, key: str) -> float:
    if type(value) not in (int, float, str):
        return float(_checked(float, value, key))
    try:
        number = float(value)
    except ValueError:
        raise UserError(f"{key} is {value!r}; it must be {WANTED[float]}") from None
    if not math.isfinite(number):
        raise UserError(f"{key} is {value!r}; it must be finite: for no limit write a large number, e.g. 1e9")
    return number
