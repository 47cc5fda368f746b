"""A tiny Stable-Diffusion-shaped base with random weights, and cells that train on it in a second."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import ray_cluster
import slurm_cluster

from sdbench import config, subjects
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.store import Store
from sdbench.subjects import Subject
from tests.tiny_base import SAVE, on, save_tiny_base

os.environ["HF_HUB_OFFLINE"] = "1"  # names of the hub fail at once; without a network they fail after a minute
EMPTY = tempfile.TemporaryDirectory()
os.environ["HF_HUB_CACHE"] = EMPTY.name  # which models this machine has is no test's business
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"  # where the tests' own servers are


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny_base")
    save_tiny_base(folder)
    return folder


@pytest.fixture(scope="session")
def on_family(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """`on_family("stable_diffusion_xl")`: overrides for a cell on a tiny base of that family."""
    root = tmp_path_factory.mktemp("families")

    def overrides(family: str) -> list[str]:
        if not (root / family).exists():
            SAVE[family](root / family)
        return on(family, root / family)

    return overrides


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def make_cell(tiny_base: Path, tmp_path: Path) -> Callable[..., Cell]:
    """`make_cell("method=lora", "train.steps=3")`: a cell on the tiny base, two images, four inference steps."""

    def make(*overrides: str) -> Cell:
        cell = config.compose_cell([
            f"model.path={tiny_base}", f"store={tmp_path / 'store'}", "device=cpu", "train.steps=2",
            "train.batch_size=2", "sampler.num_inference_steps=4", "sampler.batch_size=2",
            "sample.validation_seeds=[0]", "sample.test_seeds=[1]", *overrides,
        ])  # fmt: skip
        prior = cell.method.prior and replace(cell.method.prior, images=2)
        return replace(cell, method=replace(cell.method, prior=prior))

    return make


@pytest.fixture
def run_cell(tmp_path: Path) -> Callable[..., dict[str, Path]]:
    """All stages of a cell but scores, as a worker makes them: stage -> its folder."""

    def run(cell: Cell, kind: str = "trained") -> dict[str, Path]:
        from sdbench import pipeline

        row = Row(kind, replace(cell, metrics={}, threads=1), [], "x", "")
        record = pipeline.run(row, Store(cell.store), tmp_path / "previews", lambda what: None)
        assert record["status"] == "done", record
        return {stage: Path(cell.store) / path for stage, path in record["stages"].items() if isinstance(path, str)}

    return run


@pytest.fixture
def logo() -> Subject:
    """The shipped logo subject, without its detector."""
    return subjects.load(replace(config.compose_cell(["subject=red_hugo_logo"]).subject, detector=None), 64)


@pytest.fixture
def fit(logo: Subject, tmp_path: Path) -> Callable[..., Path]:
    """Train a cell into a fresh folder, class images included, from a trajectory's state where one is given."""

    def run(cell: Cell, trajectory: Path | None = None, watch: Any = None) -> Path:
        folder = tmp_path / f"run{len(list(tmp_path.glob('run*')))}"
        folder.mkdir()
        from sdbench import backbones, generate
        from sdbench.stages import class_samples
        from sdbench.train import train
        from sdbench.trajectory import Trajectory

        prior = None
        if cell.method.prior:
            prior = tmp_path / "class_images"
            if not prior.exists():
                wanted = class_samples(cell, logo)
                generate.generate(generate.Source(cell, logo, "tiny"), cell.method.prior.sampler, wanted, prior)
        base = backbones.load(cell.model, "cpu")
        train(cell, logo, base, prior, Trajectory(trajectory or tmp_path / f"{folder.name}-state"), folder, watch)
        return folder

    return run


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Every backbone of the presets in its real architecture, the largest with narrow MLPs, with random weights."""
    import open_clip
    import torch
    from safetensors.torch import save_file
    from transformers import Dinov2Config, Dinov2Model, ViTConfig, ViTModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("protocols")
    small = {"hidden_size": 384, "num_attention_heads": 6}
    for patch in (16, 8):
        ViTModel(ViTConfig(**small, intermediate_size=1536, patch_size=patch)).save_pretrained(folder / f"s{patch}")
    Dinov2Model(Dinov2Config(**small, patch_size=14, image_size=518)).save_pretrained(folder / "v2s")
    wide = Dinov2Config(hidden_size=768, num_attention_heads=12, patch_size=14, image_size=518, mlp_ratio=1)
    Dinov2Model(wide).save_pretrained(folder / "v2b")
    state = open_clip.create_model("ViT-B-32-quickgelu").half().state_dict()
    save_file({key: value.contiguous() for key, value in state.items()}, folder / "clip.safetensors")
    yield {path.stem: str(path) for path in folder.iterdir()}
    shutil.rmtree(folder)


@pytest.fixture(scope="session", name="slurm_cluster")
def _slurm_cluster() -> Iterator[slurm_cluster.SlurmCluster]:
    """Slurm's controller and two nodes, on this machine. No job of another test is left in it."""
    _need(slurm_cluster.missing())
    with slurm_cluster.running() as cluster:
        yield cluster


@pytest.fixture(scope="session", name="ray_cluster")
def _ray_cluster() -> Iterator[ray_cluster.RayCluster]:
    """Two nodes of Ray, on this machine. Who kills one starts it again."""
    _need(ray_cluster.missing())
    with ray_cluster.running() as cluster:
        yield cluster


def _need(missing: str | None) -> None:
    """Where SDBENCH_CI is set, as .ci/run does, what is missing fails a test that elsewhere it skips."""
    if missing:
        (pytest.fail if os.environ.get("SDBENCH_CI") else pytest.skip)(missing)
