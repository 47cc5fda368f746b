"""A finished folder: what its provenance says of its files, whether that still holds, and how it gets its place."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench import provenance
from sdbench.errors import StoreError

KEY_DIGITS = 16
PROVENANCE, SETTINGS = "provenance.json", "settings.json"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a finished folder, as `verify` found it."""

    path: Path
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"

    def error(self, folder: Path) -> StoreError:
        return StoreError(f"{self}; remove {folder} and run again, and it is made anew")


def canonical(content: Any) -> str:
    """JSON that is equal for equal content: keys sorted, no spaces, dataclasses as mappings, NaN refused."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    )


def digest(content: Any) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Write provenance.json, with a hash of itself."""
    (folder / PROVENANCE).write_text(json.dumps({**record, "sha256": digest(record)}, indent=1))


def read_record(folder: Path) -> dict[str, Any]:
    """What `write_record` was given. Raises StoreError where it is not there or changed."""
    record = parse_record(folder)
    if isinstance(record, Problem):
        raise record.error(folder)
    return record


def parse_record(folder: Path) -> dict[str, Any] | Problem:
    path = folder / PROVENANCE
    try:
        record: dict[str, Any] = json.loads(path.read_text())
        same = record.pop("sha256") == digest(record)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return Problem(path, f"cannot be read ({type(error).__name__})")
    return record if same else Problem(path, "changed since it was written")


def problems(folder: Path, below: float = math.inf) -> list[Problem]:
    """What is wrong with a finished folder. Files that were shed may be there or not.

    below: files of so many bytes and more are only looked for, and not read.
    """
    record = parse_record(folder)
    if isinstance(record, Problem):
        return [record]
    files, shed = record["files"], record.get("shed", {})
    there = {name: path for name, path in _files(folder).items() if name not in shed}
    found = {name: files.get(name, "") if _has(path, below) else digest_of(path) for name, path in there.items()}
    wrong = []
    for name in sorted(files.keys() | found.keys()):
        if files.get(name) != found.get(name):
            what = "missing" if name not in found else "changed" if name in files else "not made by this stage"
            wrong.append(Problem(folder / name, what))
    same = SETTINGS in files and files[SETTINGS] == found.get(SETTINGS)
    if same and digest(json.loads((folder / SETTINGS).read_text()))[:KEY_DIGITS] != folder.name:
        wrong.append(Problem(folder, "its name is not the key of its settings"))
    return wrong


def hashes(folder: Path) -> dict[str, str]:
    """sha256 of every file below, by relative name; of all but the provenance that will hold them."""
    return {name: provenance.file_sha256(path) for name, path in _files(folder).items()}


def digest_of(path: Path) -> str:
    """sha256 of a file; of one that cannot be read the reason, which no hash equals."""
    try:
        return provenance.file_sha256(path)
    except OSError as error:
        return str(error)


def _has(path: Path, size_bytes: float) -> bool:
    try:
        return path.stat().st_size >= size_bytes
    except OSError:  # gone meanwhile, or cannot be read: `digest_of` says so
        return False


def put(part: Path, folder: Path) -> None:
    """A folder that is whole takes its place, on the disk before anyone sees it; what stood there goes."""
    for path in [*part.rglob("*"), part]:
        sync(path)
    old = aside(folder) if folder.exists() else None
    part.rename(folder)
    sync(folder.parent)
    if old:
        shutil.rmtree(old)


def aside(folder: Path) -> Path:
    """Take a folder out of sight in one step, for who holds its claim and then removes it file by file."""
    old = folder.with_name(f".{folder.name}.old.part")
    if old.exists():  # a dead process's
        shutil.rmtree(old)
    return folder.rename(old)


def sync(path: Path) -> None:
    """What was written to a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(folder: Path) -> dict[str, Path]:
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path for name, path in files.items() if name != PROVENANCE}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{value!r} cannot stand in a stage's settings; give numbers, text, lists and mappings")
