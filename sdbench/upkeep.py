"""Care of a store: taking over what another machine made, and letting go of what no cell refers to. Never torch."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdbench.errors import StoreError, UserError
from sdbench.folders import (
    KEY_DIGITS,
    PROVENANCE,
    SETTINGS,
    Problem,
    aside,
    digest_of,
    hashes,
    parse_record,
    problems,
    put,
    read_record,
    sync,
)
from sdbench.store import TRAJECTORY, Store
from sdbench.trajectory import Trajectory

MEASURED = "result.json"  # holds seconds and memory
UNNAMED = ("detector",)  # stages that settings name by their path, and no cell
NEEDS = ("train", "score")  # stages whose inputs are needed as long as they are


@dataclass(frozen=True)
class Merged:
    """What became of another store's finished folders; those that were here just so are not named.

    copied: folders, as they are called here; of trajectories, those whose state there was further on.
    damaged: files there that changed since they were made; their folders were not copied.
    conflicts: files here that the other store made from the same settings with other bits.
    """

    copied: list[Path] = field(default_factory=list)
    damaged: list[Problem] = field(default_factory=list)
    conflicts: list[Problem] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        return [*self.damaged, *self.conflicts]


def merge(store: Store, other: Store) -> Merged:
    """Copy every finished folder that `store` lacks or has shed, whole or not at all, while others may work in both.

    And the state of trainings that are further on there, to be trained further here; who trains now is left alone.
    The other store may be one that can only be read.
    """
    merged = Merged()
    for theirs in other.folders():
        stage, key = theirs.parent.name, theirs.name
        ours = store.folder(stage, key)
        with other.held(theirs), store.claim(stage, key, wait=False) as mine:
            conflicts = list(_conflicts(ours, theirs)) if store.finished(stage, key) else []
            merged.conflicts.extend(conflicts)
            if conflicts or not _adds(store, ours, theirs):
                continue
            if found := problems(theirs):
                merged.damaged.extend(found)
            elif mine:  # else it is being made or read here
                _copy(store, ours, theirs)
                merged.copied.append(ours)
    for theirs in sorted(other.root.glob(f"{TRAJECTORY}/[!.]*")):
        _merge_state(store, theirs, merged)
    return merged


def _adds(store: Store, ours: Path, theirs: Path) -> bool:
    """Whether theirs is a folder that we lack, or has the files that we let go, and all of them."""
    if not store.finished(ours.parent.name, ours.name):
        return True
    return store.is_shed(ours) and not read_record(theirs).get("shed")


def _copy(store: Store, ours: Path, theirs: Path) -> None:
    files = read_record(theirs)["files"]
    with store.part(ours) as part:
        for name in [*files, PROVENANCE]:
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(theirs / name, part / name)
        if hashes(part) != files:
            raise StoreError(f"{theirs} did not arrive in {ours} as it is; see to the disks and merge again")
        put(part, ours)


def _merge_state(store: Store, theirs: Path, merged: Merged) -> None:
    """Ours stays beside a state that is further on: a shorter training can go on from it only."""
    ours, step = store.folder(TRAJECTORY, theirs.name), Trajectory(theirs).step(sys.maxsize)
    with store.claim(TRAJECTORY, theirs.name, wait=False) as mine:
        if not mine or step <= Trajectory(ours).step(sys.maxsize):
            return
        for state in theirs.glob(f"state-{step}-*"):
            with suppress(FileNotFoundError):  # their training has gone on, and this state gave way to the next
                if damaged := _copy_state(state, ours):
                    merged.damaged.append(damaged)
                else:
                    merged.copied.append(ours)


def _copy_state(state: Path, ours: Path) -> Problem | None:
    ours.mkdir(parents=True, exist_ok=True)
    part = ours / ".state.part"
    try:
        shutil.copyfile(state, part)
        if digest_of(part)[:KEY_DIGITS] != state.stem.rpartition("-")[2]:
            return Problem(state, "changed, and was not copied")
        sync(part)
        part.replace(ours / state.name)
        sync(ours)
    finally:
        part.unlink(missing_ok=True)
    return None


def _conflicts(ours: Path, theirs: Path) -> Iterator[Problem]:
    """Judged by the hashes that both noted, so that no gigabytes are read; that they still hold is for `verify`.

    Time and memory differ between any two machines, so result.json is not compared, and provenance is not among the
    files that it names. Everything else is a function of the settings: where it differs, something that the key
    does not tell of changed the bits (a library, a processor), and a person has to know.
    """
    here, there = parse_record(ours), parse_record(theirs)
    if isinstance(here, Problem) or isinstance(there, Problem):
        yield from (record for record in (here, there) if isinstance(record, Problem))
        return
    mine, other = ({**record["files"], **record.get("shed", {})} for record in (here, there))
    for name in sorted(mine.keys() | other.keys()):
        if name != MEASURED and mine.get(name) != other.get(name):
            yield Problem(ours / name, f"is not what {theirs} has; this one is kept")


@dataclass(frozen=True)
class Unused:
    """A folder that nothing refers to, and what removing it frees."""

    path: Path
    bytes: int


def unreferenced(store: Store, runs: Path | Sequence[Path]) -> list[Unused]:
    """Finished folders, and trajectories, that no cell.json below `runs` needs. runs: every place that uses this store.

    Ask while no sweep runs: a cell has no cell.json until it ends, and but for trainings that are made before their
    images, which a begun.json names, only what it works with right now is spared.

    A cell needs the stages that it names. A score needs the images that it judges: its evidence tells of them. And the
    audit of its judge on its subject, which no cell names. A training needs its class images: training further starts
    with them, and many trainings share them. Images do not need the training that drew them: a cell that wants it names
    it too. Raises UserError where `runs` is no folder,
    for then nothing is known of what is needed, StoreError where a cell or a folder cannot be read.
    """
    needed = {folder for place in ([runs] if isinstance(runs, Path) else runs) for folder in _named(store, place)}
    for folder in sorted(needed):
        needed |= _needs(store, folder)
    needed |= _audits(store, needed)
    made = [folder for folder in store.folders() if folder.parent.name not in UNNAMED]
    found = [*made, *sorted(store.root.glob(f"{TRAJECTORY}/[!.]*"))]
    return [Unused(folder, _bytes(folder)) for folder in found if folder not in needed and _is_idle(store, folder)]


def _named(store: Store, runs: Path) -> Iterator[Path]:
    """The folders that cells name, in whichever store they say it lies: a key is the same in all of them."""
    if not runs.is_dir():
        raise UserError(f"{runs} is not a folder, so what its studies need is not known; name the folder of the runs")
    for path in sorted([*runs.glob("[!.]*/[!.]*/cell.json"), *runs.glob("[!.]*/[!.]*/begun.json")]):
        try:
            stages = json.loads(path.read_text())["stages"].values()
            paths = [path for one in stages if one for path in (one.values() if isinstance(one, dict) else [one])]
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            what = f"cannot be read ({type(error).__name__}), so what it needs is not known"
            raise StoreError(f"{path}: {what}; run its study again") from error
        yield from (store.root / path for path in paths)


def _needs(store: Store, folder: Path) -> set[Path]:
    """What a finished folder needs beside itself to be read again, or used further."""
    if folder.parent.name not in NEEDS or not store.finished(folder.parent.name, folder.name):
        return set()
    return set(store.inputs(_settings(store, folder)))


def _audits(store: Store, needed: set[Path]) -> set[Path]:
    """The audits whose settings, the judge and the subject, are those of a needed score beside the images it judges."""
    finished = [folder for folder in store.folders() if folder.parent.name in ("audit", "score")]
    audits = {folder: _settings(store, folder) for folder in finished if folder.parent.name == "audit"}
    scores = [_settings(store, folder) for folder in finished if folder in needed] if audits else []
    return {
        folder
        for folder, asked in audits.items()
        if any(all(score.get(key) == value for key, value in asked.items()) for score in scores)
    }


def _settings(store: Store, folder: Path) -> dict[str, Any]:
    with store.reading(folder):
        settings: dict[str, Any] = json.loads((folder / SETTINGS).read_text())["settings"]
    return settings


def _is_idle(store: Store, folder: Path) -> bool:
    """Whether nobody makes it, reads it or trains on it now."""
    with store.claim(folder.parent.name, folder.name, wait=False) as mine:
        return mine


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def free(store: Store, unused: Sequence[Unused]) -> list[Unused]:
    """Remove folders, each whole or not at all; returns them. What somebody makes, reads or trains on is left alone.

    What a crash leaves of them is hidden, and `remove_stale` takes it.
    """
    freed = []
    for one in unused:
        with store.claim(one.path.parent.name, one.path.name, wait=False) as mine:
            if mine and one.path.is_dir():
                shutil.rmtree(aside(one.path))
                freed.append(one)
    return freed
