"""The store: whole or absent under SIGKILL, made once by many, and every changed bit found."""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sdbench import provenance
from sdbench.store import PROVENANCE, Store

ROOT = Path(__file__).parent.parent
BUILDER = """
import sys, time
from pathlib import Path
from sdbench.store import Store
root, calls, hang = sys.argv[1:]
def build(part):
    with open(calls, "a") as log:
        log.write("built\\n")
    (part / "half.txt").write_text("first half")
    print("half", flush=True)
    time.sleep(float(hang))
    (part / "whole.txt").write_text("whole")
print(Store(root).make("train", 1, {"lr": 0.1}, build), flush=True)
"""


def fill(part: Path) -> None:
    (part / "deep").mkdir()
    (part / "a.txt").write_text("a")
    (part / "deep" / "b.bin").write_bytes(bytes(100))


def refuse(part: Path) -> None:
    raise AssertionError("this stage is finished: it must not be built again")


def start(root: Path, calls: Path, hang: float) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", BUILDER, str(root), str(calls), str(hang)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_killed_build_leaves_nothing_that_is_used_and_a_repeat_finishes_it(tmp_path: Path) -> None:
    store, calls = Store(tmp_path / "store"), tmp_path / "calls"
    victim = start(store.root, calls, 600)
    assert victim.stdout is not None and victim.stdout.readline() == "half\n"
    victim.send_signal(signal.SIGKILL)
    assert victim.wait() == -signal.SIGKILL
    key = store.key("train", 1, {"lr": 0.1})
    assert not store.finished("train", key) and store.folders() == [] and store.verify() == []

    finished = start(store.root, calls, 0)
    folder = Path(finished.communicate(timeout=60)[0].splitlines()[-1])
    assert finished.returncode == 0 and folder.name == key
    assert sorted(p.name for p in folder.iterdir()) == ["half.txt", PROVENANCE, "settings.json", "whole.txt"]
    assert calls.read_text().count("built") == 2
    assert list(store.root.glob("*/.*.part")) == [] and store.verify() == []


def test_a_waiting_process_takes_over_from_one_that_is_killed(tmp_path: Path) -> None:
    victim = start(tmp_path / "store", tmp_path / "calls", 600)
    assert victim.stdout is not None and victim.stdout.readline() == "half\n"
    heir = start(tmp_path / "store", tmp_path / "calls", 0)
    time.sleep(1)
    assert heir.poll() is None  # it waits for the living
    victim.kill()
    victim.wait()
    assert heir.communicate(timeout=60)[0] and heir.returncode == 0
    assert Store(tmp_path / "store").verify() == []


def test_processes_that_want_the_same_stage_make_it_once(tmp_path: Path) -> None:
    rivals = [start(tmp_path / "store", tmp_path / "calls", 1) for _ in range(3)]
    folders = {rival.communicate(timeout=60)[0].splitlines()[-1] for rival in rivals}
    assert [rival.returncode for rival in rivals] == [0, 0, 0]
    assert len(folders) == 1
    assert (tmp_path / "calls").read_text().count("built") == 1


def test_a_build_that_raises_leaves_nothing(tmp_path: Path) -> None:
    def break_off(part: Path) -> None:
        (part / "half.txt").write_text("half")
        raise ValueError("broke off")

    store = Store(tmp_path)
    with pytest.raises(ValueError, match="broke off"):
        store.make("train", 1, {}, break_off)
    assert [p for p in tmp_path.rglob("*") if p.suffix != ".lock"] == [tmp_path / "train"]
    assert store.make("train", 1, {}, fill).is_dir()


def test_remove_stale_takes_the_dead_processes_folders_and_no_others(tmp_path: Path) -> None:
    victim, living = (start(tmp_path / name, tmp_path / "calls", 600) for name in ("dead", "alive"))
    for process in (victim, living):
        assert process.stdout is not None and process.stdout.readline() == "half\n"
    victim.kill()
    victim.wait()
    for name in ("dead", "alive"):
        Store(tmp_path / name).remove_stale()
    assert list((tmp_path / "dead").glob("*/.*.part")) == []
    assert len(list((tmp_path / "alive").glob("*/.*.part"))) == 1
    living.kill()
    living.wait()


