"""Votes: what is asked is a pure function, every answer is on disk, and what votes say is what was said."""

from __future__ import annotations

import json
import resource
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from ballot_box import cast, prefer, session
from PIL import Image, PngImagePlugin
from study_folder import Folder, by_seed, everywhere, example

from sdbench import votes
from sdbench.errors import StoreError, UserError
from sdbench.results import load
from sdbench.voting import report, serve
from sdbench.voting.ballot import Question, questions
from sdbench.voting.session import drawn


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return example(tmp_path)


def three(root: Path) -> Path:
    folder = Folder(root)
    for method, value in (("a", 0.9), ("b", 0.5), ("c", 0.1)):
        folder.cell(method, "lr1", {"yolo": everywhere(value), "ocr": by_seed(0.5, {12: None})}, lr=1.0, steps=1)
    return folder.finish("yolo")


def test_every_pair_of_best_cells_is_asked_once_at_every_prompt_and_test_seed(tmp_path: Path) -> None:
    asked = questions(load("tiny", three(tmp_path)), "ann", checks=0)
    found = Counter((frozenset((one.left.method, one.right.method)), one.sample_id) for one in asked)
    assert len(found) == 3 * 2 * 3 and set(found.values()) == {1}
    assert {one.sample_id.rpartition("-")[2] for one in asked} == {"10", "11", "12"}
    assert all(one.left.sample_id == one.right.sample_id == one.sample_id for one in asked)


def test_order_and_sides_are_a_function_of_study_rater_and_seed(runs: Path) -> None:
    results = load("tiny", runs)
    assert questions(results, "ann") == questions(load("tiny", runs), "ann")
    for other in (questions(results, "bob"), questions(results, "ann", seed=1)):
        mine = [one for one in questions(results, "ann") if not one.check]
        theirs = [one for one in other if not one.check]
        assert mine != theirs and {one.id for one in mine} == {one.id for one in theirs}


def test_wherever_a_rater_stops_pairs_and_prompts_are_balanced(tmp_path: Path) -> None:
    asked = questions(load("tiny", three(tmp_path)), "ann", checks=0)
    for start in range(0, len(asked), 3):
        assert len({frozenset((one.left.method, one.right.method)) for one in asked[start : start + 3]}) == 3
    first = [one.prompt_id for one in asked[:6] if {one.left.method, one.right.method} == {"a", "b"}]
    assert sorted(first) == ["p-0", "p-1"]


def test_sides_are_random(tmp_path: Path) -> None:
    results = load("tiny", three(tmp_path))
    lefts = [
        one.left.method < one.right.method for rater in range(20) for one in questions(results, f"{rater}", checks=0)
    ]
    assert 0.4 < sum(lefts) / len(lefts) < 0.6


