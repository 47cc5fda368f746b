"""A job: rows that share a trajectory, a checkpoint or images, written down for whichever process will run them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sdbench.conversion import convert
from sdbench.errors import StoreError, disk_errors
from sdbench.rows import Row
from sdbench.settings import Cell, External, positive
from sdbench.stages import Chain, Chains
from sdbench.store import Store
from sdbench.sweep.ladder import Ladder, Standing

RUNS = Path("runs")
BEGUN = "begun.json"  # in a row's folder: stages of its training, made before its images


@dataclass(frozen=True)
class Options:
    """How a sweep takes failures.

    time_limit_seconds: of one cell, of its training and its images apart where it is of a grid, and of a pack with its
    images once for each training in it; null: none. It must allow for train.state_every steps, or a training that was
    ended goes on from the same state for ever. max_failures: the sweep stops once so many cells have failed; null:
    never. smaller_batch: a cell that runs out of an accelerator's memory is tried again with half the micro-batch.
    """

    time_limit_seconds: float | None
    max_failures: int | None
    smaller_batch: bool

    def __post_init__(self) -> None:
        for key in ("time_limit_seconds", "max_failures"):
            if getattr(self, key) is not None:
                positive(f"hydra.sweeper.{key}", getattr(self, key))


@dataclass(frozen=True)
class Job:
    """sweep: which command this belongs to. home: folder it was typed in, which relative paths start from.

    select: the metric that says which of its cells is best. one_base: whether all cells of the sweep need the same base
    model, so that all will fail once it cannot be loaded. ladder: of early stopping, as far as its cells compete on it.
    """

    sweep: str
    study: str
    home: Path
    select: str
    options: Options
    rows: list[Row]
    one_base: bool
    ladder: Ladder | None = None

    def write(self, path: Path) -> None:
        rows = [{**asdict(row), "cell": asdict(row.cell)} for row in self.rows]
        plain = {"options": asdict(self.options), "ladder": asdict(self.ladder) if self.ladder else None, "rows": rows}
        write_json(path, {**self.__dict__, "home": str(self.home), **plain})

    @staticmethod
    def read(path: Path) -> Job:
        content = json.loads(path.read_text())
        rows = [_row(row) for row in content["rows"]]
        ladder = Ladder.read(content["ladder"]) if content["ladder"] else None
        own = {"home": Path(content["home"]), "options": Options(**content["options"]), "rows": rows, "ladder": ladder}
        return Job(**{**content, **own})

    def folder(self, row: Row) -> Path:
        """Where a person finds the row: record, log, and links to its stages."""
        return RUNS / self.study / row.name

    def recorded(self, row: Row) -> dict[str, Any]:
        """What the row's cell.json says; empty where there is none."""
        return recorded(self.study, row.name)

    @property
    def workers(self) -> int:
        """How many may work on it at once: with early stopping it is all that competes, and each takes what is next."""
        return len({self.ladder.places[row.name].training for row in self.rows}) if self.ladder else 1

    def standing(self) -> Standing | None:
        """On the ladder of early stopping, by the records there are now."""
        return Standing(self.ladder, lambda cell: recorded(self.study, cell)) if self.ladder else None

    def begin(self, row: Row, chain: Chain) -> None:
        """Say what is made of the row before its record says it, and gc is to spare: its training, a pack's images."""
        assert chain.trajectory is not None and chain.train is not None
        drawn = {key: path for key, path in chain.judged_paths().items() if key in ("generate", "asked")}
        stages = {"trajectory": chain.trajectory.path, "train": chain.train.path, **drawn}
        write_json(self.folder(row) / BEGUN, {"stages": stages})

    def record(self, row: Row, outcome: dict[str, Any]) -> dict[str, Any]:
        """Write cell.json, and links from the cell's folder into the store that a person can follow."""
        before, root, folder = self.recorded(row), Path(row.cell.store), self.folder(row)
        same = before.get("stages") == outcome["stages"]
        kept = {key: value for key, value in before.items() if same and key in ("sweep", "seconds", "log")}
        record = {**row.record(), "store": str(root), "sweep": self.sweep, **kept, **outcome}
        if record != before:
            write_json(folder / "cell.json", record)
            _link(folder, root, outcome["stages"])
        (folder / BEGUN).unlink(missing_ok=True)
        return record

    @property
    def stop_file(self) -> Path:
        return RUNS / self.study / ".stop"

    def is_stopped(self) -> bool:
        """Whether a worker of this sweep, wherever it runs, has seen one failure too many, or that all will fail."""
        return self.stop_file.is_file() and self.stop_file.read_text() == self.sweep


