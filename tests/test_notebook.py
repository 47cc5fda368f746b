"""The notebook reads what the repository holds, and is committed without outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import pytest

from sdbench.config import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
READ = ROOT / "notebooks/read_a_study.ipynb"


def code(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the notebook's cells leave behind, run in order from its own folder, without a screen."""
    import matplotlib.pyplot as plt

    backend = matplotlib.get_backend()
    plt.switch_backend("agg")
    monkeypatch.chdir(READ.parent)
    names: dict[str, Any] = {}
    for cell in code(READ):
        exec(compile("".join(cell["source"]), str(READ), "exec"), names)
    yield names
    plt.close("all")
    plt.switch_backend(backend)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path) -> None:
    assert code(path) and all(not cell["outputs"] and cell["execution_count"] is None for cell in code(path))


def test_its_table_is_the_reports(ran: dict[str, Any]) -> None:
    wanted = pd.read_csv(ROOT / "reports/microworld/thesis.csv")
    columns = ["method", "parameters", "average(ocr, yolo)", "mean_confidence_score", "mean_ocr_score", "n"]
    pd.testing.assert_frame_equal(ran["table"][columns], wanted[columns], check_dtype=False)


def test_its_plot_shows_every_method_that_was_scored_and_the_floor(ran: dict[str, Any]) -> None:
    labels = ran["axis"].get_legend_handles_labels()[1]
    assert set(labels) == {*ran["scored"]["method"], "base"}