def test_attention_checks_come_at_their_rate_with_a_known_answer(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for method in "abcd":
        folder.cell(method, "lr1", {"yolo": everywhere(0.5)}, lr=1.0, steps=1)
    folder.cell("real", scores={"yolo": everywhere(0.9)}, kind="real")
    asked = questions(load("tiny", folder.finish("yolo")), "ann", checks=0.25)
    assert len([one for one in asked if not one.check]) == 36
    for block in range(0, len(asked), 4):
        assert sum(bool(one.check) for one in asked[block : block + 4]) == 1
    for one in (one for one in asked if one.check):
        if one.check == "same":
            assert (one.left, one.expected) == (one.right, "tie") and one.left.cell != "real-seed0"
        else:
            good, noise = (one.left, one.right) if one.expected == "left" else (one.right, one.left)
            assert good.cell == "real-seed0" and noise.noise and not good.noise
            assert drawn(good) != drawn(noise) == drawn(noise)
    assert len({one.id for one in asked}) == len(asked)
    assert {one.expected for one in asked} == {"", "left", "right", "tie"}


def test_a_sample_of_a_row_with_replicates_takes_them_in_turn(runs: Path) -> None:
    asked = questions(load("tiny", runs), "ann", checks=0)
    cells = Counter(side.cell for one in asked for side in (one.left, one.right) if side.method == "lora")
    assert cells == {"lora-lr0.001-seed0": 3, "lora-lr0.001-seed1": 3}


def test_chosen_cells_are_compared_instead_of_the_best(runs: Path) -> None:
    chosen = ["base-seed0", "dreambooth-lr0.01-seed0"]
    asked = questions(load("tiny", runs), "ann", checks=0, cells=chosen)
    assert {side.cell for one in asked for side in (one.left, one.right)} == set(chosen)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cells": ["base-seed1"]}, "'base-seed0'"),
        ({"cells": ["base-seed0"]}, "no two methods"),
        ({"cells": ["base-seed0", "real-seed0"]}, "no two methods"),
        ({"checks": 0.9}, "--checks"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(runs: Path, given: dict, said: str) -> None:
    with pytest.raises(UserError, match=said):
        questions(load("tiny", runs), "ann", **given)


def test_a_reference_needs_held_out_pictures(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no held-out pictures of hugo"):
        questions(load("tiny", three(tmp_path)), "ann", reference=True)


@pytest.mark.parametrize("rater", ["", "../ann", "a b", ".ann", "a" * 65])
def test_a_rater_names_a_file(runs: Path, rater: str) -> None:
    with pytest.raises(UserError, match="--rater"):
        serve("tiny", runs, rater)


def test_an_answer_is_on_disk_before_the_next_question_and_a_new_session_goes_on_there(runs: Path) -> None:
    box = session(runs, "ann")
    first, second = (one.id for one in box.questions[:2])
    box.answer(box.now()["question"], "left")
    assert [vote["id"] for vote in votes.read(box.path)] == [first]
    box.close()
    again = session(runs, "ann")
    assert again.question is not None and again.question.id == second
    again.close()


def test_a_line_that_a_crash_tore_is_no_answer_and_does_not_spoil_the_next(runs: Path) -> None:
    cast(runs, "ann", prefer("lora"), times=2)
    path = votes.folder("tiny", runs) / "ann.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id": "abc", "answ')
    assert len(votes.read(path)) == 2
    cast(runs, "ann", prefer("lora"), times=1)
    assert path.read_bytes().startswith(whole) and len(votes.read(path)) == 3


def test_a_damaged_line_is_named(runs: Path) -> None:
    cast(runs, "ann", prefer("lora"), times=2)
    path = votes.folder("tiny", runs) / "ann.jsonl"
    path.write_bytes(b"not a vote\n" + path.read_bytes())
    with pytest.raises(UserError, match="ann.jsonl: line 1"):
        votes.scores("tiny", runs)


def test_only_the_question_at_hand_can_be_answered_and_only_once(runs: Path) -> None:
    box = session(runs, "ann")
    token = box.now()["question"]
    assert box.answer(token, "left")["counted"]
    assert not box.answer(token, "right")["counted"]
    assert [vote["answer"] for vote in votes.read(box.path)] == ["left"]
    for wrong in ("", "x" * 32, session(runs, "bob").now()["question"]):
        with pytest.raises(LookupError):
            box.answer(wrong, "left")
    with pytest.raises(ValueError, match="no answer"):
        box.answer(box.now()["question"], "both")
    box.close()


def test_a_rater_votes_in_one_place_at_a_time(runs: Path) -> None:
    box = session(runs, "ann")
    with pytest.raises(UserError, match="voting already"):
        session(runs, "ann")
    box.close()
    session(runs, "ann").close()


def test_a_disk_that_is_full_costs_no_answer_and_leaves_no_half_line(runs: Path) -> None:
    box = session(runs, "ann")
    box.answer(box.now()["question"], "left")
    before, token = box.path.read_bytes(), box.now()["question"]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, limits[1]))  # room for 20 bytes
    try:
        with pytest.raises(StoreError, match="ann.jsonl"):
            box.answer(token, "left")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert box.path.read_bytes() == before and box.now()["question"] == token
    assert box.answer(token, "left")["counted"]
    box.close()


def test_a_picture_tells_its_pixels_and_nothing_else(runs: Path) -> None:
    picture = questions(load("tiny", runs), "ann", checks=0)[0].left
    said = PngImagePlugin.PngInfo()
    said.add_text("parameters", "method dreambooth")
    with Image.open(picture.path) as image:
        image.save(picture.path, pnginfo=said)
    shown = drawn(picture)
    assert b"dreambooth" in picture.path.read_bytes() and b"tEXt" not in shown and b"dreambooth" not in shown


def test_visual_quality_is_who_was_preferred_with_ties_as_half_a_win(tmp_path: Path) -> None:
    runs = three(tmp_path)
    for rater in ("ann", "bob"):
        cast(runs, rater, lambda asked: prefer("a")(asked) if "a" in (asked.left.method, asked.right.method) else "tie")
    scores = votes.scores("tiny", runs)
    assert list(scores.columns) == votes.SCORE and scores["method"].tolist() == ["a", "b", "c"]
    assert scores["votes"].tolist() == [24, 24, 24] and scores["reason"].isna().all()
    a, b, c = scores["visual_quality"]
    assert a > 0.9 and b == pytest.approx(c) and a + b + c == pytest.approx(1.5)
    assert ((scores["low"] < scores["visual_quality"]) & (scores["visual_quality"] < scores["high"])).all()


def test_without_votes_the_scores_are_empty_and_say_why(runs: Path) -> None:
    scores = votes.scores("tiny", runs)
    assert len(scores) == 0 and list(scores.columns) == votes.SCORE and "nobody" in scores.attrs["reason"]
    assert len(votes.scores("never_run", runs)) == 0
    cast(runs, "ann", prefer("lora"), attentive=False)
    assert "1 raters who failed" in votes.scores("tiny", runs).attrs["reason"]


def test_a_rater_who_fails_attention_checks_is_left_out_and_counted(runs: Path) -> None:
    cast(runs, "ann", prefer("dreambooth"))
    alone = votes.scores("tiny", runs)
    cast(runs, "bob", prefer("lora"), attentive=False)
    pd.testing.assert_frame_equal(votes.scores("tiny", runs), alone)
    raters = votes.load("tiny", runs).raters
    assert raters[["rater", "checks", "passed", "kept"]].to_numpy().tolist() == [
        ["ann", 1, 1, True],
        ["bob", 1, 0, False],
    ]
    assert "1 of 2 raters left out" in report.render("tiny", runs, runs.parent / "reports").read_text()


def test_votes_on_images_that_were_made_anew_do_not_count(runs: Path) -> None:
    cast(runs, "ann", prefer("lora"))
    cell = runs / "tiny/lora-lr0.001-seed1/cell.json"
    record = json.loads(cell.read_text())
    record["stages"]["generate"] = "generate/another"
    cell.write_text(json.dumps(record))
    found = votes.load("tiny", runs)
    assert (len(found.votes), found.raters["stale"].tolist()) == (3, [3])


def test_skipped_pairs_are_no_votes(runs: Path) -> None:
    cast(runs, "ann", lambda asked: "skip")
    found = votes.load("tiny", runs)
    assert (len(found.votes), found.raters["skipped"].tolist()) == (0, [6])


def test_agreement_with_a_metric_counts_its_ties_and_what_it_could_not_judge(tmp_path: Path) -> None:
    """yolo always prefers a to b to c, as the rater does; ocr is the same for all three, or missing at seed 12."""
    folder = Folder(tmp_path)
    for method, value in (("a", 0.9), ("b", 0.5), ("c", 0.1)):
        scores = {"yolo": everywhere(value), "ocr": by_seed(0.5, {12: None})}
        folder.cell(method, "lr1", scores, lr=1.0, steps=1)
    runs = folder.finish("yolo")
    cast(runs, "ann", lambda asked: "left" if asked.left.method < asked.right.method else "right")
    table = report.with_metrics(load("tiny", runs), votes.load("tiny", runs).votes).set_index("metric")
    assert table.loc["yolo", ["agreement", "n", "metric_ties", "n_unscored"]].tolist() == [1.0, 18, 0, 0]
    assert table.loc["ocr", ["n", "metric_ties", "n_unscored"]].tolist() == [0, 12, 6]
    assert pd.isna(table.loc["ocr", "agreement"]) and "no difference" in table.loc["ocr", "reason"]


def test_raters_agree_on_images_whichever_side_they_stood_on(tmp_path: Path) -> None:
    runs = three(tmp_path)
    for rater in ("ann", "bob", "eve"):
        cast(runs, rater, lambda asked: "left" if asked.left.method < asked.right.method else "right")
    same = report.between_raters(votes.load("tiny", runs).votes)
    assert (same.value, same.n) == (None, 18)  # all say the first: chance agrees as well

    def by_sample(asked: Question) -> str:
        first = asked.sample_id.endswith("10")
        return "left" if (asked.left.method < asked.right.method) == first else "right"

    for rater in ("ann", "bob", "eve"):
        (votes.folder("tiny", runs) / f"{rater}.jsonl").unlink()
        cast(runs, rater, by_sample)
    assert report.between_raters(votes.load("tiny", runs).votes).value == 1


def test_the_report_is_the_same_bytes_and_names_no_rater(runs: Path, tmp_path: Path) -> None:
    cast(runs, "ann-smith", prefer("dreambooth"))
    written = [report.render("tiny", runs, tmp_path / name).parent for name in ("one", "two")]
    one, two = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in written)
    assert one == two and set(one) == {"votes.md", "votes.csv", "votes_metrics.csv"}
    assert not any(b"ann-smith" in content for content in one.values())
    assert "One rater shows nothing of how others would vote." in one["votes.md"].decode()
    assert pd.read_csv(written[0] / "votes.csv")["method"].tolist() == ["dreambooth", "lora"]
