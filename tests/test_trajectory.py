"""A training that is stopped anywhere, and resumed, is the training that was not: bit for bit, whatever learns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from sdbench.settings import Cell
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
