"""Sweeps as a user runs them: shared work is done once, a failure is a row, and repeating the command mends it."""

from __future__ import annotations

import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path

import pandas as pd
import pytest

from sdbench import upkeep
from sdbench.config import ROOT
from sdbench.store import Store
from sdbench.sweep import jobs, launch, plan

SMALL = ["method=lora", "train.batch_size=2", "sampler.num_inference_steps=2", "sample.validation_seeds=[0]",
         "sample.test_seeds=[1000]", "metric=[yolo,ocr]", "study=s"]  # fmt: skip
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def sdbench(tmp_path: Path, tiny_base: Path) -> Start:
    """Run the console command on the tiny base, in an empty folder. before: folder of modules that come first."""

    def start(*words: str, before: Path = ROOT) -> subprocess.Popen[str]:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (before, ROOT))), "OMP_NUM_THREADS": "1"}
        said = any(word.startswith("model.path=") for word in words)
        model = [f"model.path={tiny_base}"] if words[0] in ("run", "plan") and not said else []
        command = [sys.executable, "-m", "sdbench.cli", *words, *model]
        return subprocess.Popen(
            command, cwd=tmp_path, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    return start


def ended(process: subprocess.Popen[str], code: int = 0) -> str:
    out, err = process.communicate(timeout=250)
    assert process.returncode == code, out + err
    return out + err


def states(sdbench: Start) -> dict[str, dict[str, str]]:
    return {cell["cell"]: cell for cell in json.loads(ended(sdbench("status", "s", "--json")))}


def trainings(folder: Path) -> list[dict[str, int]]:
    return [json.loads(path.read_text()) for path in (folder / "runs/.store/train").glob("[!.]*/result.json")]


def test_a_steps_grid_costs_its_longest_training_and_a_repeat_costs_nothing(sdbench: Start, tmp_path: Path) -> None:
    words = ("-m", *SMALL, "train.steps=4,8,12", "sampler.num_inference_steps=1,2")
    planned = json.loads(ended(sdbench("plan", "--json", *words)))
    wanted = {"cells": 14, "trainings": 1, "checkpoints": 3, "training_steps": 12, "training_steps_unshared": 24,
              "images": 6 * 10 + 4 * 10, "reused": 0}  # fmt: skip
    assert wanted.items() <= planned.items()
    ended(sdbench("run", *words))
    assert sum(result["steps_run"] for result in trainings(tmp_path)) == 12
    assert len(list((tmp_path / "runs/.store/train").glob("[!.]*/*.safetensors"))) == 3
    assert saved(tmp_path / "runs", 12) == saved(tmp_path / "runs", 0) == 1  # for who trains on
    assert {cell["state"] for cell in states(sdbench).values()} == {"done"}
    assert "nothing to do" in ended(sdbench("run", *words))
    again = json.loads(ended(sdbench("plan", "--json", *words)))
    assert (again["cells_done"], again["training_steps"], again["images"]) == (14, 0, 0)
    assert again["seconds"]["high"] == 0


def test_a_cell_that_raises_or_diverges_is_a_row_and_the_others_run(sdbench: Start, tmp_path: Path) -> None:
    words = ("-m", *SMALL, "train.steps=30", "train.lr=1e-3,1e30", "method.adapters.lora.targets=[to_q],[no_such]")
    said = ended(sdbench("run", *words), code=1)
    found = states(sdbench)
    count = {state: sum(cell["state"] == state for cell in found.values()) for state in ("done", "diverged", "failed")}
    assert count == {"done": 5, "diverged": 1, "failed": 2}  # three floors, the ceiling, and one cell
    failed = next(cell for cell in found.values() if cell["state"] == "failed")
    assert "no_such" in failed["cause"] and failed["retry"] in said
    assert "Traceback" in (tmp_path / failed["log"]).read_text()

    before = len(trainings(tmp_path))
    retry = shlex.split(failed["retry"])[1:]
    ended(sdbench(*[word for word in retry if not word.startswith("model.path")]), code=1)
    assert len(trainings(tmp_path)) == before and states(sdbench)[failed["cell"]]["state"] == "failed"
    ended(sdbench("report", "s"))
    table = pd.read_csv(tmp_path / "reports/s/leaderboard.csv")
    assert sorted(table["status"]) == sorted(["done"] * 5 + ["diverged"] + ["failed"] * 2)
    wrong = table[table["status"] != "done"]
    assert wrong["cause"].notna().all() and wrong["yolo"].isna().all()
    assert "loss was" in wrong.loc[wrong["status"] == "diverged", "cause"].item()


@pytest.fixture
def broken(tmp_path: Path, tiny_base: Path) -> None:
    """A base in the folder `broken`, without the weights of its UNet."""
    shutil.copytree(tiny_base, tmp_path / "broken")
    (tmp_path / "broken" / "unet" / "diffusion_pytorch_model.safetensors").unlink()


@pytest.mark.usefixtures("broken")
def test_a_base_that_cannot_be_loaded_is_said_once_and_ends_the_sweep(sdbench: Start, tmp_path: Path) -> None:
    said = ended(sdbench("run", "-m", *SMALL, "train.steps=1", "train.lr=1e-3,2e-3", "model.path=broken"), code=1)
    assert [cell["state"] for cell in states(sdbench).values()] == ["failed", *["waiting"] * 5]
    (failed,) = [cell for cell in states(sdbench).values() if cell["state"] == "failed"]
    assert failed["cause"].startswith("model.path 'broken' cannot be loaded (Error no file named diffusion")
    assert "5 cells wait" in said and "Traceback" in (tmp_path / failed["log"]).read_text()


@pytest.mark.endurance
@pytest.mark.usefixtures("broken")
def test_a_base_that_cannot_be_loaded_leaves_the_cells_of_another_alone(sdbench: Start, tiny_base: Path) -> None:
    ended(sdbench("run", "-m", *SMALL, "train.steps=1", "metric=[yolo]", f"model.path={tiny_base},broken"), code=1)
    found = [cell["state"] for cell in states(sdbench).values()]
    assert "waiting" not in found and {"done", "failed"} == set(found)


@pytest.mark.parametrize(("path", "wrong"), [("no_such", "no such folder"), ("empty", "has no model_index.json")])
def test_a_base_that_is_no_folder_of_diffusers_is_refused_before_anything_runs(
    path: str, wrong: str, sdbench: Start, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    said = ended(sdbench("run", "-m", *SMALL, "train.lr=1e-3,2e-3", f"model.path={path}"), code=2)
    assert wrong in said and len(said.splitlines()) == 1 and not (tmp_path / "runs/s").exists()


@pytest.mark.endurance
def test_the_sweep_stops_after_as_many_failures_as_it_may_bear(sdbench: Start) -> None:
    targets = "method.adapters.lora.targets=[no_such],[nor_such],[to_q]"
    ended(sdbench("run", "-m", *SMALL, "train.steps=2", targets, "--fail-fast"), code=1)
    found = [cell["state"] for cell in states(sdbench).values()]
    assert found == ["done", "done", "done", "done", "failed", "waiting", "waiting"]


@pytest.mark.endurance
def test_a_cell_past_its_time_limit_is_timed_out(sdbench: Start) -> None:
    ended(sdbench("run", *SMALL, "train.steps=1000000", "--time-limit=90"), code=1)
    (cell,) = [cell for cell in states(sdbench).values() if cell["state"] != "done"]
    assert cell["state"] == "timed_out" and "90 seconds" in cell["cause"]


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def saved(runs: Path, steps: int) -> int:
    """How many trainings have a state of so many steps or more."""
    states = (runs / ".store/trajectory").glob("*/state-*")
    return sum(int(path.name.split("-")[1]) >= steps for path in states)


@pytest.mark.endurance
def test_a_killed_worker_fails_its_cell_alone_and_the_next_run_resumes_its_training(
    sdbench: Start, tmp_path: Path
) -> None:
    words = ("run", "-m", *SMALL, "train.steps=400", "train.state_every=10", "train.lr=1e-3,2e-3")
    process = sdbench(*words)
    while not list((tmp_path / "runs/.store/trajectory").glob("*/state-*")):
        assert process.poll() is None
        time.sleep(0.1)
    for worker in children(process.pid):
        os.kill(worker, signal.SIGKILL)
    ended(process, code=1)
    found = states(sdbench)
    killed = [cell for cell in found.values() if cell["state"] != "done"]
    assert [(cell["state"], "SIGKILL" in cell["cause"]) for cell in killed] == [("killed", True)]
    ended(sdbench(*words))
    assert {cell["state"] for cell in states(sdbench).values()} == {"done"}
    assert sorted(result["steps_run"] < 400 for result in trainings(tmp_path)) == [False, True]
    assert Store(tmp_path / "runs/.store").verify() == []


@pytest.mark.endurance
def test_a_sweep_killed_between_checkpoints_loses_none_of_them(sdbench: Start, tmp_path: Path) -> None:
    words = ("run", "-m", *SMALL, "train.steps=2,4,300", "train.state_every=10")
    process, runs = sdbench(*words), tmp_path / "runs"
    while not saved(runs, 10):
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.communicate()
    made = {path: path.stat().st_mtime_ns for path in (runs / ".store/train").glob("[!.]*/result.json")}
    assert len(made) == 2 and not list(runs.glob("s/lora-*/cell.json"))
    while "running" in {cell["state"] for cell in states(sdbench).values()}:  # the worker goes a moment later
        time.sleep(0.1)
    assert upkeep.unreferenced(Store(runs / ".store"), runs) == []
    ended(sdbench(*words))
    assert all(path.stat().st_mtime_ns == before for path, before in made.items())
    assert max(result["steps_run"] for result in trainings(tmp_path)) <= 290
    assert not list(runs.glob("s/*/begun.json"))


def test_a_command_that_leaves_cells_out_of_its_study_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    jobs.write_json(jobs.RUNS / "s" / "study.json", {"cells": ["base", "lora-a"]})
    launch._tell_of_others("s", ["base", "lora-b"])
    assert "1 other cells (lora-a" in caplog.text and "another study=" in caplog.text
    caplog.clear()
    launch._tell_of_others("s", ["base", "lora-a", "lora-b"])
    launch._tell_of_others("new", ["base"])
    assert not caplog.text


def test_a_worker_that_cannot_read_what_it_is_asked_ends_and_says_why() -> None:
    ours, theirs = Pipe()
    command = [sys.executable, "-m", "sdbench.sweep.worker", str(theirs.fileno())]
    process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True)
    ours.send_bytes(b"csdbench.rows\nNoSuchRow\n.")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1 and "NoSuchRow" in said.splitlines()[-1]


def test_one_bad_cell_of_a_grid_is_named_and_nothing_starts(sdbench: Start, tmp_path: Path) -> None:
    said = ended(sdbench("run", "-m", *SMALL, "train.steps=2,few"), code=2)
    assert "train.steps is 'few'" in said and "Traceback" not in said
    assert "train.stesp" in ended(sdbench("run", "-m", *SMALL, "train.stesp=2,3"), code=2)
    assert "--only lorra" in ended(sdbench("run", *SMALL, "--only", "lorra"), code=2)
    assert "no_such" in ended(sdbench("run", *SMALL, "hydra/launcher=no_such"), code=2)
    assert not (tmp_path / "runs/s").exists() and not (tmp_path / "runs/.store/train").exists()


@pytest.mark.endurance
@pytest.mark.parametrize(("keep", "left"), [("last", [6]), ("scores", [])])
def test_weights_stay_as_the_setting_says_and_come_back_when_they_are_needed(
    keep: str, left: list[int], sdbench: Start, tmp_path: Path
) -> None:
    words = ("-m", *SMALL, "train.steps=2,4,6", f"train.keep={keep}")
    ended(sdbench("run", *words))
    store = Store(tmp_path / "runs/.store")
    held = [json.loads((path.parent / "result.json").read_text())["steps"]
            for path in store.root.glob("train/[!.]*/*.safetensors")]  # fmt: skip
    assert sorted(held) == left and store.verify() == []
    assert "nothing to do" in ended(sdbench("run", *words))
    if keep == "last":
        ended(sdbench("run", "-m", *SMALL, "train.steps=2,4", "sampler.num_inference_steps=1"))
        assert len(list(store.root.glob("train/[!.]*/*.safetensors"))) == 3 and store.verify() == []


def test_a_thousand_finished_cells_are_nothing_to_do_in_ten_seconds(
    sdbench: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_base: Path
) -> None:
    words = [*SMALL, "train.steps=range(1,1001)", f"model.path={tiny_base}"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    made = plan.of(None, words)

    def build(folder: Path) -> None:
        (folder / "result.json").write_text('{"status": "done", "cause": null}')

    for stage in (stage for chain in made.chains for stage in chain.all()):
        made.store.make(stage.name, stage.version, stage.settings, build)
    job = jobs.Job("x", "s", tmp_path, "", jobs.Options(None, None, False), made.rows, one_base=True)
    for row, chain in made.rows_and_chains():
        outcome = jobs.finished(chain, made.store)
        assert outcome is not None
        job.record(row, outcome)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "all 1004 cells are done; nothing to do" in ended(sdbench("run", "-m", *words[:-1]))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)  # what it took of a core: other tests want theirs meanwhile
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10
