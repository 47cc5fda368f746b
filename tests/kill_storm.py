"""Random SIGKILLs over a running study: nothing recorded is lost or made twice, and the tables come out the same.

    python -m tests.kill_storm --kills 300 --folder /tmp/storm

A study runs undisturbed first, and then again elsewhere while whoever is running (launcher, supervisor, worker; chosen
at random, at random moments) is killed. When the command dies it is repeated, as a person or a cluster would, by
another launcher as it happens, and nothing else is done for it. Studies follow each other until so many kills were
dealt.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from sdbench.config import ROOT
from sdbench.results import TRAIN_COSTS
from sdbench.store import Store

STUDY = ["-m", "study=storm", "train.batch_size=2", "sampler.num_inference_steps=2", "sample.validation_seeds=[0]",
         "sample.test_seeds=[1000]", "metric=[yolo,ocr]", "train.state_every=5", "threads=1", "method=lora",
         "train.lr=1e-3,2e-3", "train.steps=20,40"]  # fmt: skip
LAUNCHERS = ["basic", "workers"]  # in the command itself, and two processes of joblib
COSTS = ["generate_seconds", *TRAIN_COSTS]


@dataclass
class Storm:
    """One study under fire, in `folder`. made: finished folders and the time they bear, which may never change."""

    folder: Path
    model: Path
    rng: random.Random
    dealt: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    made: dict[str, int] = field(default_factory=dict)

    def rage(self, most: int) -> None:
        """Until the study is done, killing at most so often."""
        while True:
            self.runs += 1
            process = start(self.folder, self.model, self.rng.choice(LAUNCHERS))
            until = time.monotonic() + self.rng.uniform(1, 14)
            while process.poll() is None:
                time.sleep(0.05)
                if time.monotonic() > until and sum(self.dealt.values()) < most:
                    self._kill(process.pid)
                    self._look()
                    until = time.monotonic() + self.rng.uniform(0.5, 8)
            self._look()
            if process.returncode == 0:
                return
            assert process.returncode in (1, -signal.SIGKILL), log(self.folder)

    def _kill(self, launcher: int) -> None:
        """Somebody of the launcher's family, each generation as likely as another."""
        generations = [[launcher]]
        while found := [child for pid in generations[-1] for child in children(pid)]:
            generations.append(found)
        depth = self.rng.randrange(len(generations))
        try:
            os.kill(self.rng.choice(generations[depth]), signal.SIGKILL)
        except ProcessLookupError:
            return
        self.dealt["launcher" if depth == 0 else f"generation {depth}"] += 1

    def _look(self) -> None:
        """What was finished is there, and is what it was."""
        found = {
            str(path): path.stat().st_mtime_ns
            for path in (self.folder / "runs/.store").glob("[!.]*/[!.]*/provenance.json")
        }
        changed = [path for path, made in self.made.items() if found.get(path) != made]
        assert not changed, f"lost or made again: {changed}"
        self.made = found


def start(folder: Path, model: Path, launcher: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    words = [*STUDY, f"model.path={model}", f"hydra/launcher={launcher}"]
    with (folder / "log.txt").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "sdbench.cli", "run", *words], cwd=folder, env=env, stdout=said, stderr=said
        )


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def log(folder: Path) -> str:
    return (folder / "log.txt").read_text(errors="replace")[-3000:]


def wait_for_the_last(folder: Path) -> None:
    """Workers whose launcher was killed finish what they do and end by themselves: they keep no memory for nobody."""
    until = time.monotonic() + 200
    while left := [pid.name for pid in Path("/proc").glob("[0-9]*") if is_worker(folder, pid)]:
        assert time.monotonic() < until, f"left behind: {left}"
        time.sleep(0.5)


def is_worker(folder: Path, pid: Path) -> bool:
    try:
        return (pid / "cwd").readlink() == folder and b"sdbench.sweep.worker" in (pid / "cmdline").read_bytes()
    except OSError:
        return False


def tables(folder: Path) -> dict[str, str]:
    """What the report says, without what a clock or a memory counter says."""
    subprocess.run([sys.executable, "-m", "sdbench.cli", "report", "storm"], cwd=folder, check=True,
                   env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)  # fmt: skip
    read = {path.name: pd.read_csv(path) for path in sorted((folder / "reports/storm").glob("*.csv"))}
    costs = {name: [c for c in table if any(c.startswith(cost) for cost in COSTS)] for name, table in read.items()}
    return {name: table.drop(columns=costs[name]).to_csv(index=False) for name, table in read.items()}


def storm(folder: Path, model: Path, kills: int, seed: int) -> tuple[int, Counter[str], int]:
    """Studies raged over, kills dealt by generation, and commands typed. Raises AssertionError for any loss."""
    calm = folder / "calm"
    calm.mkdir(parents=True)
    assert start(calm, model, "basic").wait() == 0, log(calm)
    wanted, dealt, runs, studies = tables(calm), Counter[str](), 0, 0
    while sum(dealt.values()) < kills:
        place = folder / f"storm{studies}"
        place.mkdir()
        one = Storm(place, model, random.Random(f"{seed} {studies}"))
        one.rage(kills - sum(dealt.values()))
        wait_for_the_last(place)
        assert tables(place) == wanted, f"{place}: other tables than undisturbed"
        assert Store(place / "runs/.store").verify() == []
        dealt, runs, studies = dealt + one.dealt, runs + one.runs, studies + 1
        print(f"{studies} studies, {sum(dealt.values())} kills {dict(dealt)}, {runs} commands", flush=True)
        shutil.rmtree(place)
    return studies, dealt, runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    from tests.tiny_base import save_tiny_base

    folder = args.folder or Path(tempfile.mkdtemp())
    save_tiny_base(folder / "base")
    storm(folder, folder / "base", args.kills, args.seed)


if __name__ == "__main__":
    main()
