"""From Hydra's overrides to checked settings: one cell, a grid, or a study. Nothing untyped travels past here."""

from __future__ import annotations

import copy
import itertools
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sdbench.conversion import convert, kinds
from sdbench.errors import UserError, nearest
from sdbench.settings import AVERAGE, Cell, one_of

ROOT = Path(__file__).resolve().parent.parent  # the checkout: conf/ and experiments/ stand beside the package
CONF = ROOT / "conf"
EXPERIMENTS = ROOT / "experiments"
SEVERAL = ("metric", "tracker")  # groups of which a cell may have more than one


@dataclass(frozen=True)
class StudyFile:
    """experiments/<study>/study.yaml. published: reference table in the same folder. select: metric that chooses.

    common: Hydra overrides of every cell. grid: each entry swept in Hydra's override syntax on top of `common`.
    """

    question: str
    published: str | None
    select: str
    common: list[str]
    grid: list[list[str]]


@dataclass(frozen=True)
class Study:
    """A question with its cells, each beside the overrides that make it."""

    name: str
    question: str
    published: str | None
    select: str
    cells: list[tuple[list[str], Cell]]


def compose_cell(overrides: Sequence[str]) -> Cell:
    """The one cell that `overrides` of conf/config.yaml mean. Raises UserError naming the key that is wrong."""
    return compose_cells([overrides])[0]


def compose_cells(points: Sequence[Sequence[str]]) -> list[Cell]:
    """As `compose_cell`, for many: what they have in common is parsed, composed and checked once."""
    with _hydra() as loader:
        composer = _Composer(loader)
        return [composer.cell(point) for point in points]


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """Every point of a grid in Hydra's sweep syntax, the last key varying fastest. Of a key said twice, the later."""
    with _hydra() as loader:
        parser = OverridesParser.create(config_loader=loader)
        axes = {o.get_key_element(): _values(o) for o in (_parse(text, parser) for text in overrides)}
    return [list(point) for point in itertools.product(*axes.values())]


def load_study(name: str, extra: Sequence[str] = (), experiments: Path = EXPERIMENTS) -> Study:
    """The study of experiments/<name>/study.yaml with its grid expanded; `extra` overrides hold for every cell."""
    path = experiments / name / "study.yaml"
    if not path.is_file():
        known = [p.parent.name for p in experiments.glob("*/study.yaml")]
        raise UserError(f"study {name!r}: there is no {path}{nearest(name, known)}")
    file = _study_file(path)
    if file.published is not None and not (path.parent / file.published).is_file():
        raise UserError(f"{path}: published table {file.published!r} is not in that folder; add it, or write null")
    points = [p for entry in file.grid for p in expand([*file.common, *entry, *extra, f"study={name}"])]
    if not points:
        raise UserError(f"{path}: grid is empty, so there is nothing to run; give an entry, e.g. - [method=lora]")
    cells = _cells(points)
    _check_select(file.select, f"{path}: select", cells)
    return Study(name, file.question, file.published, file.select, cells)


def scratch_study(overrides: Sequence[str], multirun: bool) -> Study:
    """The cells of one command line, under the name that the setting `study` gives."""
    points = expand(overrides)
    if len(points) > 1 and not multirun:
        raise UserError(f"{' '.join(overrides)} means {len(points)} cells; add -m to run them all")
    cells = _cells(points)
    names = sorted({cell.study for _, cell in cells})
    if len(names) > 1:
        raise UserError(f"study is swept over {', '.join(names)}; run each by itself")
    return Study(names[0], " ".join(overrides), None, _select(cells), cells)


def _select(cells: list[tuple[list[str], Cell]]) -> str:
    """What a command line's cells are chosen by: right logo and spelling where there are such, else the subject."""
    logo = all(c.subject.lettering and c.subject.detector and {"ocr", "yolo"} <= set(c.metrics) for _, c in cells)
    kinds = list(cells[0][1].metrics)
    return AVERAGE if logo or not kinds else "clip_image" if "clip_image" in kinds else kinds[0]


def _check_select(select: str, key: str, cells: list[tuple[list[str], Cell]]) -> None:
    """A kind of metric may give more scores than the one of its own name: `ocr` gives `ocr_edit`."""
    kinds = sorted({kind for _, cell in cells for kind in cell.metrics})
    if select != AVERAGE and not any(select == kind or select.startswith(f"{kind}_") for kind in kinds):
        raise UserError(f"{key} is {select!r}, which no metric of the study gives{nearest(select, [AVERAGE, *kinds])}")


