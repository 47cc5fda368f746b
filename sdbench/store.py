"""Finished stages, addressed by what they depend on: each folder is whole or absent, and made once.

Processes, on one machine or many, agree through flock: the store must lie on a file system where it works for all of
them (a local one, NFSv4, Lustre mounted with -o flock). The kernel drops a dead process's locks, so what it was making
is taken over at once. Who makes a folder waits only for those of stages before it, and who reads one for those after
it: no two wait for each other.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import math
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from safetensors import SafetensorError

from sdbench import provenance
from sdbench.errors import StoreError, disk_errors
from sdbench.folders import (
    KEY_DIGITS,
    PROVENANCE,
    SETTINGS,
    Problem,
    canonical,
    digest,
    digest_of,
    hashes,
    problems,
    put,
    read_record,
    sync,
    write_record,
)

TRAJECTORY = "trajectory"  # its folders hold the state of trainings under way, and are never finished
READS = {  # settings that hold the key of a stage, or several
    "class_images": "generate",
    "trained": "train",
    "generate": "generate",
    "baseline": "generate",
}
UNREADABLE = (OSError, ValueError, LookupError, TypeError, SyntaxError, SafetensorError)  # what damaged files raise
SMALL_BYTES = 1 << 20  # below it a file is checked whenever its folder is read: 200 pictures take 6 ms
NO_FLOCK = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)

log = logging.getLogger(__name__)


class Store:
    """Folders `root/<stage>/<key>/`, with `settings.json`, `provenance.json` and what the stage wrote.

    StoreError is raised where the disk is full, cannot be written to or fails, and where a file that is read changed.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def key(self, stage: str, version: int, settings: Mapping[str, Any]) -> str:
        """The address of a stage: a hash of its name, its version and all that it depends on."""
        return digest({"stage": stage, "version": version, "settings": settings})[:KEY_DIGITS]

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
        nothing is left that a later run would use, and whoever asks next builds again. Nothing is built on a folder
        that changed: those that the settings name are checked before, and nobody sheds or removes them meanwhile.
        """
        key = self.key(stage, version, settings)
        folder = self.folder(stage, key)
        if not self.serves(folder, whole):
            with self.claim(stage, key):
                if not self.serves(folder, whole):
                    self._build(folder, {"stage": stage, "version": version, "settings": settings}, build)
        return folder

    def serves(self, folder: Path, whole: bool) -> bool:
        """Whether a folder is finished and, where it must be whole, nothing of it was let go."""
        with disk_errors(folder):
            return self._is_there(folder) and not (whole and self.is_shed(folder))

    def _build(self, folder: Path, content: dict[str, Any], build: Callable[[Path], None]) -> None:
        with ExitStack() as inputs, self.part(folder) as part:
            for read in filter(self._is_there, self.inputs(content["settings"])):
                inputs.enter_context(self.reading(read))
                self.check(read)
            meter = provenance.Meter()
            build(part)
            (part / SETTINGS).write_text(json.dumps(json.loads(canonical(content)), indent=1, ensure_ascii=False))
            write_record(part, {**meter.collect(), "files": hashes(part)})
            put(part, folder)

    def inputs(self, settings: Mapping[str, Any]) -> list[Path]:
        """The folders that a stage of these settings reads."""
        named = [(stage, settings[name]) for name, stage in READS.items() if settings.get(name)]
        listed = [(stage, keys if isinstance(keys, list) else [keys]) for stage, keys in named]
        return sorted({self.folder(stage, key) for stage, keys in listed for key in keys})

    def _is_there(self, folder: Path) -> bool:
        return self.finished(folder.parent.name, folder.name)

    def is_shed(self, folder: Path) -> bool:
        """Whether files of a finished folder were let go to save disk."""
        return bool(read_record(folder).get("shed"))

    def shed(self, folder: Path, names: Sequence[str]) -> None:
        """Let go of files of a finished folder, once nobody reads it; its provenance keeps their hashes.

        It says so before they go: a crash leaves a folder that is in order, and shedding it again removes the rest.
        """
        if {SETTINGS, PROVENANCE} & set(names):
            raise ValueError(f"{folder}: {SETTINGS} and {PROVENANCE} stay with a finished folder")
        with self.claim(folder.parent.name, folder.name), self.part(folder) as part:
            record = read_record(folder)
            gone = {name: record["files"].pop(name) for name in names if name in record["files"]}
            record["shed"] = {**record.get("shed", {}), **gone}
            if gone:
                write_record(part, record)
                sync(part / PROVENANCE)
                (part / PROVENANCE).replace(folder / PROVENANCE)
                sync(folder)
            for name in record["shed"]:
                (folder / name).unlink(missing_ok=True)

    def identity(self, path: Path) -> str:
        """sha256 of a file or folder, remembered here by path, size and time."""
        with disk_errors(path):
            return provenance.identity(path, self.root / ".identity")

    def folders(self) -> list[Path]:
        """Every finished folder."""
        return sorted(path.parent for path in self.root.glob(f"[!.]*/[!.]*/{PROVENANCE}"))

    def verify(self) -> list[Problem]:
        """What has changed since it was made: a file's bits, a missing or an added file, settings, provenance.

        And a trajectory's state whose bytes are not those that its name tells of. Others may work here meanwhile.
        """
        folders = sorted(path for path in self.root.glob("[!.]*/[!.]*") if path.is_dir())
        found = [p for folder in folders if folder.parent.name != TRAJECTORY for p in self._settled(folder)]
        for state in sorted(self.root.glob(f"{TRAJECTORY}/[!.]*/state-*")):
            if digest_of(state)[:KEY_DIGITS] != state.stem.rpartition("-")[2] and state.exists():
                found.append(Problem(state, "changed: remove it, and training starts from before it"))
        return found

    def _settled(self, folder: Path) -> list[Problem]:
        """The folder's problems, looked at again where someone may have been shedding or removing it meanwhile."""
        if not problems(folder):
            return []
        with self.held(folder):
            return problems(folder) if folder.exists() else []

    def check(self, folder: Path, below: float = math.inf) -> None:
        """Raises StoreError naming the first file of a finished folder that changed. below: of files so small."""
        for problem in problems(folder, below):
            raise problem.error(folder)

    @contextmanager
    def reading(self, folder: Path) -> Iterator[None]:
        """Read a finished folder: nobody sheds, removes or replaces it meanwhile.

        A small file that changed is told of before: a number with another bit is a number too. What fails in here
        because a large one is damaged comes out as the StoreError of `check`, which who loads weights calls first.
        """
        with self.held(folder):
            self.check(folder, SMALL_BYTES)
            try:
                yield
            except UNREADABLE:
                self.check(folder)
                raise

    @contextmanager
    def held(self, folder: Path) -> Iterator[None]:
        """Nobody sheds, removes or replaces a folder meanwhile; whether it is in order is not asked."""
        with ExitStack() as held:
            with suppress(OSError):  # where nothing may be written, nothing is locked
                _lock(folder).open("a").close()
            with suppress(OSError):
                fcntl.flock(held.enter_context(_lock(folder).open()), fcntl.LOCK_SH)
            yield

    def remove_stale(self) -> None:
        """Remove what dead processes left half-made. The living hold their claims, and are left alone."""
        for part in [*self.root.glob("*/.*.part"), *self.root.glob(f"{TRAJECTORY}/[!.]*/.state.part")]:
            stage, name = part.relative_to(self.root).parts[:2]
            with self.claim(stage, name.strip(".").split(".")[0], wait=False) as mine:
                if mine and part.exists():
                    shutil.rmtree(part) if part.is_dir() else part.unlink()

    @contextmanager
    def part(self, folder: Path) -> Iterator[Path]:
        """An empty folder beside the one that it is to become, for who holds the claim. What is left of it goes."""
        part = folder.with_name(f".{folder.name}.part")
        if part.exists():  # a dead process's: the claim is ours
            shutil.rmtree(part)
        part.mkdir()
        try:
            yield part
        except FileNotFoundError as error:
            if part.is_dir():
                raise
            raise StoreError(f"{folder}: its store was removed while it was made; run again") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)  # gone already, where it was put in its place

    @contextmanager
    def claim(self, stage: str, key: str, wait: bool = True) -> Iterator[bool]:
        """Hold the only right to make a folder. The kernel gives it back when the process ends, however it ends."""
        folder = self.folder(stage, key)
        with disk_errors(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _lock(folder).open("a") as file:
                mine = _locked(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if wait and not mine:
                    log.info("%s/%s is being made or read by another process; waiting", stage, key)
                    mine = _locked(file, fcntl.LOCK_EX)
                yield mine


def _lock(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")  # never removed: two processes could then hold one each


def _locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_FLOCK:
            raise
        remedy = "mount it with flock (NFSv4, Lustre with -o flock), or set store=... elsewhere"
        raise StoreError(f"{file.name}: its file system cannot lock files; {remedy}") from error
    return True
