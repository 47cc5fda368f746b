"""Packs in a sweep: which cells share one, what their keys say, and that a pack fails and resumes as its arms."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdbench.errors import StoreError
from sdbench.rows import Row
from sdbench.store import Store
from sdbench.sweep import jobs, plan, supervise, worker
from sdbench.trained import Warm
from tests.test_sweep import SMALL, children, ended, saved, states, trainings
from tests.test_sweep import sdbench as sdbench  # the fixture

Start = Callable[..., subprocess.Popen[str]]
PACKED = ["sweep.pack=3"]


@pytest.fixture
def planned(tiny_base: Path, tmp_path: Path) -> Callable[..., plan.Plan]:
    def made(*words: str) -> plan.Plan:
        return plan.of(None, [f"model.path={tiny_base}", f"store={tmp_path / 'store'}", "device=cpu", "threads=1",
                              "metric=[clip_text]", *words])  # fmt: skip

    return made


def keys(made: plan.Plan) -> dict[tuple[str, float], tuple[str, str]]:
    """Method and learning rate -> keys of its training and its trajectory."""
    found = {}
    for row, chain in made.rows_and_chains():
        if chain.train and chain.trajectory:
            found[row.cell.method.name, row.cell.train.lr] = (chain.train.key, chain.trajectory.key)
    return found


def test_arms_that_are_alike_share_packs_and_the_plan_says_why_others_do_not(planned: Callable[..., plan.Plan]) -> None:
    rank, text = "method.adapters.lora.rank=4,16", "method.adapters.lora.text_encoder_lr=null,1e-4"
    made = planned("method=lora", "train.lr=1e-3,2e-3", rank, text, "train.steps=2,4", *PACKED)
    summary = made.summary()
    assert summary["trainings"] == 8 and sorted(summary["packs"]) == [1, 3]
    assert summary["solo"] == {"lora: its text encoder learns too": 4}
    assert "4 of the trainings by themselves: lora: its text encoder learns too" in plan.text(summary)
    (pack,) = [job for job in made.jobs if len(job) == 6]
    assert [row.cell.train.steps for row in pack] == [2, 2, 2, 4, 4, 4]


@pytest.mark.parametrize(
    "apart",
    ["train.batch_size=1,2", "method.adapters.lora.targets=[to_q],[to_k]", "train.mixed_precision=no,bf16",
     "method.adapters.lora.rank=16,17", "method=lora,dreambooth_lora,textual_inversion"],
)  # fmt: skip
def test_arms_that_differ_in_the_shape_of_the_work_do_not_share_a_pack(
    apart: str, planned: Callable[..., plan.Plan]
) -> None:
    assert set(planned("method=lora", apart, *PACKED).summary()["packs"]) == {1}


def test_only_the_number_of_slots_is_in_an_arms_key_and_in_no_other(planned: Callable[..., plan.Plan]) -> None:
    few, many = (keys(planned("method=lora,dreambooth", f"train.lr={rate}", *PACKED)) for rate in ("1e-3", "1e-3,1e-4"))
    assert len(many) == 4 and few.items() <= many.items()
    alone, wider = (keys(planned("method=lora,dreambooth", "train.lr=1e-3", f"sweep.pack={n}")) for n in ("null", 4))
    assert few["dreambooth", 1e-3] == alone["dreambooth", 1e-3] == wider["dreambooth", 1e-3]
    assert len({key for found in (few, alone, wider) for key in found["lora", 1e-3]}) == 6


@pytest.mark.endurance
def test_a_pack_trains_its_arms_to_rows_of_their_own_and_a_repeat_costs_nothing(sdbench: Start, tmp_path: Path) -> None:
    words = ("run", "-m", *SMALL, *PACKED, "train.steps=30,32", "train.lr=1e-3,2e-3,1e30")
    said = ended(sdbench(*words), code=1)
    assert "3 of the trainings in packs of 3" in said
    found = states(sdbench)
    assert sorted(cell["state"] for cell in found.values() if "lora" in cell["cell"]) == ["diverged"] * 2 + ["done"] * 4
    assert sorted(result["steps_run"] for result in trainings(tmp_path)) == [0, 2, 2, 25, 30, 30]
    assert len(list((tmp_path / "runs/.store/train").glob("[!.]*/*.safetensors"))) == 4
    assert Store(tmp_path / "runs/.store").verify() == []
    assert "nothing to do" in ended(sdbench(*words), code=1)


@pytest.mark.endurance
def test_a_pack_that_cannot_be_trained_is_the_failure_of_each_of_its_arms(sdbench: Start, tmp_path: Path) -> None:
    wrong = "method.adapters.lora.targets=[no_such]"
    ended(sdbench("run", "-m", *SMALL, *PACKED, wrong, "train.steps=2", "train.lr=1e-3,2e-3"), code=1)
    failed = [cell for cell in states(sdbench).values() if cell["state"] == "failed"]
    assert len(failed) == 2 and all("no_such" in cell["cause"] for cell in failed)
    assert all((tmp_path / cell["log"]).is_file() for cell in failed)


LITTLE_MEMORY = """
import sys

if "sdbench.sweep.worker" in sys.orig_argv:
    import torch
    from sdbench import packed, train

    def held(whole, is_too_much):
        def made(self, *args):
            if is_too_much(*args):
                raise torch.OutOfMemoryError("CUDA out of memory.")
            whole(self, *args)
        return made

    packed.Pack.__init__ = held(packed.Pack.__init__, lambda orders, base, slots: slots > {slots})
    train.Run.__init__ = held(train.Run.__init__, lambda cell, *_: cell.train.gradient_accumulation_steps < {parts})
