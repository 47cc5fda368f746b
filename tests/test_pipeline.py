"""The whole way on the microworld: run, repeat, report, and no network anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sdbench.config import ROOT

Start = Callable[..., subprocess.Popen[str]]
SMALL = ["train.steps=2", "train.batch_size=2", "sampler.num_inference_steps=2", "sample.validation_seeds=[0]",
         "sample.test_seeds=[1000]"]  # fmt: skip
NO_NETWORK = """
import socket
def refuse(self, address, *rest):
    if self.family != socket.AF_UNIX:
        raise OSError(101, f"the network is unreachable in this test: {address}")
    return connect(self, address, *rest)
connect = socket.socket.connect
socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.getaddrinfo = lambda *a, **k: (_ for _ in ()).throw(OSError(f"no names are looked up in this test: {a}"))
"""


@pytest.fixture
def sdbench(tmp_path: Path) -> Start:
    """Run the console command in an empty folder whose Python cannot reach the network."""
    (tmp_path / "offline").mkdir()
    (tmp_path / "offline" / "sitecustomize.py").write_text(NO_NETWORK)
    path = f"{tmp_path / 'offline'}:{ROOT}"
    env = {**os.environ, "PYTHONPATH": path, "HOME": str(tmp_path), "OMP_NUM_THREADS": "1"}

    def start(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "sdbench.cli", *words]
        return subprocess.Popen(
            command, cwd=tmp_path, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    return start


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=400)
    assert process.returncode == 0, out + err
    return out + err


def stages(folder: Path) -> dict[str, int]:
    """Finished folders and when they were made."""
    return {str(p.parent): p.stat().st_mtime_ns for p in (folder / "runs/.store").glob("*/[!.]*/provenance.json")}


def test_a_study_runs_without_a_network_and_repeating_it_makes_nothing_anew(sdbench: Start, tmp_path: Path) -> None:
    words = ("run", "-m", "method=lora,textual_inversion", "study=tiny", *SMALL)
    first = finish(sdbench(*words))
    assert "[6/6]" in first
    made = stages(tmp_path)
    finish(sdbench(*words))
    assert stages(tmp_path) == made
    finish(sdbench("report", "tiny"))
    table = pd.read_csv(tmp_path / "reports/tiny/leaderboard.csv")
    assert set(table["method"]) == {"base", "base_raw", "sibling", "real", "lora", "textual_inversion"}
    assert set(table["status"]) == {"done"}
    real = table.set_index("method").loc["real"]
    assert real["ocr"] > 0.8 and real["yolo"] > 0.8
