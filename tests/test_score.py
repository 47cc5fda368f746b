"""The score stage: every sample gets a score of every card or a reason, once, from the judge that the key names."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from sdbench import config, generate, score
from sdbench.metrics import ocr
from sdbench.metrics.base import Judged
from sdbench.records import Card, Sample, Score
from sdbench.store import Store
from sdbench.subjects import Subject

METRICS = config.compose_cell(["metric=[yolo,ocr]", "device=cpu"]).metrics
CARD = Card("m", "M", "", "higher", 0.0, 1.0, "", "", "mean", 1, "")
SAMPLE = Sample("p-0", "p", "", "", 0, "images/p-0.png")


def test_every_sample_has_a_score_of_every_card_or_a_reason(store: Store, logo: Subject) -> None:
    samples = generate.held_out(store, logo, 64)
    for kind, cards, scored in (("ocr", ["ocr", "ocr_edit"], True), ("yolo", ["yolo"], False)):
        folder = score.score(store, samples, logo, kind, METRICS[kind])
        table = pd.read_parquet(folder / "scores.parquet")
        assert list(table.columns) == [field.name for field in dataclasses.fields(Score)]
        assert [card["name"] for card in json.loads((folder / "cards.json").read_text())] == cards
        assert len(table) == len(logo.heldout) * len(cards)
        assert table["value"].notna().all() == scored and table["reason"].isna().all() == scored


def test_real_pictures_of_the_logo_are_spelled_right(store: Store, logo: Subject) -> None:
    folder = score.score(store, generate.held_out(store, logo, 64), logo, "ocr", METRICS["ocr"])
    table = pd.read_parquet(folder / "scores.parquet").groupby("metric")["value"].mean()
    assert table["ocr"] >= 0.8


def test_scoring_again_reuses_and_another_judge_does_not(
    store: Store, logo: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = generate.held_out(store, logo, 64)
    first = score.score(store, samples, logo, "ocr", METRICS["ocr"])
    monkeypatch.setattr(ocr.Ocr, "score", lambda *_: pytest.fail("scored twice"))
    assert score.score(store, samples, logo, "ocr", METRICS["ocr"]) == first
    monkeypatch.setattr(ocr.Ocr, "judge", lambda *_: {"rapidocr": ["another version"]})
    with pytest.raises(pytest.fail.Exception):
        score.score(store, samples, logo, "ocr", METRICS["ocr"])


@pytest.mark.parametrize(
    "scores",
    [
        [],
        [Score("p-0", "m", 0.5), Score("p-0", "m", 0.5)],
        [Score("p-1", "m", 0.5)],
        [Score("p-0", "m", 1.5)],
        [Score("p-0", "m", float("nan"))],
    ],
)
def test_a_missing_doubled_or_impossible_score_is_refused(scores: list[Score]) -> None:
    with pytest.raises(ValueError, match="m"):
        score.check_whole([SAMPLE], [CARD], scores)


def test_samples_are_read_in_order_as_rgb(store: Store, logo: Subject) -> None:
    samples = score.Samples(generate.held_out(store, logo, 64))
    assert [item.sample.seed for item in samples] == list(range(len(logo.heldout)))
    assert all(isinstance(item, Judged) and item.image.mode == "RGB" for item in samples[:2])


def test_scores_of_reasons_alone_keep_their_types(tmp_path: Path) -> None:
    score.write(tmp_path, [CARD], [Score("p-0", "m", None, "why")])
    table = pd.read_parquet(tmp_path / "scores.parquet")
    assert table["value"].dtype == float and table["reason"].tolist() == ["why"]
