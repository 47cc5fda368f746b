"""Several processes for one training: the steps of one, one record, and an end that all of them share."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from sdbench import backbones, devices, parallel, pipeline, subjects, train
from sdbench.errors import UserError
from sdbench.inputs import Batch, Inputs
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chains
from sdbench.store import Store
from sdbench.sweep import cards, plan
from sdbench.trajectory import Trajectory
from tests.failing import fails

MakeCell = Callable[..., Cell]
Fit = Callable[..., Path]
Tell = Callable[[str], None]
METHODS = {
    "full": ("method=dreambooth", "method.adapters.full.text_encoder_lr=1e-4", "train.lr=1e-3"),
    "lora": ("method=lora", "method.adapters.lora.text_encoder_lr=1e-3", "train.lr=1e-3"),
    "words": ("method=textual_inversion", "train.lr=1e-2"),
}


@dataclass(frozen=True)
class Order:
    """A training to be done by processes that share it."""

    cell: Cell
    folder: Path
    state: Path
    class_images: Path | None = None


def work(orders: list[Order], tell: Tell) -> None:
    """Every training, one after the other, as each process does it."""
    for order in orders:
        subject = subjects.load(replace(order.cell.subject, detector=None), 64)
        base = backbones.load(order.cell.model, "cpu")
        told = lambda backbone, learning, step: tell(f"step {step}")  # noqa: E731
        images = order.class_images if order.cell.method.prior else None
        train.train(order.cell, subject, base, images, Trajectory(order.state), order.folder, told)


def shared(orders: list[Order], task: Any = work) -> list[str]:
    """What is told while two processes do it."""
    heard: list[str] = []
    parallel.run(partial(task, orders), 2, "cpu", heard.append)
    return heard


def losses(folder: Path) -> np.ndarray:
    return pd.read_parquet(folder / "loss.parquet")["loss"].to_numpy()


def weights(folder: Path) -> dict[str, torch.Tensor]:
    files = sorted(folder.rglob("*.safetensors"))
    return {f"{path.relative_to(folder)} {k}": v.double() for path in files for k, v in load_file(path).items()}


def apart(one: Path, other: Path) -> float:
    """How far two trainings' weights are from each other, as the norm of all of them."""
    a, b = weights(one), weights(other)
    assert a.keys() == b.keys()
    return float(torch.stack([(a[k] - b[k]).square().sum() for k in a]).sum().sqrt())


def same_bits(one: Path, other: Path) -> bool:
    files = [path.relative_to(one) for path in sorted(one.rglob("*.safetensors"))]
    return np.array_equal(losses(one), losses(other)) and all(
        (one / file).read_bytes() == (other / file).read_bytes() for file in files
    )


@pytest.fixture
def order(make_cell: MakeCell, tmp_path: Path) -> Callable[..., Order]:
    """`order("name", "train.steps=3")`: for two processes; its folder has the name, class images are those of `fit`."""

    def make(name: str, *words: str, state: str = "") -> Order:
        (tmp_path / name).mkdir()
        state = state or f"{name}-state"
        cell = make_cell("train.processes=2", *words)
        return Order(cell, tmp_path / name, tmp_path / state, tmp_path / "class_images")

    return make


def test_two_processes_take_the_steps_of_one(make_cell: MakeCell, fit: Fit, order: Callable[..., Order]) -> None:
    """To the bit those of one process that adds up the same halves, to rounding those of the batch as a whole."""
    alone: dict[str, list[Path]] = {}
    orders: dict[str, list[Order]] = {}
    for method, words in METHODS.items():
        common = (*words, "train.batch_size=4")
        split = [(), *((f"train.gradient_accumulation_steps={n}",) for n in (2, 4))]
        start = fit(make_cell(*common, "train.steps=1", "train.lr=1e-12", "train.weight_decay=0"))
        alone[method] = [start, *(fit(make_cell(*common, "train.steps=6", *how)) for how in split)]
        orders[method] = [order(f"{method}-{i}", *common, "train.steps=6", *how) for i, how in enumerate(split[:2])]
    heard = shared([one for pair in orders.values() for one in pair])
    assert heard == 2 * len(METHODS) * [f"step {n}" for n in range(1, 7)]  # by one process
    for method, (start, whole, two, four) in alone.items():
        halves, quarters = (one.folder for one in orders[method])
        assert same_bits(two, halves)
        rounding = max(apart(whole, two), apart(whole, four))
        assert apart(four, quarters) <= 2 * rounding < 1e-2 * apart(start, whole)
        np.testing.assert_allclose(losses(quarters), losses(whole), rtol=1e-4)


def test_a_training_goes_on_in_another_number_of_processes(
    make_cell: MakeCell, fit: Fit, order: Callable[..., Order], tmp_path: Path
) -> None:
    common = (*METHODS["full"], "train.batch_size=4")
    halves = "train.gradient_accumulation_steps=2"
    whole = fit(make_cell(*common, "train.steps=6", halves))
    fit(make_cell(*common, "train.steps=3", halves), tmp_path / "alone-state")
    begun, gone_on = order("two", *common, "train.steps=3"), order("on", *common, "train.steps=6", state="alone-state")
    shared([begun, gone_on])
    for ended in (gone_on.folder, fit(make_cell(*common, "train.steps=6", halves), begun.state)):
        assert json.loads((ended / "result.json").read_text())["steps_run"] == 3 and same_bits(whole, ended)


def poisoned(orders: list[Order], tell: Tell) -> None:
    """`work`, where the second process meets a number that is none at the third step."""
    clean = Inputs.batch

    def batch(self: Inputs, step: int, batch_size: int, rows: range) -> Batch:
        found = clean(self, step, batch_size, rows)
        bad = step == 2 and os.environ["RANK"] == "1"
        return replace(found, latents=found.latents * float("nan")) if bad else found

    Inputs.batch = batch  # type: ignore[method-assign]
    work(orders, tell)