def test_a_finished_stage_is_reused_and_named_by_its_key(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.make("train", 1, {"lr": 0.1}, fill)
    assert store.make("train", 1, {"lr": 0.1}, refuse) == folder
    assert folder == tmp_path / "train" / store.key("train", 1, {"lr": 0.1})
    assert json.loads((folder / "settings.json").read_text()) == {
        "stage": "train", "version": 1, "settings": {"lr": 0.1}
    }  # fmt: skip


def test_the_key_depends_on_everything_it_is_given_and_on_nothing_else(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Settings:
        lr: float

    key = Store(tmp_path).key
    assert key("train", 1, {"a": 1, "b": [1, 2]}) == Store("elsewhere").key("train", 1, {"b": (1, 2), "a": 1})
    assert key("train", 1, {"s": Settings(0.1)}) == key("train", 1, {"s": {"lr": 0.1}})
    others = [key("train", 2, {"a": 1}), key("score", 1, {"a": 1}), key("train", 1, {"a": 2}), key("train", 1, {})]
    assert len({key("train", 1, {"a": 1}), *others}) == 5
    with pytest.raises(ValueError, match="JSON"):
        key("train", 1, {"lr": float("nan")})
    with pytest.raises(TypeError, match="settings"):
        key("train", 1, {"path": tmp_path})


def flip_one_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["a.txt", "deep/b.bin", "settings.json", PROVENANCE])
def test_verify_finds_a_bit_that_changed_in_any_file(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    folder = store.make("train", 1, {"lr": 0.1}, fill)
    assert store.verify() == []
    flip_one_bit(folder / name)
    assert [problem.path for problem in store.verify()] == [folder / name]


def test_verify_finds_a_missing_a_truncated_and_an_added_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.make("train", 1, {}, fill)
    (folder / "a.txt").unlink()
    (folder / "deep" / "b.bin").write_bytes(bytes(99))
    (folder / "new.txt").write_text("new")
    found = {str(p.path.relative_to(folder)): p.what for p in store.verify()}
    assert found == {"a.txt": "missing", "deep/b.bin": "changed", "new.txt": "not made by this stage"}


def test_verify_finds_a_folder_without_provenance_and_one_under_another_key(tmp_path: Path) -> None:
    store = Store(tmp_path)
    moved = store.make("train", 1, {"lr": 0.1}, fill)
    moved.rename(moved.with_name("0" * 16))
    bare = store.make("train", 1, {"lr": 0.2}, fill)
    (bare / PROVENANCE).unlink()
    assert {problem.path for problem in store.verify()} == {moved.with_name("0" * 16), bare / PROVENANCE}


def test_a_folder_that_lost_its_provenance_is_made_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.make("train", 1, {}, fill)
    (folder / PROVENANCE).unlink()
    (folder / "a.txt").write_text("b")
    assert (store.make("train", 1, {}, fill) / "a.txt").read_text() == "a"
    assert store.verify() == []


def test_provenance_says_where_a_stage_comes_from(tmp_path: Path) -> None:
    def hold(part: Path) -> None:
        block = bytes([1]) * (64 << 20)
        (part / "size.txt").write_text(str(len(block)))
        time.sleep(0.05)

    record = json.loads((Store(tmp_path).make("train", 1, {}, hold) / PROVENANCE).read_text())
    assert record["seconds"] >= 0.05
    assert record["peak_rss_bytes"] > 64 << 20
    assert record["packages"]["hydra-core"] and record["python"] and record["device"] and record["started"]
    assert record["files"].keys() == {"size.txt", "settings.json"}
    assert {"commit", "dirty", "cpu_count", "energy_joules"} <= record.keys()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak since a moment")
def test_the_peak_memory_of_one_stage_is_not_that_of_the_stage_before(tmp_path: Path) -> None:
    with mmap.mmap(-1, 256 << 20) as big:  # given back when it is closed, as memory of the heap need not be
        big[:: mmap.PAGESIZE] = bytes(len(big) // mmap.PAGESIZE)
        before = provenance.peak_rss_bytes()
    provenance.Meter()
    assert provenance.peak_rss_bytes() < before - (128 << 20)


def test_identity_follows_content_and_names_and_is_remembered_by_path_size_and_time(tmp_path: Path) -> None:
    store, weights = Store(tmp_path / "store"), tmp_path / "weights"
    (weights / "unet").mkdir(parents=True)
    (weights / "unet" / "w.bin").write_bytes(b"one")
    os.utime(weights / "unet" / "w.bin", (1e9, 1e9))
    first = store.identity(weights)
    assert first == provenance.identity(weights) == store.identity(weights)

    (weights / "unet" / "w.bin").write_bytes(b"two")
    os.utime(weights / "unet" / "w.bin", (1e9, 1e9))
    assert store.identity(weights) == first  # same path, size and time: not read again, as the design says
    os.utime(weights / "unet" / "w.bin", (2e9, 1e9 + 1))
    assert store.identity(weights) != first
    assert provenance.identity(weights) == store.identity(weights)

    (weights / "unet" / "w.bin").rename(weights / "unet" / "v.bin")
    assert store.identity(weights) not in (first, provenance.identity(weights / "unet" / "v.bin"))
    with pytest.raises(FileNotFoundError):
        store.identity(tmp_path / "absent")


def test_a_trajectory_is_not_a_finished_stage_and_its_state_is_checked_by_its_own_name(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.folder("trajectory", "0" * 16)
    folder.mkdir(parents=True)
    state = folder / f"state-20-{hashlib.sha256(b'moments').hexdigest()[:16]}.safetensors"
    state.write_bytes(b"moments")
    (folder / ".state.part").write_bytes(b"half")
    assert store.verify() == [] and store.folders() == []
    state.write_bytes(b"moment.")
    assert [problem.path for problem in store.verify()] == [state]


def test_a_state_half_written_is_removed_unless_somebody_trains_on_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    halves = [store.folder("trajectory", digit * 16) / ".state.part" for digit in "01"]
    for half in halves:
        half.parent.mkdir(parents=True)
        half.write_bytes(b"half")
        (half.parent / "state-5-of-before.safetensors").write_bytes(b"whole")
    with store.claim("trajectory", "1" * 16):
        store.remove_stale()
    assert [half.exists() for half in halves] == [False, True]
    store.remove_stale()
    assert [sorted(path.name for path in half.parent.iterdir()) for half in halves] == [
        ["state-5-of-before.safetensors"]
    ] * 2
