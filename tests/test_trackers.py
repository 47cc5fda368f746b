"""Trackers mirror what is recorded, once, where others can read it; one that fails warns once and stops nobody."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from study_folder import Folder, by_seed
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from wandb.proto import wandb_internal_pb2

from sdbench import trackers
from sdbench.config import CONF, compose_cell
from sdbench.conversion import kinds
from sdbench.trackers.base import reading
from sdbench.trackers.wandb import identify

CELL = "lora-lr0.001-seed0"
BLOCK, HEADER = 32768, 7  # of LevelDB's log format, which wandb writes
FULL, FIRST, LAST = 1, 2, 4


@pytest.fixture(autouse=True)
def no_wandb_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDB_MODE", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """One cell: two prompts at seeds 0, 1 (validation), 10, 11, 12 (test); `ocr` cannot judge seed 12."""
    made = Folder(tmp_path)
    yolo = by_seed(0.1, {10: 0.4, 11: 0.5, 12: 0.6})
    made.cell("lora", "lr0.001", {"yolo": yolo, "ocr": by_seed(1.0, {12: None})}, lr=1e-3, steps=40)
    return made


def record(folder: Folder, cell: str = CELL) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder.runs / folder.study / cell / "cell.json").read_text())
    return content


def tracker_of(folder: Folder, kinds: str) -> trackers.Tracker:
    return trackers.create(compose_cell([f"tracker={kinds}"]).tracker, folder.runs)


def mirrored(folder: Folder, kind: str) -> Path:
    """Where `kind` has mirrored the fixture's cell."""
    tracker = tracker_of(folder, kind)
    tracker.mirror(record(folder))
    tracker.close()
    return folder.runs / folder.study / f".{kind}"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "sdbench.trackers" and r.levelno == logging.WARNING]


def payloads(data: bytes) -> Iterator[bytes]:
    """Records of wandb's file: a header of 7 bytes, then LevelDB's log, whose blocks chunks never cross."""
    at, whole = HEADER, b""
    while at + HEADER <= len(data):
        if BLOCK - at % BLOCK < HEADER:
            at += BLOCK - at % BLOCK
            continue
        _, length, kind = struct.unpack_from("<IHB", data, at)
        whole = (b"" if kind in (FULL, FIRST) else whole) + data[at + HEADER : at + HEADER + length]
        at += HEADER + length
        if kind in (FULL, LAST):
            yield whole


def wandb_run(place: Path, stage: str) -> tuple[Any, list[dict[str, Any]], dict[str, Any]]:
    """The only run of a stage: how it began, its history, its last summary."""
    (file,) = place.glob(f"offline-run-*-{identify('tiny', CELL, stage)}/*.wandb")
    records = [wandb_internal_pb2.Record.FromString(payload) for payload in payloads(file.read_bytes())]
    (run,) = (one.run for one in records if one.WhichOneof("record_type") == "run")
    history = [_plain(one.history.item) for one in records if one.WhichOneof("record_type") == "history"]
    summary: dict[str, Any] = {}
    for one in records:
        summary |= _plain(one.summary.update)
    return run, history, summary


def _plain(items: Any) -> dict[str, Any]:
    return {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in items}


def test_wandb_gets_an_offline_run_for_each_stage_with_group_job_type_id_and_loss(folder: Folder) -> None:
    place = mirrored(folder, "wandb")
    runs = {stage: wandb_run(place, stage) for stage in ("train", "generate", "score")}
    for stage, (run, _, summary) in runs.items():
        assert (run.run_group, run.job_type, run.display_name, run.project) == ("tiny", stage, CELL, "sdbench")
        assert run.run_id == identify("tiny", CELL, stage)
        assert summary["status"] == "done"
    _, history, summary = runs["train"]
    losses = [(row["_step"], row["loss"], row["lr"]) for row in history if "loss" in row]
    assert [step for step, *_ in losses] == list(range(40))
    assert losses[0][1:] == (1.2, 0.001)
    assert summary["train_seconds"] == 10.0 and summary["weight_bytes"] == 50_000


def test_wandb_gets_means_with_their_counts_and_the_images(folder: Folder) -> None:
    place = mirrored(folder, "wandb")
    _, (scores,), _ = wandb_run(place, "score")
    assert scores["test/yolo"] == pytest.approx(0.5) and scores["validation/yolo"] == pytest.approx(0.1)
    assert (scores["test/ocr n"], scores["test/ocr n_unscored"]) == (4, 2)
    _, (images,), _ = wandb_run(place, "generate")
    assert images["images"] == 10 and images["seconds"] == 3.5
    (file,) = place.glob("*/files/media/images/grid*.png")
    assert file.name == Path(images["grid/path"]).name
    assert Image.open(file).size == (5 * reading.TILE_PX, 2 * (reading.TILE_PX + reading.CAPTION_PX) + 16)


