"""Tables that only some studies have: each a module in here, which a study names under `tables` in its study.yaml.

A table's module has `make(results, summary, runs) -> StudyTable`. Beside it stands the published table that the study
names for it. Never torch.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pandas as pd

from sdbench.conversion import kinds
from sdbench.errors import UserError, nearest
from sdbench.results import Results
from sdbench.studies.base import StudyTable, write


def sections(results: Results, summary: pd.DataFrame, runs: Path, experiments: Path, folder: Path) -> str:
    """Write every table that the study names into `folder`, as Markdown, CSV and LaTeX; returns them for its page.

    Raises UserError for a table that is no module, or a published one that is not in the study's folder.
    """
    parts = []
    for name, published in results.tables.items():
        beside = _published(experiments / results.name / published) if published else {}
        parts.append(write(folder, name, make(name, results, summary, runs), beside))
    return "".join(f"{part}\n\n" for part in parts)


def make(name: str, results: Results, summary: pd.DataFrame, runs: Path) -> StudyTable:
    """The table of that name. summary: as sdbench.tables.summarise gives it. runs: the folder with `<study>/`."""
    if name not in (known := kinds(__name__)):
        raise UserError(f"study {results.name!r} names the table {name!r}, which is none{nearest(name, known)}")
    made: StudyTable = importlib.import_module(f"{__name__}.{name}").make(results, summary, runs)
    doubts = [f"`{metric}` failed its audit: {why}." for metric, why in results.flagged.items()]
    return replace(made, note="\n\n".join([made.note, *doubts]))


def _published(path: Path) -> dict[str, pd.DataFrame]:
    if not path.is_file():
        raise UserError(f"the published table {path} is missing; put it there, or write null for it in study.yaml")
    return {f"Published, on other models and pictures ({path.name})": pd.read_csv(path, dtype=str)}
