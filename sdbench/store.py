"""Finished stages, addressed by what they depend on: each folder is whole or absent, and made once."""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench import provenance

KEY_DIGITS = 16
PROVENANCE, SETTINGS = "provenance.json", "settings.json"
TRAJECTORY = "trajectory"  # its folders hold the state of trainings under way, and are never finished

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a finished folder, as `verify` found it."""

    path: Path
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def canonical(content: Any) -> str:
    """JSON that is equal for equal content: keys sorted, no spaces, dataclasses as mappings, NaN refused."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    )


class Store:
    """Folders `root/<stage>/<key>/`, with `settings.json`, `provenance.json` and what the stage wrote."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def key(self, stage: str, version: int, settings: Mapping[str, Any]) -> str:
        """The address of a stage: a hash of its name, its version and all that it depends on."""
        content = canonical({"stage": stage, "version": version, "settings": settings})
        return hashlib.sha256(content.encode()).hexdigest()[:KEY_DIGITS]

    def folder(self, stage: str, key: str) -> Path:
        return self.root / stage / key

    def finished(self, stage: str, key: str) -> bool:
        return (self.folder(stage, key) / PROVENANCE).is_file()

    def make(
        self,
        stage: str,
        version: int,
        settings: Mapping[str, Any],
        build: Callable[[Path], None],
        whole: bool = False,
    ) -> Path:
        """The stage's finished folder, its name the key; `build` fills an empty one if there is none yet.

        whole: a folder that was shed is made anew.

        One process builds, the others that want the same wait and reuse it. If `build` raises or the process dies,
        nothing is left that a later run would use, and whoever asks next builds again.
        """
        key = self.key(stage, version, settings)
        if not self._serves(stage, key, whole):
            with self.claim(stage, key):
                if not self._serves(stage, key, whole):
                    self._build(stage, key, {"stage": stage, "version": version, "settings": settings}, build)
        return self.folder(stage, key)

    def _serves(self, stage: str, key: str, whole: bool) -> bool:
        return self.finished(stage, key) and not (whole and self.is_shed(self.folder(stage, key)))

    def is_shed(self, folder: Path) -> bool:
        """Whether files of a finished folder were let go to save disk."""
        return bool(json.loads((folder / PROVENANCE).read_text()).get("shed"))

    def shed(self, folder: Path, names: Sequence[str]) -> None:
        """Let go of files of a finished folder. Its provenance says which before they go, so a crash harms none."""
        with self.claim(folder.parent.name, folder.name):
            record = json.loads((folder / PROVENANCE).read_text())
            del record["sha256"]
            gone = {name: record["files"].pop(name) for name in names if name in record["files"]}
            record["shed"] = {**record.get("shed", {}), **gone}
            part = folder.parent / f".{folder.name}.{PROVENANCE}"
            part.write_text(json.dumps({**record, "sha256": _digest(record)}, indent=1))
            _sync_entry(part)
            part.replace(folder / PROVENANCE)
            for name in record["shed"]:
                (folder / name).unlink(missing_ok=True)

    def identity(self, path: Path) -> str:
        """sha256 of a file or folder, remembered here by path, size and time."""
        return provenance.identity(path, self.root / ".identity")

    def folders(self) -> list[Path]:
        """Every finished folder."""
        return sorted(path.parent for path in self.root.glob(f"[!.]*/[!.]*/{PROVENANCE}"))

    def verify(self) -> list[Problem]:
        """What has changed since it was made: a file's bits, a missing or an added file, settings, provenance."""
        folders = sorted(path for path in self.root.glob("[!.]*/[!.]*") if path.is_dir())
        made = [folder for folder in folders if folder.parent.name != TRAJECTORY]
        states = [path for folder in folders if folder.parent.name == TRAJECTORY for path in folder.glob("state-*")]
        torn = [path for path in states if provenance.file_sha256(path)[:KEY_DIGITS] != path.stem.rpartition("-")[2]]
        problems = [problem for folder in made for problem in _problems(folder)]
        return [*problems, *(Problem(path, "changed: remove it, training starts from before it") for path in torn)]

    def remove_stale(self) -> None:
        """Remove what dead processes left half-made. The living hold their claims, and are left alone."""
        for part in self.root.glob("*/.*.part"):
            with self.claim(part.parent.name, part.stem[1:], wait=False) as mine:
                if mine:
                    shutil.rmtree(part)

    def _build(self, stage: str, key: str, content: dict[str, Any], build: Callable[[Path], None]) -> None:
        folder = self.folder(stage, key)
        part = folder.with_name(f".{key}.part")
        shutil.rmtree(part, ignore_errors=True)  # a dead process's: the claim is ours
        part.mkdir()
        try:
            meter = provenance.Meter()
            build(part)
            (part / SETTINGS).write_text(json.dumps(json.loads(canonical(content)), indent=1, ensure_ascii=False))
            record = {**meter.collect(), "files": _hashes(part)}
            (part / PROVENANCE).write_text(json.dumps({**record, "sha256": _digest(record)}, indent=1))
            _sync(part)
            if folder.exists():  # a finished folder that someone removed half of
                shutil.rmtree(folder)
            part.rename(folder)
            _sync_entry(folder.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)  # gone already, where it was renamed

    @contextmanager
    def claim(self, stage: str, key: str, wait: bool = True) -> Iterator[bool]:
        """Hold the only right to make a folder. The kernel gives it back when the process ends, however it ends."""
        place = self.root / stage
        place.mkdir(parents=True, exist_ok=True)
        with (place / f".{key}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mine = True
            except BlockingIOError:
                mine = wait
                if wait:
                    log.info("%s/%s is being made by another process; waiting", stage, key)
                    fcntl.flock(file, fcntl.LOCK_EX)
            yield mine


def _problems(folder: Path) -> Iterator[Problem]:
    try:
        record = json.loads((folder / PROVENANCE).read_text())
        told = record.pop("sha256")
        files = record["files"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield Problem(folder / PROVENANCE, f"cannot be read ({type(error).__name__}): remove the folder, run again")
        return
    if _digest(record) != told:
        yield Problem(folder / PROVENANCE, "changed since it was written")
    found = {name: digest for name, digest in _hashes(folder).items() if name not in record.get("shed", {})}
    for name in sorted(files.keys() | found.keys()):
        if files.get(name) != found.get(name):
            what = "missing" if name not in found else "changed" if name in files else "not made by this stage"
            yield Problem(folder / name, what)
    if found.get(SETTINGS) == files.get(SETTINGS) and SETTINGS in found:
        content = canonical(json.loads((folder / SETTINGS).read_text()))
        if hashlib.sha256(content.encode()).hexdigest()[:KEY_DIGITS] != folder.name:
            yield Problem(folder, "its name is not the key of its settings")


def _hashes(folder: Path) -> dict[str, str]:
    """sha256 of every file below, by relative name; of all but the provenance that will hold them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    hashes = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: provenance.file_sha256(path) for name, path in hashes.items() if name != PROVENANCE}


def _digest(record: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def _sync(folder: Path) -> None:
    """Everything below is on the disk, so that the rename that follows cannot outlive what it names."""
    for path in [*folder.rglob("*"), folder]:
        _sync_entry(path)


def _sync_entry(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{value!r} cannot stand in a stage's settings; give numbers, text, lists and mappings")
