"""A step as a CUDA graph: the same bits as without."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from sdbench import backbones
from sdbench.graphed import WARMUP, Learn, copied, fill
from sdbench.inputs import Batch
from sdbench.settings import Cell
from sdbench.subjects import Subject
from sdbench.train import Run, train
from sdbench.trajectory import Trajectory

MakeCell = Callable[..., Cell]
needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


def run_of(cell: Cell, subject: Subject) -> Run:
    return Run(cell, subject, backbones.load(cell.model, cell.device), None)


def test_memory_that_a_batch_was_copied_to_holds_what_it_is_filled_with(make_cell: MakeCell, logo: Subject) -> None:
    inputs = run_of(make_cell("method=lora"), logo).inputs
    first, second = inputs.batch(0, 4, range(4)), inputs.batch(1, 4, range(4))
    held = copied(first)
    before = held.latents.data_ptr()
    fill(held, second)
    assert held.latents.data_ptr() == before != first.latents.data_ptr()
    assert all(torch.equal(a, b) for a, b in zip(numbers(held), numbers(second), strict=True))
    assert torch.equal(first.noise, inputs.batch(0, 4, range(4)).noise)


def numbers(batch: Batch) -> list[torch.Tensor]:
    assert batch.text is not None
    return [batch.latents, batch.noise, batch.times, batch.weights, batch.framing, *batch.text.values()]


def test_without_cuda_a_step_is_no_graph(make_cell: MakeCell, logo: Subject) -> None:
    run = run_of(make_cell("method=lora", "train.cuda_graph=true"), logo)
    run.advance()
    assert run.graph is None and run.step == 1


class Keeping:
    """Keeps of its calls what a graph does: its batches, and the loss."""

    def __call__(self, learn: Learn, batches: Sequence[Batch]) -> torch.Tensor:
        self.batches, self.loss = [copied(batch) for batch in batches], learn(batches)
        return self.loss.clone()


def test_a_run_that_nobody_holds_is_gone_at_once(make_cell: MakeCell, logo: Subject) -> None:
    """And what it held of an accelerator's memory, without a collector of garbage that may not come for long."""
    run = run_of(make_cell("method=dreambooth", "method.prior=null"), logo)
    run.graph = Keeping()  # type: ignore[assignment]  # where there is a card: a Graphed
    run.advance()
    weight, moment = (weakref.ref(t) for t in (run.parameters[0], run.optimizer.state[run.parameters[0]]["exp_avg"]))
    gc.collect()
    gc.disable()
    try:
        del run
        assert weight() is None and moment() is None
    finally:
        gc.enable()


@pytest.fixture
def deterministic() -> Iterator[None]:
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


@needs_cuda
@pytest.mark.usefixtures("deterministic")
@pytest.mark.parametrize("method", ["lora", "dreambooth", "dreambooth_lora"])
@pytest.mark.parametrize("accumulation", [1, 2])
def test_a_replay_gives_the_bits_of_the_step_as_it_was(
    method: str, accumulation: int, make_cell: MakeCell, logo: Subject, tmp_path: Path
) -> None:
    words = (f"method={method}", "method.prior=null", "train.mixed_precision=bf16", f"train.steps={WARMUP + 6}",
             "train.schedule=linear", f"train.gradient_accumulation_steps={accumulation}")  # fmt: skip
    folders = []
    for graph in ("true", "false"):
        cell = replace(make_cell(*words, f"train.cuda_graph={graph}"), device="cuda", deterministic=True)
        folder = tmp_path / graph
        folder.mkdir()
        train(cell, logo, backbones.load(cell.model, "cuda"), None, Trajectory(folder / "state"), folder)
        folders.append(folder)
    tables = [pd.read_parquet(folder / "loss.parquet") for folder in folders]
    pd.testing.assert_frame_equal(*tables, check_exact=True)
    paths = [sorted(folder.rglob("*.safetensors")) for folder in folders]
    for one, other in zip(*([p for p in found if "state" not in p.parts] for found in paths), strict=True):
        weights = load_file(one), load_file(other)
        assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[1])


@needs_cuda
@pytest.mark.usefixtures("deterministic")
def test_a_training_that_goes_on_from_a_state_is_graphed_to_the_same_end(
    make_cell: MakeCell, logo: Subject, tmp_path: Path
) -> None:
    def trained(steps: list[int], name: str) -> pd.DataFrame:
        for i, count in enumerate(steps):
            folder = tmp_path / f"{name}-{i}"
            folder.mkdir()
            cell = make_cell("method=lora", f"train.steps={count}", "train.cuda_graph=true")
            cell = replace(cell, device="cuda")
            base = backbones.load(cell.model, "cuda")
            train(cell, logo, base, None, Trajectory(tmp_path / f"{name}-state"), folder)
        return pd.read_parquet(folder / "loss.parquet")

    pd.testing.assert_frame_equal(trained([12], "whole"), trained([5, 12], "parts"), check_exact=True)
