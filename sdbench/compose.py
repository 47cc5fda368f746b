"""Points of a grid to cells: each as if Hydra composed it by itself, at a thousandth of the price.

Hydra takes 0.1 s for a cell. So it composes once for each choice of groups; OmegaConf resolves that once for each set
of values that interpolations may hang on; the other values are put into plain sections, each converted once.
"""

from __future__ import annotations

import copy
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hydra import compose
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sdbench.conversion import convert, kinds, types_of
from sdbench.errors import UserError, nearest
from sdbench.settings import Cell, one_of

SEVERAL = ("metric", "tracker")  # groups of which a cell may have more than one
KeyPath = tuple[str, ...]  # ("train", "lr")


@dataclass(frozen=True, eq=False)  # there is one for each text, so `in` may go by identity
class _Said:
    """An override, parsed. group: it chooses files of conf/, or is Hydra's own. edit: it adds or deletes a key."""

    text: str
    override: Override
    path: KeyPath
    group: bool
    edit: bool
    value: Any


class Composer:
    """What the cells of a grid have in common is parsed, composed, resolved and converted once."""

    def __init__(self, loader: ConfigLoader) -> None:
        self.loader, self.parser = loader, OverridesParser.create(config_loader=loader)
        self.said: dict[str, _Said] = {}
        self.options: dict[str, list[str]] = {}
        self.bases: dict[tuple[str, ...], _Base] = {}

    def cell(self, point: Sequence[str]) -> Cell:
        """The cell that Hydra would compose. Raises UserError naming the key that is wrong."""
        said = [self._read(text) for text in point]
        edits = {one.path for one in said if one.edit}
        # A value of a key that is added or deleted too is Hydra's as well, as between the two the order counts; and so
        # are, where that value is a whole section, the other values inside of it.
        edits |= {one.path for one in said if not one.group and _meets(one.path, edits)}
        values = [one for one in said if not (one.group or _meets(one.path, edits))]
        shape = tuple(one.text for one in said if one not in values) if len(values) < len(said) else ()
        if shape not in self.bases:
            self.bases[shape] = _Base(list(shape))
        return self.bases[shape].cell(values)

    def _read(self, text: str) -> _Said:
        if text not in self.said:
            override = parse(text, self.parser)
            key = override.key_or_group
            if key not in self.options:
                self.options[key] = self.loader.get_group_options(key)
            _check_options(override, self.options[key])
            group = bool(self.options[key]) or override.is_hydra_override()
            edit = not group and override.type is not OverrideType.CHANGE
            self.said[text] = _Said(text, override, tuple(key.split(".")), group, edit, override.value())
        return self.said[text]


class _Base:
    """What Hydra makes of one choice of groups, additions and deletions: the ground that values are set on."""

    def __init__(self, shape: list[str]) -> None:
        self.config = _compose(shape)
        self.plain: Any = OmegaConf.to_container(self.config)
        self.referred = set(_references(self.plain))
        self.free: dict[str, bool] = {}
        self.resolved: dict[tuple[str, ...], _Resolved] = {}

    def cell(self, values: list[_Said]) -> Cell:
        bound = self._bound(values)
        key = tuple(one.text for one in bound)
        if key not in self.resolved:
            self.resolved[key] = _Resolved(_resolve(_set(copy.deepcopy(self.config), bound)))
        return self.resolved[key].cell([one for one in values if one not in bound] if bound else values)

    def _bound(self, values: list[_Said]) -> list[_Said]:
        """Those to set before resolving: whatever is not free, and whatever those overlap with or refer to."""
        bound = [one for one in values if not self._is_free(one)]
        if not bound:
            return []
        held = {one.path for one in bound} | {path for one in bound for path in _references(one.value, one.path)}
        return [one for one in values if one in bound or _meets(one.path, held)]

    def _is_free(self, one: _Said) -> bool:
        """Whether setting it after resolving means the same: a plain value for a plain leaf that nothing refers to."""
        if one.text not in self.free:
            leaf: Any = self.plain
            for name in one.path:
                leaf = leaf.get(name, "???") if isinstance(leaf, dict) else "???"
            hangs = any(mark in f"{leaf!r} {one.text}" for mark in ("???", "$"))
            bound = hangs or isinstance(leaf, dict) or one.override.is_sweep_override()
            self.free[one.text] = not bound and not _meets(one.path, self.referred)
        return self.free[one.text]


class _Resolved:
    """A config without interpolations. Cells that set the same values in a section share that section."""

    def __init__(self, plain: dict[str, Any]) -> None:
        self.plain = plain
        self.sections: dict[tuple[str, ...], Any] = {}
        if set(plain) != set(types_of(Cell)):
            convert(Cell, plain, "")  # which says what is wrong

    def cell(self, values: list[_Said]) -> Cell:
        inside: dict[str, list[_Said]] = {}
        for one in values:
            inside.setdefault(one.path[0], []).append(one)
        cell = Cell(**{name: self._section(name, inside.get(name, [])) for name in types_of(Cell)})
        _check(cell)
        return cell

    def _section(self, name: str, values: list[_Said]) -> Any:
        key = (name, *(one.text for one in values))
        if key not in self.sections:
            plain = self.plain[name]
            for one in values:
                plain = _replaced(plain, one.path[1:], one.value)
            self.sections[key] = convert(types_of(Cell)[name], plain, name)
        return self.sections[key]


