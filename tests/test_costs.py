"""What a plan says of time: from what was measured, roughly where only something like it was, and scoring with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sdbench.store import Store
from sdbench.sweep import costs

MODEL = {"family": "f", "resolution_px": 64, "dtype": "float32"}
KNOWN = {
    "example f base 64 px float32 cpu, lora, mixed bf16": ([1.0, 2.0], "here"),
    "example f base 64 px float32 cpu, full, mixed bf16": ([5.0, 6.0], "here"),
    "example f base 64 px float32 cuda, lora, mixed no": ([0.1, 0.1], "here"),
    "state f base 64 px float32 cpu, full, mixed bf16": ([7.0, 7.0], "here"),
    "judged dino small cpu": ([3.0, 4.0], "here"),
}


def training(adapter: str = "lora", mixed: str = "no", device: str = "cpu", base: str = "base") -> dict[str, Any]:
    train = {"mixed_precision": mixed, "batch_size": 4}
    return {"model": MODEL, "base": base, "device": device, "adapters": {adapter: {}}, "train": train}


def cost(work: str, **said: str) -> costs.Range:
    return costs._cost(KNOWN, f"{work} {costs._training(training(**said))}", 10)


def test_what_was_measured_is_taken_as_it_was() -> None:
    assert cost("example", mixed="bf16") == costs.Range(10.0, 20.0, "here")


@pytest.mark.parametrize("said", [{}, {"base": "other"}], ids=["precision", "base"])
def test_what_was_not_counts_as_what_is_most_like_it_on_the_same_device_and_is_called_rough(
    said: dict[str, str],
) -> None:
    found = cost("example", **said)
    assert (found.low, found.high) == (10.0, 20.0) and found.source.startswith("rough: never measured, so as example f")


def test_another_device_or_other_bytes_learnt_tell_nothing() -> None:
    assert cost("example", device="mps").low is None and cost("state").low is None


def test_scoring_counts_by_its_judge_and_a_judge_never_measured_is_left_out_and_named() -> None:
    dino, ocr = (
        {"kind": k, "settings": {"model": m}, "judge": {"device": "cpu"}} for k, m in (("dino", "small"), ("ocr", None))
    )
    found = costs._sum(costs._judging(KNOWN, [(10, dino), (10, dino), (5, ocr)]))
    assert (found.low, found.high) == (60.0, 80.0) and "without scoring by ocr cpu, never measured" in found.source


def test_a_stores_own_scores_tell_the_rate_of_their_judge(store: Store) -> None:
    import pandas as pd

    def build(folder: Path) -> None:
        pd.DataFrame({"sample_id": ["a", "b", "b"]}).to_parquet(folder / "scores.parquet")

    settings = {"kind": "dino", "settings": {"model": "small"}, "judge": {"device": "cpu"}, "generate": "0"}
    folder = store.make("score", 1, settings, build)
    low, high = costs.history(store)["judged dino small cpu"]
    assert low == high == pytest.approx(costs.json.loads((folder / "provenance.json").read_text())["seconds"] / 2)
