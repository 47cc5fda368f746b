"""A cell that has run, found again by its folder below runs/: what it was, and what it trained. Never torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench.conversion import convert
from sdbench.errors import UserError, nearest
from sdbench.settings import Cell
from sdbench.store import Store

RECORDS = ("loss.parquet", "result.json", "settings.json", "provenance.json")  # of a training; the rest are its weights
DRAWN = ("trained", "base", "base_raw")  # kinds of rows that a model of ours draws


@dataclass(frozen=True)
class Found:
    """folder: its place below runs/. kind: of its row. trained: its folder of the train stage; None of an untuned base.

    base: identity of the base's weights that it was trained on; None where nothing was. in_seats: whether its images
    were drawn as those of a pack.
    """

    folder: Path
    kind: str
    cell: Cell
    trained: Path | None
    base: str | None
    in_seats: bool = False

    @property
    def store(self) -> Store:
        return Store(self.cell.store)


def find(name: str, runs: Path) -> Found:
    """name: the cell's folder, or <study>/<cell>. Raises UserError where it has not run, or has nothing to draw with.

    And where its weights were let go, or its record is of a version that has other settings.
    """
    folder = _folder(name, runs)
    record = json.loads((folder / "cell.json").read_text())
    kind = record["kind"]
    if kind not in DRAWN:
        raise UserError(f"{folder} is {kind!r}, which is no model of ours; name a cell that was trained")
    if kind == "trained" and (record["status"] == "diverged" or "train" not in record["stages"]):
        why = f"{record['status']} ({record['cause']})"
        raise UserError(f"{folder} has no finished training: {why}; name another cell, or mend that and run it again")
    cell = _cell(folder, record)
    if kind != "trained":
        return Found(folder, kind, cell, None, None)
    trained = Path(record["store"]) / record["stages"]["train"]
    _check_weights(folder, record, trained)
    settings = json.loads((trained / "settings.json").read_text())["settings"]
    drawn = Path(record["store"]) / record["stages"].get("generate", "absent") / "settings.json"
    in_seats = drawn.is_file() and "adapters" in json.loads(drawn.read_text())["settings"]
    return Found(folder, kind, cell, trained, settings["base"], in_seats)


def weights(trained: Path) -> list[Path]:
    """The files of a training's folder that are what it learnt."""
    files = (path for path in trained.rglob("*") if path.is_file())
    return sorted(path for path in files if path.relative_to(trained).as_posix() not in RECORDS)


def _folder(name: str, runs: Path) -> Path:
    for folder in (Path(name), runs / name):
        if (folder / "cell.json").is_file():
            return folder
    known = [f"{path.parent.parent.name}/{path.parent.name}" for path in runs.glob("[!.]*/[!.]*/cell.json")]
    hint = nearest(name.rstrip("/").removeprefix(f"{runs}/"), known) if known else "; `sdbench run` makes one"
    raise UserError(f"{name!r} is no cell that has run here{hint}")


def _cell(folder: Path, record: dict[str, Any]) -> Cell:
    again = f"run the command of study {record['study']!r} again: nothing is trained anew, the record is renewed"
    if "settings" not in record:
        raise UserError(f"{folder}/cell.json is of an earlier version and lacks the cell's settings; {again}")
    try:
        cell: Cell = convert(Cell, record["settings"], "")
    except UserError as error:
        raise UserError(f"{folder}/cell.json is of another version ({error}); {again}") from None
    return cell


def _check_weights(folder: Path, record: dict[str, Any], trained: Path) -> None:
    store, again = Store(record["store"]), f"run the command of study {record['study']!r} again"
    if not store.finished(trained.parent.name, trained.name):
        raise UserError(f"{folder} points to {trained}, which is gone; {again}")
    if not weights(trained):
        images = store.root / record["stages"]["generate"]
        raise UserError(
            f"{folder} has let go of its weights (train.keep={record['settings']['train']['keep']}); to train it anew "
            f"remove {images} and {again} with train.keep=all"
        )
    store.check(trained)