def parse(text: str, parser: OverridesParser) -> Override:
    try:
        (parsed,) = parser.parse_overrides([text])
    except HydraException as error:
        remedy = "write key=value, e.g. train.lr=1e-4, and quote values that hold spaces or signs"
        raise UserError(f"override {text!r} cannot be read; {remedy}") from error
    return parsed


def _meets(path: KeyPath, others: set[KeyPath]) -> bool:
    """Whether one of the others is the path's own key, lies inside of it, or holds it."""
    return any(all(a == b for a, b in zip(path, other, strict=False)) for other in others)


def _references(node: Any, place: KeyPath = ()) -> Iterator[KeyPath]:
    """The keys that interpolations below `node` name; the empty path, which meets all, where that cannot be told."""
    if isinstance(node, dict | list):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _references(inner, (*place, str(key)))
    elif isinstance(node, str):
        for name in re.findall(r"\$\{([^}]*)", node):
            dots = len(name) - len(name.lstrip("."))
            plain = re.fullmatch(r"[\w-]+(\.[\w-]+)*", name[dots:])  # and not a resolver, an index, or one in another
            yield (*(place[:-dots] if dots else ()), *name[dots:].split(".")) if plain else ()


def _replaced(plain: Any, path: KeyPath, value: Any) -> Any:
    """`plain` with one value replaced; what the path does not touch is shared."""
    return {**plain, path[0]: _replaced(plain[path[0]], path[1:], value)} if path else value


def _check_options(override: Override, options: list[str]) -> None:
    if not options or override.is_delete():
        return
    chosen = override.value()
    if isinstance(chosen, list) and override.key_or_group not in SEVERAL:
        raise UserError(f"{override.input_line}: {override.key_or_group} takes one; write a yaml for a combination")
    for option in chosen if isinstance(chosen, list) else [chosen]:
        if option not in options:
            missing = f"conf/{override.key_or_group}/{option}.yaml"
            raise UserError(f"{override.input_line}: there is no {missing}{nearest(str(option), options)}")


def _compose(shape: list[str]) -> DictConfig:
    try:
        return compose("config", overrides=shape)
    except (HydraException, OmegaConfBaseException) as error:
        raise UserError(f"{' '.join(shape)}: {str(error).splitlines()[0]}; see conf/ for what is there") from error


def _set(config: DictConfig, values: list[_Said]) -> DictConfig:
    """`config` with the values in place. Keys it does not have are let in: the strict conversion names them."""
    for one in values:
        key = one.override.key_or_group
        if "." not in key and key not in config:
            homes = [f"{home!s}.{key}" for home, node in config.items() if isinstance(node, Mapping) and key in node]
            groups = GlobalHydra.instance().config_loader().list_groups("")
            hint = nearest(homes[0], homes) if homes else nearest(key, [*map(str, config), *groups])
            raise UserError(f"{key} is not a setting{hint}")
        if one.override.is_sweep_override():
            raise UserError(f"{one.text} means several cells where one is wanted; name one value")
        try:
            OmegaConf.update(config, key, one.value, merge=True, force_add=True)
        except (OmegaConfBaseException, ValueError) as error:  # ValueError: an index into a list that is no number
            raise UserError(f"{one.text} cannot be set: {str(error).splitlines()[0]}; mend that value") from error
    return config


def _resolve(config: DictConfig) -> dict[str, Any]:
    unset = sorted(_unset(OmegaConf.to_container(config), ""))
    if unset:
        raise UserError(f"no value for {', '.join(unset)}; set it, e.g. {unset[0]}=...")
    try:
        plain: Any = OmegaConf.to_container(config, resolve=True)
    except OmegaConfBaseException as error:
        raise UserError(f"{error.full_key}: {str(error).splitlines()[0]}; mend that value") from error
    return dict(plain)


def _unset(plain: Any, key: str) -> list[str]:
    """Dotted keys that hold `???`; OmegaConf's own list stops at an interpolation of one."""
    if isinstance(plain, dict):
        return [found for name, v in plain.items() for found in _unset(v, f"{key}.{name}" if key else str(name))]
    return [key] if plain == "???" else []


def _check(cell: Cell) -> None:
    one_of("model.family", cell.model.family, kinds("sdbench.backbones"))
    _check_samplers(cell)
    one_of("device", cell.device.split(":")[0], ("auto", "cpu", "cuda", "mps"))
    if not re.fullmatch(r"[\w-][\w.-]*", cell.study):
        raise UserError(f"study is {cell.study!r}; it names a folder: use letters, digits, '_', '-' and '.'")
    for template in cell.prompts.templates:
        if "{subject}" not in template:
            raise UserError(f"prompts.templates has {template!r}, which lacks {{subject}}; put it in its place")


def _check_samplers(cell: Cell) -> None:
    """Those that draw, against the family's `SAMPLERS`."""
    valid = importlib.import_module(f"sdbench.backbones.{cell.model.family}").SAMPLERS
    prior = {"method.prior.sampler": cell.method.prior.sampler} if cell.method.prior else {}
    for key, sampler in {"sampler": cell.sampler, **prior}.items():
        if sampler.scheduler not in valid:
            raise UserError(
                f"{key}.scheduler {sampler.scheduler!r} cannot draw from model {cell.model.name!r}; "
                f"take {' or '.join(valid)}, or leave {key} as the model has it"
            )
