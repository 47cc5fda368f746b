"""A training that is stopped anywhere, and resumed, is the training that was not: bit for bit, whatever learns."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from sdbench import backbones
from sdbench.settings import Cell
from sdbench.subjects import Subject
from sdbench.train import Run, go_on
from sdbench.trajectory import State, Trajectory
from tests.test_train import METHODS, losses

STEPS, CUTS, CHAINS = 36, 9, 3  # of each of four methods: 108 cut points
MakeCell = Callable[..., Cell]
Fit = Callable[..., Path]


class Cut(Exception):
    """The power fails."""


def cut_at(step: int) -> Callable[..., None]:
    def watch(backbone: object, learning: object, done: int) -> None:
        if done >= step:
            raise Cut

    return watch


def weights(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.safetensors")}


@pytest.mark.parametrize("chain", range(CHAINS))
@pytest.mark.parametrize("method", METHODS)
def test_a_run_cut_at_many_random_steps_ends_as_the_one_that_was_not(
    method: str, chain: int, make_cell: MakeCell, fit: Fit, tmp_path: Path
) -> None:
    common = (f"method={method}", f"train.steps={STEPS}", f"train.seed={chain}", "train.lr=1e-3")
    whole = fit(make_cell(*common, "train.state_every=0"))
    rng = np.random.default_rng([chain, METHODS.index(method)])
    for cut in sorted(rng.choice(np.arange(1, STEPS), CUTS, replace=False)):
        with pytest.raises(Cut):
            fit(make_cell(*common, f"train.state_every={rng.integers(1, 4)}"), tmp_path / "state", cut_at(int(cut)))
    resumed = fit(make_cell(*common), tmp_path / "state")
    assert json.loads((resumed / "result.json").read_text())["steps_run"] < STEPS
    assert np.array_equal(losses(whole), losses(resumed))
    assert weights(whole) == weights(resumed) != {}


def test_checkpoints_of_one_trajectory_are_those_of_trainings_of_their_own_and_no_step_is_run_twice(
    make_cell: MakeCell, fit: Fit, tmp_path: Path
) -> None:
    grid = range(10, 60, 10)
    shared = [fit(make_cell("method=lora", f"train.steps={steps}"), tmp_path / "state") for steps in grid]
    assert [json.loads((f / "result.json").read_text())["steps_run"] for f in shared] == [10] * 5
    alone = fit(make_cell("method=lora", "train.steps=30"))
    assert weights(alone) == weights(shared[2]) and np.array_equal(losses(alone), losses(shared[2]))


@pytest.mark.parametrize("method", METHODS)
def test_a_run_kept_in_memory_between_its_checkpoints_is_the_one_read_from_its_states(
    method: str, make_cell: MakeCell, logo: Subject, fit: Fit, tmp_path: Path
) -> None:
    cells = [make_cell(f"method={method}", "method.prior=null", f"train.steps={steps}") for steps in (3, 6, 9)]
    run = Run(cells[0], logo, backbones.load(cells[0].model, "cpu"), None)
    for cell in cells:
        folder = tmp_path / f"kept-{cell.train.steps}"
        folder.mkdir()
        go_on(run, cell, Trajectory(tmp_path / "kept"), folder)
        read = fit(cell, tmp_path / "read")
        assert weights(folder) == weights(read) != {} and np.array_equal(losses(folder), losses(read))
        assert json.loads((folder / "result.json").read_text())["steps_run"] == 3
    kept, read_anew = (Trajectory(tmp_path / name).load(9) for name in ("kept", "read"))
    assert kept and read_anew and kept.tensors.keys() == read_anew.tensors.keys()
    assert all(torch.equal(kept.tensors[name], read_anew.tensors[name]) for name in kept.tensors)


def test_half_precision_with_loss_scaling_off_and_accumulation_resume_exactly_too(
    make_cell: MakeCell, fit: Fit, tmp_path: Path
) -> None:
    common = ("method=dreambooth", "train.steps=8", "train.batch_size=4", "train.gradient_accumulation_steps=2",
              "train.mixed_precision=bf16", "train.schedule=cosine", "train.warmup_steps=3")  # fmt: skip
    whole = fit(make_cell(*common))
    with pytest.raises(Cut):
        fit(make_cell(*common, "train.state_every=1"), tmp_path / "state", cut_at(4))
    resumed = fit(make_cell(*common), tmp_path / "state")
    assert weights(whole) == weights(resumed) and np.array_equal(losses(whole), losses(resumed))


def test_a_trajectory_that_diverged_is_not_run_again_for_more_steps(
    make_cell: MakeCell, fit: Fit, tmp_path: Path
) -> None:
    common = ("method=dreambooth", "train.lr=1e20")
    first, second = (fit(make_cell(*common, f"train.steps={n}"), tmp_path / "state") for n in (60, 90))
    results = [json.loads((folder / "result.json").read_text()) for folder in (first, second)]
    assert [r["status"] for r in results] == ["diverged", "diverged"] and results[0]["cause"] == results[1]["cause"]
    assert results[1]["steps_run"] == 0 and np.array_equal(losses(first), losses(second), equal_nan=True)


def state(step: int) -> State:
    return State(step, {"losses": torch.full((step,), 0.5)}, {"finite": True})


def test_a_damaged_state_is_not_read_and_training_starts_from_before_it(tmp_path: Path) -> None:
    trajectory = Trajectory(tmp_path)
    trajectory.save(state(7))
    (path,) = tmp_path.glob("state-*")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert trajectory.load(10) is None


def test_the_newest_state_alone_is_kept_and_a_shorter_run_does_not_displace_it(tmp_path: Path) -> None:
    trajectory = Trajectory(tmp_path)
    for step in (3, 9, 6):
        trajectory.save(state(step))
    assert [path.name.split("-")[1] for path in tmp_path.glob("state-*")] == ["9"]
    assert trajectory.load(8) is None and trajectory.step(8) == 0
    found = trajectory.load(9)
    assert found is not None and found.step == 9 and len(found.tensors["losses"]) == 9


def test_a_copys_bytes_are_those_of_the_state_when_it_was_saved(tmp_path: Path) -> None:
    rows = torch.randn(3, 5, 4, 4)
    tensors = {"a": rows.to(memory_format=torch.channels_last), "b": rows[1], "step": torch.tensor(7.0)}
    with Trajectory(tmp_path / "thread").writing() as save:
        for step in (7, 8):
            whole = {name: tensor.contiguous() for name, tensor in tensors.items()}
            Trajectory(tmp_path / "at once").save(State(step, whole, {"finite": True}))
            save(State(step, tensors, {"finite": True}))
            for tensor in tensors.values():
                tensor += 1
    files = [next((tmp_path / name).iterdir()) for name in ("at once", "thread")]
    assert files[0].name == files[1].name and files[0].read_bytes() == files[1].read_bytes()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A disk that takes nothing in before this is set; after a minute it fails."""
    may_go_on, fsync = threading.Event(), os.fsync

    def slow(file: int) -> None:
        if not may_go_on.wait(60):
            raise TimeoutError
        fsync(file)

    monkeypatch.setattr(os, "fsync", slow)
    return may_go_on


