"""Early stopping in a sweep: what is trained is what the rule names, by one worker, several, or one that is killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sdbench import results
from sdbench.store import Store
from tests.test_sweep import SMALL, children, ended, states, trainings
from tests.test_sweep import sdbench as sdbench  # the fixture

Start = Callable[..., subprocess.Popen[str]]
RATES, RUNGS = (1e-4, 1e-3, 1e-2, 1e-1), (2, 4, 8)
EARLY = ["metric=[clip_text]", f"train.lr={','.join(map(str, RATES))}", f"train.steps={','.join(map(str, RUNGS))}",
         "sweep.early_stopping={metric: clip_text, reduction_factor: 2}"]  # fmt: skip
WORDS = ("run", "-m", *SMALL, *EARLY)
Cells = dict[tuple[float, int], str]


def cells(sdbench: Start) -> Cells:
    """(learning rate, steps) -> state of each trained cell."""
    found = {}
    for name, cell in states(sdbench).items():
        if name.startswith("lora-"):
            rate, steps = name.removeprefix("lora-lr").split("-seed")[0].split("_steps")
            found[float(rate), int(steps)] = cell["state"]
    return found


def score(folder: Path, rate: float, steps: int) -> float:
    """As the store has it; a KeyError or the like for what was never scored."""
    record = json.loads((folder / f"runs/s/lora-lr{rate:g}_steps{steps}-seed0/cell.json").read_text())
    value = results.validation_mean([{**record, "store": str(folder / record["store"])}], "clip_text")
    assert value is not None
    return value


def by_hand(folder: Path) -> set[tuple[float, int]]:
    """What one worker trains: a promotion where there is one, the highest rung's first, else the next learning rate."""
    reached: dict[int, dict[float, float]] = {steps: {} for steps in RUNGS}

    def next_one() -> tuple[float, int] | None:
        for below, steps in [(4, 8), (2, 4)]:
            best = sorted(reached[below], key=lambda rate: -reached[below][rate])[: len(reached[below]) // 2]
            if left := [rate for rate in best if rate not in reached[steps]]:
                return left[0], steps
        return next(((rate, 2) for rate in RATES if rate not in reached[2]), None)

    while found := next_one():
        rate, steps = found
        reached[steps][rate] = score(folder, rate, steps)
    return {(rate, steps) for steps, rates in reached.items() for rate in rates}


def done(found: Cells) -> set[tuple[float, int]]:
    assert set(found.values()) == {"done", "stopped"} and len(found) == len(RATES) * len(RUNGS)
    return {place for place, state in found.items() if state == "done"}


def test_one_worker_trains_what_the_rule_names_and_the_report_says_so(sdbench: Start, tmp_path: Path) -> None:
    said = ended(sdbench(*WORDS))
    trained = done(cells(sdbench))
    assert trained == by_hand(tmp_path)
    assert sorted(one["steps"] for one in trainings(tmp_path)) == sorted(steps for _, steps in trained)
    assert "stopped (at 2 steps its clip_text was" in said and "at the least 16 steps" in said
    stopped = len(RATES) * len(RUNGS) - len(trained)
    assert f"{stopped} stopped early; nothing to do" in ended(sdbench(*WORDS)) and done(cells(sdbench)) == trained

    ended(sdbench("report", "s"))
    page = tmp_path / "reports/s"
    board = pd.read_csv(page / "leaderboard.csv")
    assert (board["status"] == "stopped").sum() == stopped
    assert board.loc[board["status"] == "stopped", "clip_text"].isna().all()
    label = "Early stopping (ASHA, arXiv 1810.05934; metric clip_text on validation seeds, reduction factor 2)"
    assert board["protocol"].str.startswith(label).all()
    for file in ("README.md", "leaderboard.md", "leaderboard.tex", "thesis.tex", "compare.md", "page/data.js"):
        assert label in (page / file).read_text(), file
    assert "rows failed or diverged" not in (page / "README.md").read_text()
    assert pd.read_csv(page / "sensitivity.csv")["trials"].item() == len(trained)

    ended(sdbench(*[word for word in WORDS if not word.startswith("sweep.")]))
    assert set(cells(sdbench).values()) == {"done"}
    ended(sdbench("report", "s"))
    assert label not in (page / "README.md").read_text() and "protocol" not in pd.read_csv(page / "leaderboard.csv")


@pytest.mark.endurance
@pytest.mark.parametrize("after", [2, 5])
def test_a_sweep_that_is_killed_goes_on_as_it_would_have(after: int, sdbench: Start, tmp_path: Path) -> None:
    process = sdbench(*WORDS)
    while len(list((tmp_path / "runs/s").glob("lora-*/cell.json"))) < after:
        assert process.poll() is None
        time.sleep(0.05)
    for pid in [process.pid, *children(process.pid)]:
        with contextlib.suppress(ProcessLookupError):  # a worker ends with its supervisor
            os.kill(pid, signal.SIGKILL)
    process.communicate()
    assert "stopped" not in cells(sdbench).values()
    ended(sdbench(*WORDS))
    assert done(cells(sdbench)) == by_hand(tmp_path)
    assert Store(tmp_path / "runs/.store").verify() == []


@pytest.mark.endurance
def test_several_workers_leave_nobody_who_should_go_on(sdbench: Start, tmp_path: Path) -> None:
    ended(sdbench(*WORDS, "hydra/launcher=workers", "train.keep=scores"))
    trained = done(cells(sdbench))
    assert {place for place in trained if place[1] == 2} == {(rate, 2) for rate in RATES}
    for below, steps in [(2, 4), (4, 8)]:
        scores = {rate: score(tmp_path, rate, below) for rate, at in trained if at == below}
        best = sorted(scores, key=lambda rate: (-scores[rate], RATES.index(rate)))[: len(scores) // 2]
        assert {(rate, steps) for rate in best} <= trained
        assert {rate for rate, at in trained if at == steps} <= set(scores)
    assert not list((tmp_path / "runs/.store/train").glob("[!.]*/*.safetensors"))
    assert "nothing to do" in ended(sdbench(*WORDS, "train.keep=scores"))