def recorded(study: str, cell: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((RUNS / study / cell / "cell.json").read_text())
    except FileNotFoundError:
        return {}
    return found


def _row(content: dict[str, Any]) -> Row:
    external = External(**content["external"]) if content["external"] else None
    return Row(**{**content, "cell": convert(Cell, content["cell"], ""), "external": external})


def externals(study: str) -> list[str]:
    """Rows of what others made, which a study keeps whatever its grid becomes."""
    return sorted(path.parent.name for path in (RUNS / study).glob("external-*/cell.json"))


def finished(chain: Chain, store: Store) -> dict[str, Any] | None:
    """How a row ended that has nothing left to make: {"status", "cause", "stages"}; None where there is something."""
    stages: dict[str, Any] = {}
    if chain.train is not None and chain.trajectory is not None:
        if not store.finished("train", chain.train.key):
            return None
        stages = {"trajectory": chain.trajectory.path, "train": chain.train.path}
        with store.reading(store.root / chain.train.path):
            ended = json.loads((store.root / chain.train.path / "result.json").read_text())
        if ended["status"] != "done":
            return {"status": ended["status"], "cause": ended["cause"], "stages": stages}
    if not all(store.finished(stage.name, stage.key) for stage in chain.judged()):
        return None
    stages |= chain.judged_paths()
    return {"status": "done", "cause": None, "stages": stages}


def untrained(rows: Iterable[Row]) -> list[tuple[Row, Chain]]:
    """Those whose training is not there yet."""
    found, chains = [], dict[str, Chains]()
    for row in rows:
        store = Store(row.cell.store)
        chain = chains.setdefault(row.cell.store, Chains(store.identity)).of(row)
        if chain.train and not store.finished("train", chain.train.key):
            found.append((row, chain))
    return found


def _link(folder: Path, root: Path, stages: dict[str, Any]) -> None:
    flat = {**stages, **{f"score-{kind}": path for kind, path in stages.get("score", {}).items()}}
    for name, target in flat.items():
        if isinstance(target, str):
            link = folder / name
            link.unlink(missing_ok=True)
            link.symlink_to(os.path.relpath(root / target, folder))


def group(pairs: Iterable[tuple[Row, Chain]], untrained: Container[str] = ()) -> list[list[Row]]:
    """Rows that share a trajectory, or images where nothing is trained, in the order that trains each step once.

    untrained: paths of trajectories with steps to train. Such as may share a pack are one group, as many as the pack
    has slots, those of like length together: a slot whose arm has ended is computed in vain.
    """
    groups: dict[str, list[tuple[int, str, Row]]] = {}
    packs: dict[str, list[str]] = {}
    for row, chain in pairs:
        shared = chain.trajectory or chain.generate
        found = groups.setdefault(shared.key, [])
        if not found and chain.is_packed and shared.path in untrained:
            assert chain.packing is not None
            packs.setdefault(chain.packing.alike, []).append(shared.key)
        found.append((row.cell.train.steps, chain.generate.key, row))
    for keys in packs.values():
        keys.sort(key=lambda key: max(steps for steps, *_ in groups[key]))
        slots = groups[keys[0]][0][2].cell.sweep.pack
        assert slots is not None
        for first in range(0, len(keys), slots):
            groups[keys[first]] = [one for key in keys[first : first + slots] for one in groups.pop(key)]
    return [[row for *_, row in sorted(found, key=lambda one: one[:2])] for found in groups.values()]


def write_json(path: Path, content: Any) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(content, indent=1))
    part.replace(path)


def check_writable(folder: Path) -> None:
    """Raises StoreError where nothing could be kept: better known before the first hour than after it."""
    try:
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreError(
            f"{folder} cannot be made ({error.strerror}); set store=... or go where you may write"
        ) from None