def test_tensorboard_gets_the_same(folder: Folder) -> None:
    events = EventAccumulator(str(mirrored(folder, "tensorboard") / CELL)).Reload()
    assert [(event.step, round(event.value, 4)) for event in events.Scalars("train/loss")][:1] == [(0, 1.2)]
    assert len(events.Scalars("train/lr")) == 40
    assert events.Scalars("score/test/yolo")[0].value == pytest.approx(0.5)
    assert events.Scalars("score/test/ocr n_unscored")[0].value == 2
    assert events.Scalars("train/train_seconds")[0].value == 10.0
    assert events.Images("generate/grid")[0].width == 5 * reading.TILE_PX
    (about,) = events.Tensors("train/about")
    assert b"- method: lora" in about.tensor_proto.string_val[0]


@pytest.mark.parametrize("kind", ["wandb", "tensorboard"])
def test_a_cell_is_mirrored_once_and_anew_where_a_stage_changed(folder: Folder, kind: str) -> None:
    def files() -> set[Path]:
        return {path for path in place.rglob("*") if path.suffix == ".wandb" or "tfevents" in path.name}

    place = mirrored(folder, kind)
    first = files()
    trackers._process.cache_clear()  # as in another supervisor, later
    mirrored(folder, kind)
    assert files() == first and len(first) == 3
    again = record(folder)
    again["stages"]["score"] = {"k_yolo": again["stages"]["score"]["k_yolo"]}
    time.sleep(1.1)  # names hold seconds
    tracker = tracker_of(folder, kind)
    tracker.mirror(again)
    tracker.close()
    assert len(files()) == 3 and len(files() & first) == 2


def test_a_cell_that_failed_is_shown_with_its_cause(folder: Folder) -> None:
    folder.cell("lora", "lr1", lr=1.0, steps=40, status="failed", cause="it broke", stages={})
    tracker = tracker_of(folder, "[wandb,tensorboard]")
    tracker.mirror(record(folder, "lora-lr1-seed0"))
    tracker.close()
    events = EventAccumulator(str(folder.runs / "tiny" / ".tensorboard" / "lora-lr1-seed0")).Reload()
    assert b"failed: it broke" in events.Tensors("train/about")[0].tensor_proto.string_val[0]
    assert list((folder.runs / "tiny" / ".wandb").glob("offline-run-*-lr1-seed0-train-*"))


@pytest.mark.parametrize("kind", ["wandb", "tensorboard"])
def test_a_place_that_cannot_be_written_is_warned_of_once(
    folder: Folder, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.runs / "tiny" / f".{kind}").write_text("a file where the folder should be")
    for _ in range(3):  # jobs of one supervisor
        tracker = tracker_of(folder, kind)
        tracker.mirror(record(folder))
        tracker.mirror(record(folder))
        tracker.close()
    (said,) = warnings(caplog)
    assert f"the tracker {kind} stopped" in said and f".{kind}" in said