def _study_file(path: Path) -> StudyFile:
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise UserError(f"{path} is not yaml: {' '.join(str(error).split())}; mend that line") from error
    try:
        file: StudyFile = convert(StudyFile, content, "")
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    return file


def _cells(points: list[list[str]]) -> list[tuple[list[str], Cell]]:
    """Points and their cells; where entries of a grid overlap, the cell stands once."""
    found: dict[str, tuple[list[str], Cell]] = {}
    for point, cell in zip(points, compose_cells(points), strict=True):
        found.setdefault(repr(cell), (point, cell))
    return list(found.values())


@contextmanager
def _hydra() -> Iterator[ConfigLoader]:
    if not CONF.is_dir():
        raise UserError(f"{CONF}: no such folder; run sdbench from a checkout, installed with `make install`")
    if GlobalHydra.instance().is_initialized():  # within a sweep, on this same conf/
        yield GlobalHydra.instance().config_loader()
        return
    with initialize_config_dir(str(CONF), version_base="1.3"):
        yield GlobalHydra.instance().config_loader()


def _parse(text: str, parser: OverridesParser) -> Override:
    try:
        (parsed,) = parser.parse_overrides([text])
    except HydraException as error:
        remedy = "write key=value, e.g. train.lr=1e-4, and quote values that hold spaces or signs"
        raise UserError(f"override {text!r} cannot be read; {remedy}") from error
    return parsed


def _values(override: Override) -> list[str]:
    """The override once for each value that it sweeps."""
    if not override.is_sweep_override():
        return [str(override.input_line)]
    if not override.is_discrete_sweep():
        raise UserError(f"{override.input_line} has no end of values; name them, e.g. with choice() or range()")
    values = [f"{override.get_key_element()}={value}" for value in override.sweep_string_iterator()]
    if not values:
        raise UserError(f"{override.input_line} matches nothing in conf/{override.key_or_group}/; widen the pattern")
    return values


class _Composer:
    """Points of a grid to cells. Hydra composes once (0.1 s) for each choice of groups, and OmegaConf resolves it.

    Values are then set on plain copies, unless an interpolation may hang on them: those are resolved with the groups.
    """

    def __init__(self, loader: ConfigLoader) -> None:
        self.loader, self.parser = loader, OverridesParser.create(config_loader=loader)
        self._overrides: dict[str, tuple[Override, bool]] = {}
        self._composed: dict[tuple[str, ...], tuple[DictConfig, dict[str, Any], set[str]]] = {}
        self._resolved: dict[tuple[str, ...], dict[str, Any]] = {}
        self._groups: dict[str, list[str]] = {}
        self._values: dict[str, Any] = {}
        self._sections: dict[tuple[str, int], tuple[Any, Any]] = {}

    def cell(self, point: Sequence[str]) -> Cell:
        read = [(text, *self._read(text)) for text in point]
        shape = tuple(text for text, _, shapes in read if shapes)
        if shape not in self._composed:
            config = _compose(list(shape))
            plain: Any = OmegaConf.to_container(config)
            self._composed[shape] = config, plain, set(re.findall(r"(\w+)\}", repr(plain)))
        config, plain, referred = self._composed[shape]
        values = [(text, override) for text, override, shapes in read if not shapes]
        simple = [o for _, o in values if _is_simple(o, plain, referred)]
        rest = [(text, o) for text, o in values if not _is_simple(o, plain, referred)]
        fixed = (*shape, "", *(text for text, _ in rest))
        if fixed not in self._resolved:
            together = _set(copy.deepcopy(config), [override for _, override in rest])
            if _unset(OmegaConf.to_container(together), ""):
                return self._checked(_resolve(_set(together, simple)))
            self._resolved[fixed] = _resolve(together)
        resolved = self._resolved[fixed]
        for override in simple:
            resolved = _replaced(resolved, override.key_or_group.split("."), self._value(override))
        return self._checked(resolved)

    def _read(self, text: str) -> tuple[Override, bool]:
        """The override, and whether it is Hydra's to compose: groups, and whatever adds or deletes."""
        if text not in self._overrides:
            override = _parse(text, self.parser)
            options = self._options(override.key_or_group)
            shapes = bool(options) or override.type is not OverrideType.CHANGE or override.is_hydra_override()
            if shapes:
                _check_options(override, options)
            self._overrides[text] = override, shapes
        return self._overrides[text]

    def _options(self, key: str) -> list[str]:
        if key not in self._groups:
            self._groups[key] = self.loader.get_group_options(key)
        return self._groups[key]

    def _value(self, override: Override) -> Any:
        """What it sets, as plain Python; cells that set the same share it."""
        text = str(override.input_line)
        if text not in self._values:
            plain: Any = OmegaConf.to_container(OmegaConf.create({"value": override.value()}))
            self._values[text] = plain["value"]
        return self._values[text]

    def _checked(self, plain: dict[str, Any]) -> Cell:
        hints = _HINTS
        if set(plain) != set(hints):
            convert(Cell, plain, "")  # which says what is wrong
        cell = Cell(**{name: self._section(name, hints[name], plain[name]) for name in hints})
        _check(cell)
        return cell

    def _section(self, name: str, wanted: Any, value: Any) -> Any:
        """Converted once; cells that did not change it share it. The value is kept, so that its id stays its own."""
        known = (name, id(value))
        if known not in self._sections:
            self._sections[known] = convert(wanted, value, name), value
        return self._sections[known][0]


