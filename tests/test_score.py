"""The score stage: every sample gets a score of every card or a reason, once, from the judge that the key names."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sdbench import config, generate, score
from sdbench.errors import UserError
from sdbench.metrics import ocr
from sdbench.metrics.base import Judged
from sdbench.provenance import identity
from sdbench.records import Card, Sample, Score
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chains
from sdbench.subjects import Subject

MakeCell = Callable[..., Cell]
METRICS = config.compose_cell(["metric=[yolo,ocr]", "device=cpu"]).metrics
CARD = Card("m", "M", "", "higher", 0.0, 1.0, "", "", "mean", 1, "")
SAMPLE = Sample("p-0", "p", "", "", 0, "images/p-0.png")


@pytest.fixture
def pictures(logo: Subject, tmp_path: Path) -> Path:
    """The held-out pictures, as a finished generate stage."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    generate.shown("real", logo, 64, folder)
    return folder


def test_every_sample_has_a_score_of_every_card_or_a_reason(logo: Subject, pictures: Path, tmp_path: Path) -> None:
    for kind, cards, scored in (("ocr", ["ocr", "ocr_edit"], True), ("yolo", ["yolo"], False)):
        folder = tmp_path / kind
        folder.mkdir()
        score.score(kind, METRICS[kind], logo, [score.Drawn(pictures)], [], folder)
        table = pd.read_parquet(folder / "scores.parquet")
        assert list(table.columns) == [field.name for field in dataclasses.fields(Score)]
        assert [card["name"] for card in json.loads((folder / "cards.json").read_text())] == cards
        assert len(table) == len(logo.heldout) * len(cards)
        assert table["value"].notna().all() == scored and table["reason"].isna().all() == scored


def test_real_pictures_of_the_logo_are_spelled_right(logo: Subject, pictures: Path, tmp_path: Path) -> None:
    score.score("ocr", METRICS["ocr"], logo, [score.Drawn(pictures)], [], tmp_path)
    table = pd.read_parquet(tmp_path / "scores.parquet").groupby("metric")["value"].mean()
    assert table["ocr"] >= 0.8


def test_another_judge_is_another_key(make_cell: MakeCell, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row("real", make_cell("metric=[ocr]"), [], "", "")
    first = Chains(identity).of(row).score["ocr"].key
    assert Chains(identity).of(row).score["ocr"].key == first
    monkeypatch.setattr(ocr.Ocr, "judge", lambda *_: {"rapidocr": ["another version"]})
    assert Chains(identity).of(row).score["ocr"].key != first


def test_a_base_that_is_no_folder_is_told_before_anything_runs(make_cell: MakeCell) -> None:
    row = Row("base", make_cell("model.path=/data/no_such"), [], "", "")
    with pytest.raises(UserError, match="model.path is '/data/no_such', and there is no such folder"):
        Chains(identity).of(row)


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
        score.check_whole([("", SAMPLE)], [CARD], scores)


def test_samples_are_read_in_order_as_rgb(logo: Subject, pictures: Path) -> None:
    samples = score.Images.of([score.Drawn(pictures)])
    assert [item.sample.seed for item in samples] == list(range(len(logo.heldout)))
    assert all(isinstance(item, Judged) and item.image.mode == "RGB" for item in samples[:2])


def test_scores_of_reasons_alone_keep_their_types(tmp_path: Path) -> None:
    score.write(tmp_path, [CARD], [Score("p-0", "m", None, "why")])
    table = pd.read_parquet(tmp_path / "scores.parquet")
    assert table["value"].dtype == float and table["reason"].tolist() == ["why"]
