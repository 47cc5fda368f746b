"""Spelling: the arithmetic in closed form, the reader against renders whose words are known."""

from __future__ import annotations

import dataclasses
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sdbench import config
from sdbench.errors import UserError
from sdbench.metrics import ocr
from sdbench.metrics.base import Judged, readers
from sdbench.metrics.base.spelling import Reading
from sdbench.microworld.render import render
from sdbench.microworld.scene import Badge, Scene
from sdbench.records import Sample, Score
from sdbench.subjects import Subject

SETTINGS: ocr.Settings = config.compose_cell(["metric=ocr"]).metrics["ocr"]


def judged(image: Image.Image) -> Judged:
    return Judged(Sample("p-0", "p", "a red_hugo_logo", "a red logo", 0, "images/p-0.png"), image)


def badge(word: str, seed: int = 0) -> Image.Image:
    scene = Scene("item", "sweater", "blue", "studio", Badge("red", word))
    return render(scene, np.random.default_rng(seed)).image


def scores(image: Image.Image, lettering: str | None = "HUGO", **changed: Any) -> dict[str, Score]:
    metric = ocr.Ocr(dataclasses.replace(SETTINGS, **changed), lettering)
    return {score.metric: score for score in metric.score([judged(image)])}


@pytest.mark.parametrize(
    ("text", "ignored", "kept"),
    [
        ("Hugo!", "HUGO", "Hugo"),
        (" H U-G.O ", "HUGO", "HUGO"),
        ("cafe\u0301", "CAF\u00c9", "caf\u00e9"),
        ("--", "", ""),
    ],
)
def test_plain_text_is_composed_and_has_letters_and_digits_alone(text: str, ignored: str, kept: str) -> None:
    assert (ocr.plain(text, "ignore"), ocr.plain(text, "keep")) == (ignored, kept)


@pytest.mark.parametrize(
    ("lines", "similarity"),
    [
        (["HUGO"], 1.0),
        (["XXHUGOXX"], 1.0),
        (["HUG0"], 0.75),
        (["HUO"], 0.75),
        (["HUUGO"], 0.8),
        (["H"], 0.25),
        (["QQQQ"], 0.0),
        (["QQ", "HUGA"], 0.75),
        ([""], 0.0),
        ([], 0.0),
    ],
)
def test_best_window_is_the_closest_stretch_of_any_line(lines: list[str], similarity: float) -> None:
    assert ocr.best_window("HUGO", lines) == pytest.approx(similarity)


@pytest.mark.parametrize("seed", range(4))
def test_a_render_with_the_word_is_spelled_right(seed: int) -> None:
    found = scores(badge("HUGO", seed))
    assert found["ocr"].value == found["ocr_edit"].value == 1.0


def test_another_word_is_wrong_and_the_evidence_says_what_was_read() -> None:
    found = scores(badge("HUTS"))
    assert (found["ocr"].value, found["ocr_edit"].value) == (0.0, 0.5)
    assert json.loads(found["ocr"].evidence)["rapidocr"] == {"lines": ["HUTS"], "no_text": False}


def test_an_image_without_text_counts_as_0_and_says_so() -> None:
    found = scores(Image.new("RGB", (64, 64), "white"))
    assert found["ocr"].value == found["ocr_edit"].value == 0.0
    assert json.loads(found["ocr"].evidence)["rapidocr"]["no_text"]


def test_what_is_read_does_not_depend_on_the_number_of_threads(logo: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [badge(word, seed) for seed, word in enumerate(["HUGO", "HUTS", "LAMP", "BOSS"])]
    images = [*drawn, *(reference.image() for reference in logo.heldout), Image.new("RGB", (64, 64), "white")]
    lines, readers_of = readers.RapidOCR.lines, set[str]()

    def watched(self: readers.RapidOCR, image: Image.Image) -> list[str]:
        readers_of.add(threading.current_thread().name)
        return lines(self, image)

    monkeypatch.setattr(readers.RapidOCR, "lines", watched)
    said = {}
    for threads in (1, 3):
        monkeypatch.setenv("OMP_NUM_THREADS", str(threads))
        readers_of.clear()
        said[threads] = Reading(SETTINGS).said(images)
        assert (len(readers_of) > 1) == (threads > 1)
    assert [one["rapidocr"] for one in said[1]][:2] == [["HUGO"], ["HUTS"]] and said[1][-1] == {"rapidocr": []}
    assert said[3] == said[1]


def test_case_counts_only_where_the_settings_keep_it() -> None:
    assert scores(badge("HUGO"), "Hugo")["ocr"].value == 1.0
    assert scores(badge("HUGO"), "Hugo", case="keep")["ocr"].value == 0.0


def test_a_subject_without_lettering_has_a_reason_in_every_column() -> None:
    found = scores(badge("HUGO"), None, readers=["rapidocr", "tesseract"])
    assert {name: score.reason for name, score in found.items()} == dict.fromkeys(
        ("ocr", "ocr_edit", "ocr_tesseract"), "subject has no lettering"
    )


def test_a_reader_without_weights_is_a_reason_and_leaves_the_others_alone(tmp_path: Path) -> None:
    found = scores(badge("HUGO"), readers=["rapidocr", "easyocr"], easyocr_folder=str(tmp_path))
    assert found["ocr"].value == 1.0
    assert found["ocr_easyocr"].value is None
    assert f"{tmp_path} lacks craft_mlt_25k.pth" in str(found["ocr_easyocr"].reason)


def test_who_reads_is_part_of_what_a_score_depends_on() -> None:
    metric = ocr.Ocr(dataclasses.replace(SETTINGS, readers=["rapidocr", "easyocr"]), "HUGO")
    described = metric.judge(lambda path: path.name)
    assert len(described["rapidocr"]) == 2
    assert described["easyocr"][0][0].isdigit()


@pytest.mark.parametrize("changed", [{"readers": ["rapidcor"]}, {"default": "easyocr"}, {"case": "ingore"}])
def test_a_mistyped_reader_or_case_is_named(changed: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"metrics\.ocr\.(readers|default|case)"):
        dataclasses.replace(SETTINGS, **changed)


def test_tesseract_without_english_is_a_reason_with_its_remedy_and_another_judge_than_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, judges = tmp_path / "tesseract", []
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for languages in ("osd", "osd\neng"):
        program.write_text('#!/bin/sh\ncat "$(dirname "$0")/languages"\n')
        program.chmod(0o755)
        (tmp_path / "languages").write_text(f'List of available languages in "/x":\n{languages}\n')
        judges.append(readers.describe("tesseract", None, lambda path: path.name))
        if languages == "osd":
            with pytest.raises(readers.Unavailable, match="no English language data; run .*tesseract-ocr-eng"):
                readers.open_reader("tesseract", 384, 1, None)
    assert readers.open_reader("tesseract", 384, 1, None)
    assert judges[0] != judges[1]