def test_training_goes_on_while_its_state_is_written_and_a_resumed_one_is_the_same(
    disk: threading.Event, make_cell: MakeCell, fit: Fit, tmp_path: Path
) -> None:
    common = ("method=dreambooth", "train.steps=9", "train.lr=1e-3")

    def watch(backbone: object, learning: object, done: int) -> None:
        if done == 5:
            assert list((tmp_path / "state").glob("state-*")) == []
            disk.set()
        if done == 8:
            raise Cut

    with pytest.raises(Cut):
        fit(make_cell(*common, "train.state_every=3"), tmp_path / "state", watch)
    assert Trajectory(tmp_path / "state").step(9) == 6
    resumed, whole = fit(make_cell(*common), tmp_path / "state"), fit(make_cell(*common))
    assert weights(resumed) == weights(whole) and np.array_equal(losses(resumed), losses(whole))


def test_one_state_at_a_time_is_written_and_the_next_is_taken_after_it(disk: threading.Event, tmp_path: Path) -> None:
    with Trajectory(tmp_path).writing() as save:
        save(state(3))
        assert list(tmp_path.glob("state-*")) == []
        threading.Timer(0.2, disk.set).start()
        save(state(6))
        assert [path.name.split("-")[1] for path in tmp_path.glob("state-*")] in (["3"], ["6"])
    assert Trajectory(tmp_path).step(9) == 6 and not (tmp_path / ".state.part").exists()


def test_an_error_that_ends_a_training_waits_for_the_state_and_stays_itself(
    disk: threading.Event, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt), Trajectory(tmp_path).writing() as save:
        save(state(3))
        threading.Timer(0.2, disk.set).start()
        raise KeyboardInterrupt
    assert Trajectory(tmp_path).step(9) == 3
    (tmp_path / "file").touch()
    with pytest.raises(KeyboardInterrupt), Trajectory(tmp_path / "file").writing() as save:
        save(state(3))
        raise KeyboardInterrupt


@pytest.mark.parametrize("saves", (1, 2))
def test_what_fails_in_writing_is_raised_by_the_next_save_or_at_the_end(saves: int, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    reached = 0
    with pytest.raises(FileExistsError), Trajectory(tmp_path / "file").writing() as save:
        for reached in range(saves):
            save(state(reached + 1))
        reached = saves
    assert reached == 1


def test_a_full_disk_ends_the_training_as_itself(
    make_cell: MakeCell, fit: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for every in (0, 1):
        with pytest.raises(OSError, match="No space left"):
            fit(make_cell("method=lora", "train.steps=3", f"train.state_every={every}"))


def test_a_process_that_is_killed_while_it_writes_leaves_the_state_before(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, torch\n"
        "from pathlib import Path\n"
        "from sdbench.trajectory import State, Trajectory\n"
        "with Trajectory(Path(sys.argv[1])).writing() as save:\n"
        "    save(State(3, {'losses': torch.ones(3)}, {}))\n"
        "    save(State(6, {'losses': torch.ones(6)}, {}))\n"
        "    while not list(Path(sys.argv[1]).glob('state-6-*')): pass\n"
        "    os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    save(State(9, {'losses': torch.ones(9)}, {}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], timeout=60)
    assert done.returncode == -9 and (tmp_path / ".state.part").exists()
    found = Trajectory(tmp_path).load(9)
    assert found is not None and found.step == 6


def test_the_seconds_that_saving_held_a_training_up_are_told_and_go_on_where_it_is_resumed(
    make_cell: MakeCell, fit: Fit, tmp_path: Path
) -> None:
    def stalled(folder: Path) -> float | None:
        told: float | None = json.loads((folder / "result.json").read_text())["stall_seconds"]
        return told

    cell = make_cell("method=lora", "train.steps=3", "train.state_every=1")
    first, again = (stalled(fit(cell, tmp_path / "state")) for _ in range(2))
    known = Trajectory(tmp_path / "state").load(3)
    assert known is not None and first is not None and again is not None
    assert 0 < known.facts["stall_seconds"] < min(first, again)
    del known.facts["stall_seconds"]  # a state of before this was counted
    Trajectory(tmp_path / "older").save(known)
    assert stalled(fit(cell, tmp_path / "older")) is None