def test_a_loss_that_is_not_finite_in_one_process_ends_the_training_in_all(make_cell: MakeCell, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    cell = make_cell(*METHODS["lora"], "train.batch_size=2", "train.processes=2", "train.steps=40")
    shared([Order(cell, tmp_path / "folder", tmp_path / "state")], poisoned)
    result = json.loads((tmp_path / "folder" / "result.json").read_text())
    assert result["status"] == "diverged" and result["cause"] == "loss was nan at step 2"
    assert len(losses(tmp_path / "folder")) == 3 and not weights(tmp_path / "folder")


def is_there(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    ("how", "error", "said"),
    [
        ("memory", torch.OutOfMemoryError, "no 5 GB left"),
        ("bug", RuntimeError, "KeyError: 'gone'"),
        ("fatal", RuntimeError, "Fatal: gone"),
        ("killed", parallel.Killed, "process 1 of 2 was killed by SIGKILL"),
    ],
)
def test_a_process_that_fails_ends_all_and_its_error_is_the_one_raised(
    how: str, error: type[Exception], said: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=said):
        parallel.run(partial(fails, how, tmp_path), 2, "cpu", print)
    pids = [path.read_text() for path in tmp_path.iterdir()]
    assert len(pids) == 2 and not any(map(is_there, pids))


@pytest.mark.endurance
@pytest.mark.parametrize("end", (signal.SIGKILL, signal.SIGINT))
def test_the_processes_end_with_who_started_them(end: signal.Signals, tmp_path: Path) -> None:
    script = (
        "from functools import partial; from pathlib import Path\n"
        "from sdbench import parallel; from tests.failing import fails\n"
        f"parallel.run(partial(fails, 'hangs', Path({str(tmp_path)!r})), 2, 'cpu', lambda what: None)"
    )
    root = Path(__file__).parent.parent
    starter = subprocess.Popen([sys.executable, "-c", script], cwd=root, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while len([p for p in tmp_path.iterdir() if p.read_text()]) < 2:
        assert starter.poll() is None and time.monotonic() < until
        time.sleep(0.1)
    starter.send_signal(end)
    starter.wait(30)
    pids = [path.read_text() for path in tmp_path.iterdir()]
    while any(map(is_there, pids)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(is_there, pids))


def chain(cell: Cell) -> Any:
    return Chains(Store(cell.store).identity).of(Row("trained", replace(cell, threads=1), [], "x", ""))


def test_the_number_of_processes_is_in_the_key_only_where_it_is_not_one(make_cell: MakeCell) -> None:
    one, two = (chain(make_cell("train.batch_size=4", f"train.processes={n}")) for n in (1, 2))
    assert "processes" not in one.train.settings["train"] and two.train.settings["train"]["processes"] == 2
    assert one.trajectory.key != two.trajectory.key and one.train.key != two.train.key
    assert one.class_images is None or one.class_images.key == two.class_images.key


def test_a_cell_of_two_processes_runs_from_config_to_images(make_cell: MakeCell, tmp_path: Path) -> None:
    cell = make_cell("method=lora", "train.batch_size=4", "train.processes=2", "train.preview_every=1")
    row = Row("trained", replace(cell, metrics={}, threads=1), [], "x", "")
    heard: list[str] = []
    record = pipeline.run(row, Store(cell.store), tmp_path / "previews", heard.append)
    assert record["status"] == "done" and "training step 2 of 2" in heard
    result = json.loads((Path(cell.store) / record["stages"]["train"] / "result.json").read_text())
    assert result["steps"] == 2 and result["weight_bytes"] > 0 and list((tmp_path / "previews").glob("*.png"))
    assert list((Path(cell.store) / record["stages"]["trajectory"]).glob("state-2-*"))


def test_a_training_of_several_processes_is_not_packed_and_the_plan_says_why(make_cell: MakeCell) -> None:
    found = chain(make_cell("method=lora", "train.batch_size=4", "train.processes=2", "sweep.pack=4")).packing
    assert found.slots is None and "train.processes=2" in found.solo


def test_processes_that_cannot_share_the_batch_or_find_no_card_are_refused(
    make_cell: MakeCell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match=r"train.processes \(3\) cannot share micro-batches of 2"):
        make_cell("train.batch_size=4", "train.gradient_accumulation_steps=2", "train.processes=3")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2")
    assert devices.resolve("cuda", 3) == devices.resolve("auto", 3) == "cuda"
    with pytest.raises(UserError, match="train.processes is 4, and this machine shows 3 cards"):
        plan.placed(replace(make_cell("train.batch_size=4", "train.processes=4"), device="cuda"))
    with pytest.raises(UserError, match="device is 'cuda:1', where train.processes can only be 1"):
        devices.resolve("cuda:1", 2)


def test_a_worker_holds_as_many_cards_as_its_cell_takes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2")
    asked = f"import sys; sys.path.insert(0, {str(Path(__file__).parent.parent)!r})\n"
    asked += "from sdbench.sweep import cards; print(cards.take(int(sys.argv[1])))"

    def another(count: int) -> str:
        done = subprocess.run([sys.executable, "-c", asked, str(count)], capture_output=True, text=True)
        return done.stdout.strip()

    assert cards.take(2) == ["0", "1"] and another(1) == "['2']" and another(2) == "[]"
    assert cards.take(1) == ["0"] and another(2) == "['1', '2']"
    assert cards.take(3) == ["0", "1", "2"] and another(1) == "[]"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    assert cards.take(1) == []
