"""Hydra's launchers as conf/hydra/launcher sets them up: a real Ray of two nodes, a real Slurm of two nodes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from ray_cluster import HEAD, OTHER, RayCluster
from slurm_cluster import CPUS, NODES, SlurmCluster, wait

from sdbench.config import CONF

pytestmark = pytest.mark.endurance

APP = Path(__file__).parent / "launcher_app.py"
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}


@dataclass(frozen=True)
class Said:
    """A line of what a job said."""

    what: str
    pid: str
    node: str
    cards: str


@dataclass
class Sweep:
    """One of tests/launcher_app.py, in a process of its own."""

    folder: Path
    process: subprocess.Popen[str]

    def said(self, n: int) -> list[Said]:
        file = self.folder / str(n)
        return [Said(*line.split()) for line in file.read_text().splitlines()] if file.exists() else []

    def what(self, n: int) -> list[str]:
        return [said.what for said in self.said(n)]

    def running(self) -> list[int]:
        return [n for n in range(4) if self.what(n)[-1:] == ["start"]]

    def wait_for(self, count: int) -> list[int]:
        """Jobs, once so many run at the same time."""
        wait(lambda: len(self.running()) == count, 120, lambda: f"{self.running()} run, not {count}")
        return self.running()

    def end(self, code: int = 0) -> str:
        """What it printed, once jobs may end and it has ended with that exit code."""
        (self.folder / "go").touch()
        words, _ = self.process.communicate(timeout=200)
        assert self.process.returncode == code, words
        return words


Start = Callable[..., AbstractContextManager[Sweep]]


@contextmanager
def sweep(folder: Path, launcher: str, *overrides: str, environment: dict[str, str] | None = None) -> Iterator[Sweep]:
    command = [sys.executable, str(APP), "-m", "--config-dir", str(CONF), f"hydra/launcher={launcher}"]
    process = subprocess.Popen(
        [*command, f"folder={folder}", *overrides], env=environment or {**os.environ, **QUIET}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        yield Sweep(folder, process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # joblib's workers outlive who started them
        process.communicate()


@pytest.mark.parametrize("launcher", ["basic", "workers", "ray_local"])
def test_each_job_runs_once(tmp_path: Path, launcher: str) -> None:
    if launcher == "ray_local":
        pytest.importorskip("ray")
    with sweep(tmp_path, launcher, "n=range(3)") as run:
        run.end()
        assert [run.what(n) for n in range(3)] == [["start", "done"]] * 3


def test_workers_work_side_by_side(tmp_path: Path) -> None:
    with sweep(tmp_path, "workers", "n=0,1", "hold=true") as run:
        assert run.wait_for(2) == [0, 1]
        run.end()
        assert [run.what(n) for n in (0, 1)] == [["start", "done"]] * 2


def test_with_a_killed_worker_joblib_ends_and_says_so(tmp_path: Path) -> None:
    with sweep(tmp_path, "workers", "n=range(4)", "kill=true") as run:
        assert "TerminatedWorkerError" in run.end(code=1)


@pytest.fixture
def on_ray(ray_cluster: RayCluster, tmp_path: Path) -> Start:
    def start(*overrides: str) -> AbstractContextManager[Sweep]:
        address = f"hydra.launcher.ray.init.address={ray_cluster.address}"
        return sweep(tmp_path, "ray_cluster", address, *overrides, environment=ray_cluster.environment)

    return start


def test_a_cluster_of_ray_is_joined_by_its_address_and_all_of_its_nodes_work(on_ray: Start) -> None:
    with on_ray("n=range(4)", "hold=true") as run:
        assert {run.said(n)[0].node for n in run.wait_for(2)} == {HEAD, OTHER}
        run.end()
        assert [run.what(n) for n in range(4)] == [["start", "done"]] * 4


def test_ray_shares_a_card_out_in_fractions(on_ray: Start) -> None:
    half = [f"hydra.launcher.ray.remote.num_{what}=0.5" for what in ("cpus", "gpus")]
    with on_ray("n=range(4)", "hold=true", *half) as run:
        said = [run.said(n)[0] for n in run.wait_for(4)]
        assert sorted(one.node for one in said) == [HEAD, HEAD, OTHER, OTHER]
        assert {one.cards for one in said} == {"0"}
        run.end()


def test_with_a_node_killed_ray_starts_its_jobs_again_on_the_other(on_ray: Start, ray_cluster: RayCluster) -> None:
    with on_ray("n=range(3)", "hold=true") as run:
        (lost,) = [n for n in run.wait_for(2) if run.said(n)[0].node == OTHER]
        ray_cluster.kill_node(OTHER)
        run.end()
        assert run.what(lost) == ["start", "start", "done"]
        assert [said.node for said in run.said(lost)] == [OTHER, HEAD, HEAD]
        assert all(run.what(n) == ["start", "done"] for n in range(3) if n != lost)
    ray_cluster.start_node(OTHER)
    ray_cluster.wait()


def test_without_retries_a_worker_that_dies_ends_the_launch_which_says_so(on_ray: Start) -> None:
    with on_ray("n=range(3)", "kill=true", "hydra.launcher.ray.remote.max_retries=0") as run:
        assert "WorkerCrashedError" in run.end(code=1)


@pytest.fixture
def on_slurm(slurm_cluster: SlurmCluster, tmp_path: Path) -> Iterator[Start]:
    def start(*overrides: str) -> AbstractContextManager[Sweep]:
        return sweep(tmp_path, "slurm", *overrides, environment=slurm_cluster.environment)

    yield start
    slurm_cluster.clear()


def test_both_nodes_of_slurm_run_jobs(slurm_cluster: SlurmCluster) -> None:
    jobs = {node: slurm_cluster.sbatch("srun printenv SLURMD_NODENAME", f"--nodelist={node}") for node in NODES}
    slurm_cluster.wait(lambda: not slurm_cluster.jobs())
    for node, job in jobs.items():
        assert (slurm_cluster.folder / f"{job}.out").read_text().strip() == node


def test_an_array_of_slurm_runs_each_job_once_on_all_nodes(on_slurm: Start) -> None:
    with on_slurm("n=range(4)", "hold=true") as run:
        assert {run.said(n)[0].node for n in run.wait_for(2)} == set(NODES)
        run.end()
        assert [run.what(n) for n in range(4)] == [["start", "done"]] * 4


def test_a_job_that_slurm_preempts_runs_again_and_the_launcher_waits_for_it(
    on_slurm: Start, slurm_cluster: SlurmCluster
) -> None:
    with on_slurm("n=0,1", "hold=true") as run:
        run.wait_for(2)
        urgent = slurm_cluster.sbatch("sleep 1", "--partition=high", f"--cpus-per-task={CPUS}")
        slurm_cluster.wait(lambda: urgent not in slurm_cluster.jobs())
        run.end()
        assert sorted(run.what(n) for n in (0, 1)) == [["start", "done"], ["start", "start", "done"]]


def test_a_job_told_that_its_time_is_nearly_up_is_queued_again(on_slurm: Start, slurm_cluster: SlurmCluster) -> None:
    with on_slurm("n=0", "hold=true") as run:
        run.wait_for(1)
        (job,) = slurm_cluster.jobs()
        slurm_cluster.run("scancel", "--signal=USR2", job)
        slurm_cluster.wait(lambda: run.what(0) == ["start", "told"])
        run.end()
        assert run.what(0) == ["start", "told", "start", "done"]


def test_jobs_of_slurm_whose_processes_are_killed_run_again(on_slurm: Start) -> None:
    with on_slurm("n=0,1", "kill=true") as run:
        run.end()
        assert [run.what(n) for n in (0, 1)] == [["start", "start", "done"]] * 2


def test_a_job_whose_slurm_node_dies_runs_again_on_the_other(on_slurm: Start, slurm_cluster: SlurmCluster) -> None:
    with on_slurm("n=0", "hold=true") as run:
        run.wait_for(1)
        node = run.said(0)[0].node
        slurm_cluster.kill_node(node)
        run.end()
        assert run.what(0) == ["start", "start", "done"]
        assert run.said(0)[1].node != node
    slurm_cluster.start_node(node)
