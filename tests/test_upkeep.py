"""Shedding, merging and collecting: whole or not at all, and nothing goes that something still needs."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sdbench import upkeep
from sdbench.errors import StoreError, UserError
from sdbench.folders import PROVENANCE
from sdbench.store import Store

ROOT = Path(__file__).parent.parent
SHEDDER = """
import os, signal, sys
from pathlib import Path
from sdbench import store as module
root, name = sys.argv[1:]
fatal = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
setattr(module if name == "sync" else Path, name, fatal)
store = module.Store(root)
store.shed(store.folders()[0], ["unet/weights.bin"])
"""


def fill(part: Path) -> None:
    (part / "unet").mkdir()
    (part / "unet" / "weights.bin").write_bytes(bytes(1000))
    (part / "loss.txt").write_text("0.1")
    (part / "result.json").write_text(json.dumps({"seconds": len(str(part))}))


def refuse(part: Path) -> None:
    raise AssertionError("this stage is finished: it must not be built again")


def made(store: Store, stage: str = "train", build: Callable[[Path], None] = fill, **settings: object) -> Path:
    return store.make(stage, 1, settings, build)


def test_a_folder_that_was_shed_verifies_and_says_what_went_and_is_made_anew_only_where_it_is_wanted_whole(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    folder = made(store)
    before = json.loads((folder / PROVENANCE).read_text())["files"]
    assert not store.is_shed(folder)
    for _ in range(2):
        store.shed(folder, ["unet/weights.bin", "absent.bin"])
    record = json.loads((folder / PROVENANCE).read_text())
    assert store.verify() == [] and store.is_shed(folder) and not (folder / "unet" / "weights.bin").exists()
    assert record["shed"] == {"unet/weights.bin": hashlib.sha256(bytes(1000)).hexdigest()}
    assert {**record["files"], **record["shed"]} == before
    assert store.make("train", 1, {}, refuse) == folder
    assert store.make("train", 1, {}, fill, whole=True) == folder
    assert (folder / "unet" / "weights.bin").exists() and not store.is_shed(folder) and store.verify() == []
    assert store.make("train", 1, {}, refuse, whole=True) == folder
    assert list(tmp_path.glob("*/.*.part")) == []


def test_settings_and_provenance_are_never_shed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="settings.json"):
        Store(tmp_path).shed(made(Store(tmp_path)), ["settings.json"])


@pytest.mark.parametrize(("dies_at", "shed"), [("sync", False), ("replace", False), ("unlink", True)])
def test_shedding_that_is_killed_leaves_a_folder_in_order_and_a_repeat_finishes_it(
    tmp_path: Path, dies_at: str, shed: bool
) -> None:
    store = Store(tmp_path)
    folder = made(store)
    killed = subprocess.run([sys.executable, "-c", SHEDDER, str(tmp_path), dies_at], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert (folder / "unet" / "weights.bin").exists()
    assert store.verify() == [] and store.is_shed(folder) == shed
    store.shed(folder, ["unet/weights.bin"])
    assert not (folder / "unet" / "weights.bin").exists()
    assert store.verify() == [] and store.is_shed(folder) and list(tmp_path.glob("*/.*.part")) == []


def test_what_is_read_or_built_on_is_shed_and_freed_only_afterwards(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = made(store)
    weights = folder / "unet" / "weights.bin"

    def draw(part: Path) -> None:
        shedding.start()
        shedding.join(0.3)
        assert shedding.is_alive() and weights.exists()
        assert upkeep.free(store, [upkeep.Unused(folder, 0)]) == [] and upkeep.unreferenced(store, tmp_path) == []

    shedding = threading.Thread(target=store.shed, args=(folder, ["unet/weights.bin"]))
    store.make("generate", 1, {"trained": folder.name}, draw)
    shedding.join(10)
    assert store.is_shed(folder) and not weights.exists()


def test_merging_copies_what_is_lacking_whole_and_a_second_time_nothing(tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    made(here, lr=1)
    theirs = [made(there, lr=1), made(there, lr=2), made(there, "score", lr=2)]
    there.shed(theirs[1], ["unet/weights.bin"])
    (theirs[1].parent / ".0000000000000000.part").mkdir()  # of someone at work
    (there.root / "trajectory" / "0000").mkdir(parents=True)
    merged = upkeep.merge(here, there)
    assert {str(path.relative_to(here.root)) for path in merged.copied} == {
        str(path.relative_to(there.root)) for path in theirs[1:]
    }
    assert merged.problems == [] and here.verify() == [] and len(here.folders()) == 3
    assert here.is_shed(here.folder("train", theirs[1].name))
    assert made(here, "score", refuse, lr=2).is_dir()
    assert upkeep.merge(here, there) == upkeep.Merged() and list(here.root.glob("*/.*.part")) == []


def test_a_damaged_folder_is_named_and_not_copied(tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    bits, torn, sound = (made(there, lr=lr) for lr in (1, 2, 3))
    (bits / "unet" / "weights.bin").write_bytes(bytes(999) + b"1")
    (torn / PROVENANCE).write_text((torn / PROVENANCE).read_text()[:-9])
    merged = upkeep.merge(here, there)
    assert {problem.path for problem in merged.damaged} == {bits / "unet" / "weights.bin", torn / PROVENANCE}
    assert [path.name for path in merged.copied] == [sound.name] == [path.name for path in here.folders()]


def test_the_same_key_with_other_bits_is_a_conflict_and_ours_is_kept_and_seconds_are_none(tmp_path: Path) -> None:
    def otherwise(part: Path) -> None:
        fill(part)
        (part / "loss.txt").write_text("0.2")

    here, there = Store(tmp_path / "here"), Store(tmp_path / "there, of a longer name")
    ours, _ = made(here, lr=1), made(there, "train", otherwise, lr=1)
    same = made(here, lr=2)
    assert (same / "result.json").read_text() != (made(there, lr=2) / "result.json").read_text()
    merged = upkeep.merge(here, there)
    assert [problem.path for problem in merged.conflicts] == [ours / "loss.txt"]
    assert merged.copied == merged.damaged == [] and (ours / "loss.txt").read_text() == "0.1"


def test_a_whole_folder_takes_the_place_of_one_that_was_shed_unless_it_is_damaged_or_read(tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    ours, theirs = made(here), made(there)
    assert upkeep.merge(there, here) == upkeep.Merged()
    here.shed(ours, ["unet/weights.bin"])
    assert upkeep.merge(there, here) == upkeep.Merged() and not there.is_shed(theirs)
    with here.reading(ours):
        assert upkeep.merge(here, there) == upkeep.Merged() and here.is_shed(ours)

    weights = (theirs / "unet" / "weights.bin").read_bytes()
    (theirs / "unet" / "weights.bin").write_bytes(weights[:-1] + b"1")
    assert [problem.path for problem in upkeep.merge(here, there).damaged] == [theirs / "unet" / "weights.bin"]
    assert here.is_shed(ours) and here.verify() == []
    (theirs / "unet" / "weights.bin").write_bytes(weights)

    assert upkeep.merge(here, there).copied == [ours]
    assert not here.is_shed(ours) and (ours / "unet" / "weights.bin").read_bytes() == weights
    assert here.verify() == [] and upkeep.merge(here, there) == upkeep.Merged()
    for store, folder in ((here, ours), (there, theirs)):
        store.shed(folder, ["unet/weights.bin"])
    assert upkeep.merge(here, there) == upkeep.Merged() and list(tmp_path.glob("*/*/.*.part")) == []


def state(store: Store, key: str, step: int) -> Path:
    content = bytes([step]) * 5000
    folder = store.folder("trajectory", key * 16)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"state-{step}-{hashlib.sha256(content).hexdigest()[:16]}.safetensors"
    path.write_bytes(content)
    return path


def test_the_state_of_a_training_that_is_further_on_is_taken_over_and_ours_stays(tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    behind, ahead = state(here, "a", 10), state(there, "a", 20)
    state(here, "b", 30), state(there, "b", 20)
    new = state(there, "c", 5)
    (there.folder("trajectory", "d" * 16)).mkdir()  # of a training that has not come so far
    with here.claim("trajectory", "a" * 16):  # somebody trains on it here
        assert upkeep.merge(here, there).copied == [here.folder("trajectory", "c" * 16)]
    with there.claim("trajectory", "a" * 16):  # there too, which is not waited for
        assert upkeep.merge(here, there).copied == [behind.parent]
    assert {path.name for path in behind.parent.iterdir()} == {behind.name, ahead.name}
    assert (behind.parent / ahead.name).read_bytes() == ahead.read_bytes()
    assert (here.folder("trajectory", "c" * 16) / new.name).is_file()
    assert len(list(here.folder("trajectory", "b" * 16).iterdir())) == 1
    assert here.verify() == [] and upkeep.merge(here, there) == upkeep.Merged()


def test_a_state_that_gives_way_to_the_next_while_it_is_taken_over_is_left_for_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    first, copy = state(there, "a", 20), shutil.copyfile

    def too_late(source: Path, target: Path) -> None:
        state(there, "a", 21)
        first.unlink()
        copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", too_late)
        assert upkeep.merge(here, there) == upkeep.Merged()
    assert upkeep.merge(here, there).copied == [here.folder("trajectory", "a" * 16)] and here.verify() == []


def test_a_damaged_state_is_named_and_not_taken_over(tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    torn = state(there, "a", 20)
    torn.write_bytes(torn.read_bytes()[:-1])
    merged = upkeep.merge(here, there)
    assert [problem.path for problem in merged.damaged] == [torn] and merged.copied == []
    assert list(here.folder("trajectory", "a" * 16).iterdir()) == []


def test_what_is_being_made_here_is_not_waited_for(tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    theirs = made(there)
    with here.claim("train", theirs.name):
        assert upkeep.merge(here, there) == upkeep.Merged()
    assert len(upkeep.merge(here, there).copied) == 1


def test_a_merge_that_is_killed_leaves_nothing_that_is_read_and_a_repeat_finishes_it(tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    made(there)
    script = (
        "import os, sys, shutil\n"
        "from sdbench import upkeep\n"
        "from sdbench.store import Store\n"
        "copy = shutil.copyfile\n"
        "def die(source, target):\n"
        "    copy(source, target)\n"
        "    os.kill(os.getpid(), 9)\n"
        "upkeep.shutil.copyfile = die\n"
        "upkeep.merge(Store(sys.argv[1]), Store(sys.argv[2]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(here.root), str(there.root)], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert list(here.root.glob("*/.*.part")) and here.folders() == [] and here.verify() == []
    assert len(upkeep.merge(here, there).copied) == 1
    assert here.verify() == [] and list(here.root.glob("*/.*.part")) == []


def cell(runs: Path, name: str, **stages: object) -> None:
    path = runs / "study" / name / "cell.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"status": "done", "stages": stages}))


def test_what_cells_name_and_what_that_needs_is_kept_and_the_rest_is_freed(tmp_path: Path) -> None:
    store, runs = Store(tmp_path / "store"), tmp_path / "runs"
    kept_class, lost_class = made(store, "generate", n=1), made(store, "generate", n=2)
    kept = made(store, class_images=kept_class.name)
    lost = made(store, class_images=lost_class.name)
    drew = made(store, lr=9)
    images, judged = made(store, "generate", trained=drew.name), made(store, "generate", trained=lost.name)
    scores, unread = made(store, "score", generate=judged.name), made(store, "score", generate=images.name)
    states = [store.root / "trajectory" / name for name in ("1" * 16, "2" * 16)]
    for state in states:
        state.mkdir(parents=True)
        (state / "state-9-0.safetensors").write_bytes(bytes(5000))
    cell(runs, "one", trajectory=f"trajectory/{states[0].name}", train=f"train/{kept.name}", generate=None)
    cell(runs, "two", generate=f"generate/{images.name}", score={"ocr": f"score/{scores.name}"})
    cell(runs, "three", score=None)

    unused = upkeep.unreferenced(store, runs)
    assert {one.path for one in unused} == {lost_class, lost, drew, unread, states[1]}
    assert {one.path: one.bytes for one in unused}[states[1]] == 5000
    with store.claim("trajectory", states[1].name):  # somebody trains on it
        assert states[1] not in {one.path for one in upkeep.free(store, unused)}
    assert [one.path for one in upkeep.free(store, unused)] == [states[1]]
    assert set(store.folders()) == {kept_class, kept, images, judged, scores}
    assert states[0].is_dir() and not states[1].exists() and upkeep.unreferenced(store, runs) == []
    assert made(store, "generate", refuse, n=1) == kept_class and made(store, lr=9) == drew


def test_an_audit_is_kept_as_long_as_a_score_by_its_judge_of_its_subject_is(tmp_path: Path) -> None:
    store, runs = Store(tmp_path / "store"), tmp_path / "runs"
    judge = {"kind": "clip_text", "settings": {"batch_size": 16}, "metric_version": 1, "judge": {"weights": "a"}}
    scores = made(store, "score", **judge, subject="dog", generate="0" * 16)
    lost = made(store, "score", **judge, subject="cat", generate="0" * 16)
    kept = made(store, "audit", **judge, subject="dog")
    others = {made(store, "audit", **judge, subject="cat"), made(store, "audit", **judge | {"judge": {"weights": "b"}},
                                                                 subject="dog")}  # fmt: skip
    cell(runs, "one", score={"clip_text": f"score/{scores.name}"})
    assert {one.path for one in upkeep.unreferenced(store, runs)} == {lost, *others}
    (runs / "study" / "one" / "cell.json").unlink()
    assert kept in {one.path for one in upkeep.unreferenced(store, runs)}


def test_freeing_that_is_killed_leaves_nothing_half_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = made(store)
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from sdbench import upkeep\n"
        "from sdbench.store import Store\n"
        "def die(path):\n"
        "    (path / 'loss.txt').unlink()\n"
        "    os.kill(os.getpid(), 9)\n"
        "upkeep.shutil.rmtree = die\n"
        "upkeep.free(Store(sys.argv[1]), [upkeep.Unused(Path(sys.argv[2]), 0)])\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path), str(folder)], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert not folder.exists() and store.folders() == [] and store.verify() == []
    store.remove_stale()
    assert [path.name for path in folder.parent.iterdir()] == [f".{folder.name}.lock"]


def test_without_runs_or_with_a_cell_that_cannot_be_read_nothing_is_called_unused(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    made(store)
    with pytest.raises(UserError, match="runs is not a folder"):
        upkeep.unreferenced(store, tmp_path / "runs")
    cell(tmp_path / "runs", "torn")
    path = tmp_path / "runs" / "study" / "torn" / "cell.json"
    path.write_text(path.read_text()[:-3])
    with pytest.raises(StoreError, match="torn/cell.json"):
        upkeep.unreferenced(store, tmp_path / "runs")


def test_every_place_that_uses_a_store_has_a_say(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    for name in ("a", "b"):
        cell(tmp_path / name, "cell", train=f"train/{made(store, of=name).name}")
    assert len(upkeep.unreferenced(store, tmp_path / "a")) == 1
    assert upkeep.unreferenced(store, [tmp_path / "a", tmp_path / "b"]) == []
