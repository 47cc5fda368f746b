"""From Hydra's overrides to checked settings: one cell, a grid, or a study. Nothing untyped travels past here."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sdbench.compose import Composer, parse
from sdbench.conversion import convert
from sdbench.errors import UserError, nearest
from sdbench.settings import AVERAGE, Cell

ROOT = Path(__file__).resolve().parent.parent  # the checkout: conf/ and experiments/ stand beside the package
CONF = ROOT / "conf"
EXPERIMENTS = ROOT / "experiments"


@dataclass(frozen=True)
class StudyFile:
    """experiments/<study>/study.yaml. published: reference table in the same folder. select: metric that chooses.

    common: Hydra overrides of every cell. grid: each entry swept in Hydra's override syntax on top of `common`.
    grids: base model -> the grid in its stead, as learning rates do not carry over from one to another; {} if absent.
    tables: table of sdbench.studies -> published table beside it, in the same folder, or null; {} if absent.
    """

    question: str
    published: str | None
    select: str
    common: list[str]
    grid: list[list[str]]
    grids: dict[str, list[list[str]]]
    tables: dict[str, str | None]


@dataclass(frozen=True)
class Study:
    """A question with its cells, each beside the overrides that make it."""

    name: str
    question: str
    published: str | None
    select: str
    tables: dict[str, str | None]
    cells: list[tuple[list[str], Cell]]


def compose_cell(overrides: Sequence[str]) -> Cell:
    """The one cell that `overrides` of conf/config.yaml mean. Raises UserError naming the key that is wrong."""
    return compose_cells([overrides])[0]


def compose_cells(points: Sequence[Sequence[str]]) -> list[Cell]:
    """As `compose_cell`, for many: what they have in common is parsed, composed and checked once."""
    with _hydra() as loader:
        composer = Composer(loader)
        return [composer.cell(point) for point in points]


def compose_file(name: str, overrides: Sequence[str]) -> dict[str, Any]:
    """conf/<name>.yaml with `overrides`, as plain values to be checked. Raises UserError naming the key."""
    with _hydra():
        try:
            plain: Any = OmegaConf.to_container(compose(name, overrides=list(overrides)), resolve=True)
        except (HydraException, OmegaConfBaseException) as error:
            said = f"{' '.join(overrides)}: {str(error).splitlines()[0]}"
            raise UserError(f"{said}; see {CONF.name}/{name}.yaml for what is there") from error
    return dict(plain)


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """Every point of a grid in Hydra's sweep syntax, the last key varying fastest. Of a key said twice, the later."""
    with _hydra() as loader:
        parser = OverridesParser.create(config_loader=loader)
        axes = {o.get_key_element(): _values(o) for o in (parse(text, parser) for text in overrides)}
    return [list(point) for point in itertools.product(*axes.values())]


def load_study(name: str, extra: Sequence[str] = (), experiments: Path = EXPERIMENTS) -> Study:
    """The study of experiments/<name>/study.yaml with its grid expanded; `extra` overrides hold for every cell."""
    path = experiments / name / "study.yaml"
    if not path.is_file():
        known = [p.parent.name for p in experiments.glob("*/study.yaml")]
        raise UserError(f"study {name!r}: there is no {path}{nearest(name, known)}")
    file = _study_file(path)
    for published in (file.published, *file.tables.values()):
        if published is not None and not (path.parent / published).is_file():
            raise UserError(f"{path}: published table {published!r} is not in that folder; add it, or write null")
    model = next((word.removeprefix("model=") for word in reversed(extra) if word.startswith("model=")), "")
    grid = file.grids.get(model, file.grid)
    points = [p for entry in grid for p in expand([*file.common, *entry, *extra, f"study={name}"])]
    if not points:
        raise UserError(f"{path}: grid is empty, so there is nothing to run; give an entry, e.g. - [method=lora]")
    cells = _cells(points)
    _check_select(file.select, f"{path}: select", cells)
    return Study(name, file.question, file.published, file.select, file.tables, cells)


def scratch_study(overrides: Sequence[str], multirun: bool) -> Study:
    """The cells of one command line, under the name that the setting `study` gives."""
    points = expand(overrides)
    if len(points) > 1 and not multirun:
        raise UserError(f"{' '.join(overrides)} means {len(points)} cells; add -m to run them all")
    cells = _cells(points)
    names = sorted({cell.study for _, cell in cells})
    if len(names) > 1:
        raise UserError(f"study is swept over {', '.join(names)}; run each by itself")
    return Study(names[0], " ".join(overrides), None, _select(cells), {}, cells)


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
        content = {"grids": {}, "tables": {}, **content} if isinstance(content, dict) else content
    except yaml.YAMLError as error:
        raise UserError(f"{path} is not yaml: {' '.join(str(error).split())}; mend that line") from error
    try:
        file: StudyFile = convert(StudyFile, content, "")
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    return file


def _cells(points: list[list[str]]) -> list[tuple[list[str], Cell]]:
    """Points and their cells; where entries of a grid overlap, the cell stands once.

    They are compared by their words, as dicts and lists have no hash; a section that cells share is written out once.
    """
    cells = compose_cells(points)
    rows = [[getattr(cell, field.name) for field in fields(Cell)] for cell in cells]
    words = {key: repr(part) for key, part in {id(part): part for row in rows for part in row}.items()}
    found: dict[tuple[str, ...], tuple[list[str], Cell]] = {}
    for point, cell, row in zip(points, cells, rows, strict=True):
        found.setdefault(tuple(words[id(part)] for part in row), (point, cell))
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
