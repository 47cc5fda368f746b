"""The rows of a study: its cells under readable names, and the floors and the ceiling that they are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from sdbench.errors import UserError
from sdbench.records import FLOORS, PICTURES
from sdbench.settings import Cell, External

SAID = ("train.lr", "train.steps", "train.seed")  # by every row anyway
UNSAID = ("study", "store", "device", "threads", "deterministic", "tracker",
          "train.preview_every", "train.state_every", "train.keep",
          "subject.sibling")  # they change no result of a cell  # fmt: skip
SCENE = ("model", "subject", "prompts", "sampler", "sample", "metrics")  # what a cell shares with its floors


@dataclass(frozen=True)
class Row:
    """One cell of a study, or a floor or ceiling row, which borrows a cell's prompts, sampler and metrics.

    kind `external`: what others made, drawn or judged with a cell's prompts, sampler and metrics.
    parameters: what the grid varies, readable. context: what a row and its floors have in common, empty where the
    whole study has it in common.
    """

    kind: str
    cell: Cell
    overrides: list[str]
    parameters: str
    context: str
    external: External | None = None

    @property
    def name(self) -> str:
        if self.external is not None:
            return f"external-{self.external.name}"
        if self.kind == "trained":
            return f"{self.cell.method.name}-{self.parameters}-seed{self.cell.train.seed}"
        return f"{self.kind}-{self.context}" if self.context else self.kind

    @property
    def is_given(self) -> bool:
        """Whether its images are there already, so that no prompts of a metric's own can be asked of what drew them."""
        return self.kind in PICTURES or (self.external is not None and self.external.kind == "images")

    def record(self) -> dict[str, Any]:
        """The row's part of cell.json. settings: all of the cell's, so that it can be rebuilt without its command."""
        cell, trained = self.cell, self.kind == "trained"
        return {
            "cell": self.name, "study": cell.study, "subject": cell.subject.name, "model": cell.model.name,
            "method": cell.method.name if trained else self.name if self.external else self.kind,
            "parameters": self.parameters, "kind": self.kind,
            "context": self.context, "lr": cell.train.lr if trained else None,
            "steps": cell.train.steps if trained else None, "train_seed": cell.train.seed if trained else None,
            "overrides": self.overrides, **asdict(cell.sample), "settings": asdict(cell),
        }  # fmt: skip


def of_study(cells: list[tuple[list[str], Cell]]) -> list[Row]:
    """Floors and ceiling of every context first, then the cells. Raises UserError where two rows have one name."""
    flat = _flat([cell for _, cell in cells])
    scene = [{k: v for k, v in one.items() if k.split(".")[0] in SCENE} for one in flat]
    scenes = [key for key in _varied(scene) if not _is_unsaid(key)]
    methods = [cell.method.name for _, cell in cells]
    mine = {
        m: _varied([one for one, name in zip(flat, methods, strict=True) if name == m]) for m in dict.fromkeys(methods)
    }
    contexts = [_words(one, scenes) for one in flat]
    anchors = {context: cell for context, (_, cell) in reversed(list(zip(contexts, cells, strict=True)))}
    rows = [Row(kind, anchors[c], [], c, c) for c in dict.fromkeys(contexts) for kind in _floors(anchors[c])]
    for one, context, (overrides, cell) in zip(flat, contexts, cells, strict=True):
        shown = [key for key in mine[cell.method.name] if key not in (*SAID, *scenes) and not _is_unsaid(key)]
        parts = (f"lr{cell.train.lr:g}", f"steps{cell.train.steps}", _words(one, shown), context)
        rows.append(Row("trained", cell, overrides, "_".join(part for part in parts if part), context))
    for name, times in Counter(row.name for row in rows).items():
        if times > 1:
            raise UserError(f"two cells of the study are both called {name!r}; give the method of one another name")
    return rows


def _floors(cell: Cell) -> list[str]:
    return [kind for kind in FLOORS if kind != "sibling" or cell.subject.sibling is not None]


def of_external(cell: Cell, overrides: list[str], external: External) -> Row:
    """The row of what others made, in the scene of a cell of the study."""
    return Row("external", cell, overrides, f"{external.kind} {Path(external.path).name}", "", external)


def _flat(cells: list[Cell]) -> list[dict[str, Any]]:
    """Each cell as {"train.lr": 0.001, ...}; a section that cells share is flattened once."""
    known: dict[int, dict[str, Any]] = {}

    def flat(name: str, section: Any) -> dict[str, Any]:
        if not (is_dataclass(section) or isinstance(section, dict)):
            return {name: section}
        if id(section) not in known:
            known[id(section)] = flatten(_plain(section), f"{name}.")
        return known[id(section)]

    return [{k: v for f in fields(cell) for k, v in flat(f.name, getattr(cell, f.name)).items()} for cell in cells]


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def flatten(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """{"train": {"lr": 0.001}} as {"train.lr": 0.001}."""
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        value = _plain(value)
        flat |= flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return flat


def _varied(flat: list[dict[str, Any]]) -> list[str]:
    """The keys that do not have one and the same value in every cell, in their order."""
    keys = dict.fromkeys(key for one in flat for key in one)
    return [key for key in keys if len({repr(one.get(key)) for one in flat}) > 1]


def _is_unsaid(key: str) -> bool:
    return any(f"{key}.".startswith(f"{unsaid}.") for unsaid in UNSAID)


def _words(one: dict[str, Any], keys: list[str]) -> str:
    """`rank16_num_inference_steps50`: each key by its last word; of a group that changed as a whole, its name alone."""
    named = {key.rpartition(".")[0] for key in keys if key.endswith(".name")}
    kept = [key for key in keys if key.endswith(".name") or key.split(".")[0] not in named]
    return "_".join(f"{'' if k.endswith('.name') else k.rpartition('.')[2]}{_short(one.get(k))}" for k in kept)


def _short(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return "".join(c if c.isalnum() or c in "-+._" else "-" for c in text).strip("-")