"""  # in the place of a card: no processor's memory runs out in a way that torch would say


@pytest.fixture
def little_memory(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, int], Path]:
    """Modules for workers whose memory holds packs of so many slots, and batches in at least so many parts."""

    def made(slots: int, parts: int) -> Path:
        folder = tmp_path_factory.mktemp("little")
        (folder / "sitecustomize.py").write_text(LITTLE_MEMORY.format(slots=slots, parts=parts))
        return folder

    return made


def tried(folder: Path) -> set[tuple[str, str]]:
    """Of the LoRAs: status, and what they were trained with in the end."""
    records = [json.loads(path.read_text()) for path in (folder / "runs/s").glob("lora-*/cell.json")]
    return {(record["status"], record.get("retried_with", "")) for record in records}


@pytest.mark.endurance
@pytest.mark.parametrize(
    ("grid", "slots", "said"),
    [(["train.steps=2,3", "train.lr=1e-3,2e-3,4e-3"], 2, "sweep.pack=2"), (["train.steps=2"], 1, "sweep.pack=null")],
)
def test_where_memory_holds_no_pack_smaller_ones_are_tried_and_a_repeat_trains_nothing(
    grid: list[str],
    slots: int,
    said: str,
    sdbench: Start,
    tmp_path: Path,
    little_memory: Callable[[int, int], Path],
) -> None:
    words, before = ("run", "-m", *SMALL, "sweep.pack=4", *grid), little_memory(slots, 1)
    ended(sdbench(*words, before=before))
    assert tried(tmp_path) == {("done", said)}
    made = sorted((tmp_path / "runs/.store/train").glob("[!.]*/result.json"))
    assert {result.get("slots", 1) for result in trainings(tmp_path)} == {slots}
    assert len(made) == (6 if slots == 2 else 1)
    times = [path.stat().st_mtime_ns for path in made]
    ended(sdbench(*words, before=before))
    assert times == [p.stat().st_mtime_ns for p in sorted((tmp_path / "runs/.store/train").glob("[!.]*/result.json"))]


def test_trainings_whose_pack_no_memory_held_are_made_one_trajectory_after_the_other(
    planned: Callable[..., plan.Plan], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = planned("method=lora", "train.lr=1e-3,2e-3", "train.steps=1,2,3")
    rows = sorted((row for row in made.rows if row.kind == "trained"), key=lambda row: row.cell.train.steps)
    job = jobs.Job("x", "s", tmp_path, "", jobs.Options(None, None, False), rows, one_base=True)
    asked: list[tuple[float, int]] = []

    def run(job: jobs.Job, rows: list[Row], train: bool) -> dict[str, Any]:
        asked.extend((row.cell.train.lr, row.cell.train.steps) for row in rows)
        return {"status": "done", "cause": None, "stages": {}}

    monkeypatch.setattr(supervise, "_run", run)
    assert supervise._train_grid(job, jobs.untrained(rows)) == {}
    one, other = asked[:3], asked[3:]
    assert [steps for _, steps in one] == [steps for _, steps in other] == [1, 2, 3]
    assert {rate for rate, _ in one} | {rate for rate, _ in other} == {1e-3, 2e-3} and one[0][0] != other[0][0]


def test_a_state_that_cannot_be_written_is_no_other_rows_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(warm: Warm) -> None:
        raise StoreError("no space left")

    monkeypatch.setattr(Warm, "leave", leave)
    worker._let_go()
    assert "no space left" in capsys.readouterr().err


@pytest.mark.endurance
@pytest.mark.parametrize(("option", "status"), [(["--smaller-batch"], "done"), ([], "out_of_memory")])
def test_a_training_that_memory_does_not_hold_has_half_the_micro_batch_only_where_asked(
    option: list[str], status: str, sdbench: Start, tmp_path: Path, little_memory: Callable[[int, int], Path]
) -> None:
    words = ("run", "-m", *SMALL, "train.steps=2,3", "train.lr=1e-3", *option)
    ended(sdbench(*words, before=little_memory(1, 2)), code=0 if option else 1)
    assert tried(tmp_path) == {(status, "train.gradient_accumulation_steps=2" if option else "")}


@pytest.mark.endurance
def test_a_killed_pack_fails_its_unfinished_arms_and_the_next_run_resumes_them(sdbench: Start, tmp_path: Path) -> None:
    words = ("run", "-m", *SMALL, *PACKED, "train.state_every=10", "train.steps=20,400", "train.lr=1e-3,2e-3")
    process = sdbench(*words)
    while saved(tmp_path / "runs", 30) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    for pid in children(process.pid):
        os.kill(pid, signal.SIGKILL)
    ended(process, code=1)
    cells = {name: cell["state"] for name, cell in states(sdbench).items() if "lora" in name}
    assert {state for name, state in cells.items() if "steps400" in name} == {"killed"}
    assert {state for name, state in cells.items() if "steps20" in name} == {"done"}
    ended(sdbench(*words))
    assert {cell["state"] for cell in states(sdbench).values()} == {"done"}
    long = [result for result in trainings(tmp_path) if result["steps"] == 400]
    assert len(long) == 2 and all(result["steps_run"] <= 370 for result in long)
    kept = [json.loads(path.read_text()) for path in (tmp_path / "runs/s").glob("lora-*/cell.json")]
    assert len(kept) == 4 and Store(tmp_path / "runs/.store").verify() == []
