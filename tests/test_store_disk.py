"""A store on a bad day: damaged files, a full, read-only or vanished disk. Each is named, with what to do."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import safetensors.numpy
import torch

from sdbench import upkeep
from sdbench.errors import StoreError
from sdbench.store import PROVENANCE, SMALL_BYTES, Store
from sdbench.trajectory import State, Trajectory


def fill(part: Path) -> None:
    (part / "deep").mkdir()
    (part / "a.txt").write_text("a")
    (part / "deep" / "b.bin").write_bytes(bytes(100))


def refuse(part: Path) -> None:
    raise AssertionError("this must not be built")


@pytest.mark.parametrize("name", ["a.txt", "deep/b.bin", PROVENANCE])
def test_nothing_is_built_on_a_folder_that_changed(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    trained = store.make("train", 1, {}, fill)
    damaged = bytearray((trained / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (trained / name).write_bytes(damaged)
    with pytest.raises(StoreError, match=f"{trained / name}: c.*; remove {trained} and run again"):
        store.make("generate", 1, {"trained": trained.name}, refuse)
    with pytest.raises(StoreError, match=name):
        store.check(trained)
    assert store.make("train", 1, {}, refuse) == trained  # found by its name alone: gigabytes are not read again
    shutil.rmtree(trained)
    assert store.make("generate", 1, {"trained": store.make("train", 1, {}, fill).name}, fill).is_dir()


READERS: dict[str, Callable[[Path], object]] = {
    "scores.parquet": pd.read_parquet,
    "weights.safetensors": safetensors.numpy.load_file,
    "result.json": lambda path: json.loads(path.read_text()),
}


def write_all(part: Path) -> None:
    pd.DataFrame({"value": [0.5]}).to_parquet(part / "scores.parquet")
    safetensors.numpy.save_file({"w": np.zeros(99)}, part / "weights.safetensors")
    (part / "result.json").write_text('{"status": "done"}')


@pytest.mark.parametrize("name", READERS)
def test_a_torn_file_is_named_where_it_is_read_and_other_mistakes_stay_what_they_are(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    folder = store.make("score", 1, {}, write_all)
    with pytest.raises(ValueError, match="no such column"), store.reading(folder):
        READERS[name](folder / name)
        raise ValueError("no such column")
    (folder / name).write_bytes((folder / name).read_bytes()[:-7])
    with pytest.raises(StoreError, match=f"{folder / name}: changed"), store.reading(folder):
        READERS[name](folder / name)


def test_a_number_with_another_bit_is_told_of_before_it_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.make("score", 1, {}, write_all)
    scores = bytearray((folder / "scores.parquet").read_bytes())
    scores[scores.index(np.float64(0.5).tobytes()) + 6] ^= 1
    (folder / "scores.parquet").write_bytes(scores)
    assert pd.read_parquet(folder / "scores.parquet")["value"][0] == 0.53125  # and parquet does not mind
    with pytest.raises(StoreError, match="scores.parquet: changed"), store.reading(folder):
        raise AssertionError("this must not be read")


def test_reading_a_folder_reads_no_large_file_and_check_does(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.make("train", 1, {}, lambda part: void((part / "w.bin").write_bytes(bytes(SMALL_BYTES))))
    (folder / "w.bin").write_bytes(bytes(SMALL_BYTES - 1) + b"1")
    with store.reading(folder):
        pass
    store.check(folder, below=SMALL_BYTES)
    with pytest.raises(StoreError, match="w.bin: changed"):
        store.check(folder)
    (folder / "new.bin").write_bytes(bytes(SMALL_BYTES))
    with pytest.raises(StoreError, match="new.bin: not made by this stage"), store.reading(folder):
        raise AssertionError("this must not be read")
    (folder / "new.bin").unlink()
    (folder / "w.bin").unlink()
    with pytest.raises(StoreError, match="w.bin: missing"), store.reading(folder):
        raise AssertionError("this must not be read")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root, where it may, can mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", disk], capture_output=True)


def to_the_brim(part: Path) -> None:
    with pytest.raises(OSError, match="No space"), (part / "a.bin").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


TOO_LARGE: dict[str, Callable[[Path], object]] = {
    "bytes": lambda part: (part / "a.bin").write_bytes(bytes(1 << 20)),
    "parquet": lambda part: pd.DataFrame({"a": np.random.rand(1 << 17)}).to_parquet(part / "a.parquet"),
    "safetensors": lambda part: safetensors.numpy.save_file({"a": np.zeros(1 << 17)}, part / "a.safetensors"),
    "provenance": to_the_brim,
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_a_full_disk_is_named_with_the_remedy_and_leaves_nothing(small_disk: Path, what: str) -> None:
    store = Store(small_disk / "store")
    earlier = store.make("train", 1, {"lr": 1}, fill)
    with pytest.raises(StoreError, match=f"{small_disk}.*: No space left on device; free space there, or set store="):
        store.make("train", 1, {}, lambda part: void(TOO_LARGE[what](part)))
    assert store.folders() == [earlier] and store.verify() == [] and list(store.root.glob("*/.*.part")) == []
    assert store.make("train", 1, {}, fill).is_dir() and store.verify() == []


def test_a_disk_that_fills_while_a_state_is_written_is_named_and_keeps_the_state_before(small_disk: Path) -> None:
    store = Store(small_disk / "store")
    trajectory = Trajectory(store.folder("trajectory", "0" * 16))
    small, large = (State(step, {"w": torch.zeros(size)}, {}) for step, size in ((1, 9), (2, 1 << 17)))
    named = pytest.raises(StoreError, match=f"{small_disk}.*: No space left on device; free space there, or set store=")
    with named, store.claim("trajectory", "0" * 16), trajectory.writing() as save:
        save(small)
        save(large)
    assert trajectory.step(9) == 1 and trajectory.load(9) is not None and store.verify() == []


def void(_: object) -> None:
    """For lambdas whose value nobody wants."""


def test_a_read_only_store_serves_what_it_has_and_says_that_it_takes_no_more(small_disk: Path) -> None:
    store = Store(small_disk)
    folder = store.make("train", 1, {}, fill)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert store.make("train", 1, {}, refuse) == folder
    assert store.verify() == []
    store.check(folder)
    with store.reading(folder):
        assert (folder / "a.txt").read_text() == "a"
    for stage, settings in (("train", {"lr": 1}), ("score", {})):
        with pytest.raises(StoreError, match=f"{small_disk}.*: Read-only file system; mount it writable, or set"):
            store.make(stage, 1, settings, refuse)
    with pytest.raises(StoreError, match="Read-only"):
        store.shed(folder, ["a.txt"])
    other = Store(small_disk.parent / "other")
    assert [path.name for path in upkeep.merge(other, store).copied] == [folder.name] and other.verify() == []
    other.make("score", 1, {}, fill)
    with pytest.raises(StoreError, match="Read-only"):
        upkeep.merge(store, other)


def test_a_disk_that_fills_while_stores_are_merged_is_named_and_keeps_what_arrived(small_disk: Path) -> None:
    store, other = Store(small_disk / "store"), Store(small_disk.parent / "other")
    other.make("generate", 1, {}, fill)
    other.make("train", 1, {}, lambda part: void((part / "a.bin").write_bytes(bytes(1 << 20))))
    with pytest.raises(StoreError, match=f"{small_disk}.*: No space left on device"):
        upkeep.merge(store, other)
    assert [folder.parent.name for folder in store.folders()] == ["generate"] and store.verify() == []
    assert list(store.root.glob("*/.*.part")) == []


def test_a_store_that_may_not_be_written_to_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.root.mkdir()
    if os.geteuid() or subprocess.run(["chattr", "+i", store.root], capture_output=True).returncode:
        pytest.skip("only root, on a file system that has it, can make a folder immutable")
    try:
        with pytest.raises(StoreError, match=f"{store.root}.*: Operation not permitted; give yourself access"):
            store.make("train", 1, {}, refuse)
    finally:
        subprocess.run(["chattr", "-i", store.root], check=True)


def test_a_store_that_vanishes_under_a_build_is_named(small_disk: Path) -> None:
    store = Store(small_disk / "store")

    def unmount(part: Path) -> None:
        fill(part)
        subprocess.run(["umount", "-l", small_disk], check=True)

    with pytest.raises(StoreError, match=f"{store.root}.*: its store was removed while it was made; run again"):
        store.make("train", 1, {}, unmount)
    assert store.folders() == []


def test_a_file_system_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_to_lock(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", refuse_to_lock)
    with pytest.raises(StoreError, match=f"{tmp_path}.*lock: its file system cannot lock files; mount it with flock"):
        Store(tmp_path).make("train", 1, {}, refuse)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EIO, "Input/output error"), StoreError),
        (FileNotFoundError(errno.ENOENT, "No such file", "/pictures/of/the/user.png"), FileNotFoundError),
        (ConnectionResetError(errno.ECONNRESET, "reset"), ConnectionResetError),
    ],
)
def test_only_what_the_disk_refuses_within_a_build_becomes_a_store_error(
    tmp_path: Path, error: OSError, kind: type[Exception]
) -> None:
    def fail(part: Path) -> None:
        raise error

    with pytest.raises(kind) as raised:
        Store(tmp_path).make("train", 1, {}, fail)
    assert type(raised.value) is kind and list(tmp_path.glob("*/.*.part")) == []