def _is_simple(override: Override, plain: dict[str, Any], referred: set[str]) -> bool:
    """Whether setting it on the resolved config means the same as setting it before: a leaf that is there already."""
    node: Any = plain
    path = override.key_or_group.split(".")
    for name in path:
        node = node.get(name, _ABSENT) if isinstance(node, dict) else _ABSENT
    leaf = node is not _ABSENT and not isinstance(node, dict)
    return (
        leaf and not referred & set(path) and "$" not in str(override.input_line) and not override.is_sweep_override()
    )


_ABSENT = object()
_HINTS = get_type_hints(Cell)


def _replaced(plain: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """`plain` with one value replaced; what the path does not touch is shared."""
    inner = _replaced(plain[path[0]], path[1:], value) if path[1:] else value
    return {**plain, path[0]: inner}


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


def _set(config: DictConfig, values: list[Override]) -> DictConfig:
    """`config` with the values in place. Keys it does not have are let in: the strict conversion names them."""
    for override in values:
        key = override.key_or_group
        if "." not in key and key not in config:
            homes = [f"{home!s}.{key}" for home, node in config.items() if isinstance(node, Mapping) and key in node]
            groups = [folder.name for folder in CONF.iterdir() if folder.is_dir()]
            hint = nearest(homes[0], homes) if homes else nearest(key, [*map(str, config), *groups])
            raise UserError(f"{key} is not a setting{hint}")
        if override.is_sweep_override():
            raise UserError(f"{override.input_line} means several cells where one is wanted; name one value")
        OmegaConf.update(config, key, override.value(), merge=True, force_add=True)
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


def _check(cell: Cell) -> None:
    one_of("model.family", cell.model.family, kinds("sdbench.backbones"))
    one_of("device", cell.device.split(":")[0], ("auto", "cpu", "cuda", "mps"))
    if not re.fullmatch(r"[\w-][\w.-]*", cell.study):
        raise UserError(f"study is {cell.study!r}; it names a folder: use letters, digits, '_', '-' and '.'")
    _check_templates("prompts.templates", cell.prompts.templates)
    _check_templates("method.templates", cell.method.templates)
    _check_templates("method.instance_prompt", [cell.method.instance_prompt])


def _unset(plain: Any, key: str) -> list[str]:
    """Dotted keys that hold `???`; OmegaConf's own list stops at an interpolation of one."""
    if isinstance(plain, dict):
        return [found for name, v in plain.items() for found in _unset(v, f"{key}.{name}" if key else str(name))]
    return [key] if plain == "???" else []


def _check_templates(key: str, templates: list[str]) -> None:
    """Templates may name `{subject}` and nothing else."""
    for template in templates:
        try:
            fields = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        except ValueError:
            fields = {template}
        if fields - {"subject"}:
            raise UserError(f"{key} has {template!r}; the only placeholder a prompt may hold is {{subject}}")
