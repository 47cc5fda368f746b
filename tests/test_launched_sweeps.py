"""sdbench's own sweeps on Ray and Slurm: a node lost, a job preempted, and every cell is done in the end."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ray_cluster import OTHER, RayCluster
from slurm_cluster import SlurmCluster

from sdbench.config import ROOT
from sdbench.store import Store

pytestmark = pytest.mark.endurance

SMALL = ["-m", "method=lora", "train.lr=1e-3,2e-3", "train.steps=40,80", "train.batch_size=2", "train.state_every=5",
         "sampler.num_inference_steps=2", "sample.validation_seeds=[0]", "sample.test_seeds=[1000]", "metric=[yolo]",
         "threads=1", "study=s"]  # fmt: skip


def start(folder: Path, model: Path, environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sdbench.cli", "run", *SMALL, f"model.path={model}", *words]
    env = {**environment, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def wait_for_training(folder: Path, process: subprocess.Popen[str]) -> None:
    while not list((folder / "runs/.store/trajectory").glob("*/state-*")):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.2)


def statuses(folder: Path, process: subprocess.Popen[str]) -> list[str]:
    """Of every cell, once the sweep has ended well."""
    out = process.communicate(timeout=400)[0]
    assert process.returncode == 0, out
    return [json.loads(path.read_text())["status"] for path in (folder / "runs/s").glob("*/cell.json")]


@pytest.mark.timeout(600)
def test_a_sweep_on_ray_outlives_one_of_its_nodes(ray_cluster: RayCluster, tmp_path: Path, tiny_base: Path) -> None:
    words = ("hydra/launcher=ray_cluster", f"hydra.launcher.ray.init.address={ray_cluster.address}")
    process = start(tmp_path, tiny_base, ray_cluster.environment, *words)
    wait_for_training(tmp_path, process)
    ray_cluster.kill_node(OTHER)
    assert statuses(tmp_path, process) == ["done"] * 8
    assert Store(tmp_path / "runs/.store").verify() == []
    ray_cluster.start_node(OTHER)
    ray_cluster.wait()


@pytest.mark.timeout(600)
def test_a_sweep_on_slurm_goes_on_after_its_jobs_were_put_back(
    slurm_cluster: SlurmCluster, tmp_path: Path, tiny_base: Path
) -> None:
    process = start(tmp_path, tiny_base, slurm_cluster.environment, "hydra/launcher=slurm")
    wait_for_training(tmp_path, process)
    for job in [job for job, state in slurm_cluster.jobs().items() if state == "RUNNING"]:
        slurm_cluster.run("scontrol", "requeue", job)
    assert statuses(tmp_path, process) == ["done"] * 8
    assert Store(tmp_path / "runs/.store").verify() == []