def test_a_tracker_that_is_killed_is_warned_of_once_and_the_other_goes_on(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    tracker = tracker_of(folder, "[wandb,tensorboard]")
    process = tracker.processes[0].process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    for _ in range(3):
        tracker.mirror(record(folder))
        tracker.close()
    (said,) = warnings(caplog)
    assert "the tracker wandb stopped (killed by SIGKILL)" in said
    assert list((folder.runs / "tiny" / ".tensorboard" / CELL).iterdir())


def test_a_tracker_that_hangs_neither_blocks_nor_is_waited_for_forever(
    folder: Folder, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trackers, "CLOSE_SECONDS", 0.2)
    tracker = tracker_of(folder, "tensorboard")
    process = tracker.processes[0].process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    began = time.monotonic()
    for _ in range(500):  # more than a pipe holds
        tracker.mirror(record(folder))
    tracker.close()
    tracker.close()
    assert time.monotonic() - began < 30
    process.kill()
    (said,) = warnings(caplog)
    assert "not done with 500 cells" in said


def test_a_supervisor_that_is_killed_leaves_its_tracker_to_finish_and_end(folder: Folder) -> None:
    script = (
        "import json, os, sys; from pathlib import Path; from sdbench import trackers\n"
        "from sdbench.trackers.tensorboard import Settings\n"
        "tracker = trackers.create({'tensorboard': Settings()}, Path(sys.argv[1]))\n"
        "tracker.mirror(json.loads(sys.argv[2])); print(tracker.processes[0].process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", script, str(folder.runs), json.dumps(record(folder))]
    pid = int(subprocess.run(command, capture_output=True, text=True).stdout)
    deadline = time.monotonic() + 60
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(pid)
    assert len(list((folder.runs / "tiny" / ".tensorboard" / CELL).iterdir())) == 3


@pytest.mark.parametrize("kind", ["wandb", "tensorboard"])
def test_ctrl_c_is_for_the_supervisor_who_still_gets_everything_mirrored(folder: Folder, kind: str) -> None:
    for lr in range(5):
        folder.cell("lora", f"lr{lr}", lr=float(lr), steps=40)
    script = (
        "import json, os, signal, sys; from pathlib import Path; from sdbench import trackers\n"
        "from sdbench.config import compose_cell\n"
        "signal.signal(signal.SIGINT, lambda *_: None)\n"
        "tracker = trackers.create(compose_cell(['tracker=' + sys.argv[1]]).tracker, Path(sys.argv[2]))\n"
        "first, *others = json.loads(sys.argv[3]); tracker.mirror(first); tracker.close()\n"
        "[tracker.mirror(other) for other in others]; os.killpg(0, signal.SIGINT); tracker.close()\n"
        "print(tracker.processes[0].unanswered, tracker.processes[0].process is not None)\n"
    )
    records = json.dumps([record(folder, cell) for cell in folder.cells])
    command = [sys.executable, "-c", script, kind, str(folder.runs), records]
    done = subprocess.run(command, capture_output=True, text=True, start_new_session=True)
    assert done.stdout == "0 True\n", done.stderr


def test_an_online_wandb_that_has_no_key_asks_nobody_and_says_so_once(
    folder: Folder, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", "online")
    monkeypatch.setenv("HOME", str(tmp_path))  # where keys are kept
    for name in ("WANDB_API_KEY", "NETRC", "WANDB_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    for _ in range(2):
        mirrored(folder, "wandb")
    (said,) = warnings(caplog)
    assert "UsageError: No API key configured" in said and "\n" not in said


def test_last_words_are_the_exception_however_many_lines_it_has() -> None:
    raised = 'noise\nTraceback (most recent call last):\n  File "x.py", line 1\nOSError: no\nmore of it\n  and more\n'
    assert trackers._last_words(raised) == "OSError: no"
    assert trackers._last_words("one\ntwo\n\n") == "two"
    assert trackers._last_words("") == ""


def _lives(pid: int) -> bool:
    """Whether it runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_an_offline_wandb_calls_nobody(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: called.append(server.accept()), daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("WANDB_API_KEY", "0" * 40)
        for name in ("WANDB_BASE_URL", "HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
            monkeypatch.setenv(name, address)
        mirrored(folder, "wandb")
        assert not called


def test_wandb_mode_of_the_environment_goes_before_the_setting(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "disabled")
    assert not list(mirrored(folder, "wandb").glob("*run-*"))


def test_no_tracker_starts_nothing_and_none_imports_torch(folder: Folder) -> None:
    assert trackers.create(compose_cell([]).tracker, folder.runs).processes == ()
    script = (
        "import json, sys; from pathlib import Path\n"
        "from sdbench import trackers; from sdbench.trackers import tensorboard, wandb\n"
        "assert not {'pandas', 'wandb', 'tensorboard'} & set(sys.modules), 'heavy for a supervisor'\n"
        "from sdbench.trackers.base import __main__ as child\n"
        "for mirror in (wandb.Wandb(wandb.Settings('p', 'offline')), tensorboard.TensorBoard()):\n"
        "    child.show(mirror, json.loads(sys.argv[1]), Path(sys.argv[2]) / type(mirror).__name__)\n"
        "print(sorted({'torch', 'tensorflow'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", script, json.dumps(record(folder)), str(folder.runs)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stdout + done.stderr
    assert list((folder.runs / "TensorBoard" / CELL).iterdir())


def test_ids_are_short_safe_and_of_one_stage_only() -> None:
    names = [("a", "b-c", "train"), ("a-b", "c", "train"), ("a", "b c", "train"), ("a", "x" * 300, "train")]
    ids = {identify(*name) for name in names}
    assert len(ids) == len(names) and max(map(len, ids)) <= 128
    assert identify("tiny", CELL, "train").startswith(f"tiny-{CELL}-train-")


def test_every_kind_has_a_file_and_every_file_a_kind() -> None:
    assert {path.stem for path in (CONF / "tracker").glob("*.yaml")} - {"none"} == set(kinds("sdbench.trackers"))
