"""A detector of one's own: labels are checked, the stage is made once, its errors are measured on other pictures."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sdbench import cli, config, detector, labels, score, subjects
from sdbench.conversion import convert
from sdbench.errors import UserError
from sdbench.metrics.base.detector import Detector
from sdbench.microworld.canvas import SIZE_PX
from sdbench.microworld.pretrain.detector import draw
from sdbench.store import Store
from sdbench.upkeep import unreferenced

CPU = detector.Machine("cpu", 1)
SMALL = ["epochs=1", "batch_size=16", "input_px=64", "max_channels=256"]
SUBJECT = "bundled:red_hugo_logo"


def settings(*overrides: str) -> detector.Settings:
    found: detector.Settings = convert(detector.Settings, config.compose_file("detector", [*SMALL, *overrides]), "")
    return found


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 renders in YOLO's format; those without the logo have no label file."""
    folder = tmp_path_factory.mktemp("shots")
    (folder / "images").mkdir()
    (folder / "labels").mkdir()
    for i, (case, rendered) in enumerate(draw(seed=7, count=60, heldout=False)):
        rendered.image.save(folder / "images" / f"{i:02d}.png")
        if case == "logo" and rendered.badge_box:
            left, top, right, bottom = (v / SIZE_PX for v in rendered.badge_box)
            line = f"0 {(left + right) / 2} {(top + bottom) / 2} {right - left} {bottom - top}\n"
            (folder / "labels" / f"{i:02d}.txt").write_text(line)
    return folder


@pytest.fixture
def mine(shots: Path, tmp_path: Path) -> Path:
    shutil.copytree(shots, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture(scope="module")
def made(shots: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Store]:
    store = Store(tmp_path_factory.mktemp("detector") / "store")
    return detector.make(detector.plan(SUBJECT, shots, settings(), CPU), store), store


def test_the_card_has_its_error_rates_on_pictures_that_were_held_out(made: tuple[Path, Store]) -> None:
    card = json.loads((made[0] / "card.json").read_text())
    counts, rates = card["pictures"], card["error_rates"]
    assert counts["train"]["with_logo"] > counts["heldout"]["with_logo"] >= 1
    assert counts["train"]["regularizing"] > counts["heldout"]["regularizing"] >= 1
    assert rates["true_positive_rate"]["n"] == counts["heldout"]["with_logo"]
    assert rates["false_positive_rate"]["n"] == counts["heldout"]["regularizing"]
    assert rates["found_on_the_subjects_heldout_pictures"]["n"] == counts["subject_heldout"] == 8
    for one in rates.values():
        assert 0 <= one["value"] <= 1 and one.get("low", 0) <= one["value"] <= one.get("high", 1)
    assert sorted(path.name for path in made[0].iterdir()) == [
        "card.json", "detector.onnx", "provenance.json", "result.json", "settings.json",
    ]  # fmt: skip


def test_what_it_makes_is_a_detector_that_scores(made: tuple[Path, Store]) -> None:
    confidence, box = Detector(made[0] / detector.WEIGHTS, 1).look(Image.new("RGB", (64, 64), "red"))
    assert 0 <= confidence <= 1 and len(box) == 4
    subject = replace(config.compose_cell([]).subject, detector=str(made[0] / detector.WEIGHTS))
    metric = score.metric("yolo", config.compose_cell([]).metrics["yolo"], subjects.load(subject, 64))
    assert metric.cards[0].backbone == "YOLOv8 (detector.onnx, onnxruntime)"


def test_the_same_pictures_under_other_names_are_reused_and_another_box_is_another_detector(
    made: tuple[Path, Store], mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, store = made
    for kind in ("images", "labels"):
        for path in sorted((mine / kind).iterdir()):
            path.rename(path.with_name(f"{'z' if path.stem < '30' else 'a'}{path.name}"))
    monkeypatch.setattr(detector, "build", lambda *_: pytest.fail("it was made anew"))
    assert detector.make(detector.plan(SUBJECT, mine, settings(), CPU), store) == folder
    label = next((mine / "labels").iterdir())
    label.write_text("0 0.5 0.5 0.25 0.25\n")
    keys = {detector.plan(SUBJECT, mine, settings(*o), CPU).stage().key for o in ([], ["epochs=2"], ["seed=1"])}
    assert len(keys) == 3 and folder.name not in keys


def test_the_same_settings_give_the_same_bytes(made: tuple[Path, Store], shots: Path, tmp_path: Path) -> None:
    again = detector.make(detector.plan(SUBJECT, shots, settings(), CPU), Store(tmp_path / "other"))
    for name in (detector.WEIGHTS, detector.CARD):
        assert (again / name).read_bytes() == (made[0] / name).read_bytes(), name


def test_a_build_that_dies_leaves_nothing_and_the_next_one_makes_it(
    shots: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = detector.plan(SUBJECT, shots, settings(), CPU)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(detector.yolov8, "export", die)
        detector.make(wanted, store)
    assert store.folders() == [] and not list(store.root.glob("detector/[!.]*"))
    assert (detector.make(wanted, store) / detector.CARD).is_file() and store.verify() == []


def test_gc_leaves_a_detector_alone_as_no_cell_names_it(made: tuple[Path, Store], tmp_path: Path) -> None:
    assert unreferenced(made[1], tmp_path) == []


def test_a_picture_without_a_label_file_is_regularizing_and_that_is_said(
    shots: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "sdbench"):
        plan = detector.plan(SUBJECT, shots, settings(), CPU)
    bare = 60 - len(list((shots / "labels").iterdir()))
    assert f"{bare} of 60 pictures have no label file" in caplog.text and "regularizing" in caplog.text
    assert sum(not one.boxes for one in (*plan.train, *plan.heldout)) == bare


def test_a_held_out_picture_of_the_subject_is_never_trained_on(mine: Path) -> None:
    for path in subjects.files(subjects.place(SUBJECT) / "heldout"):
        shutil.copy(path, mine / "images" / f"heldout-{path.name}")
        (mine / "labels" / f"heldout-{path.stem}.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    plan = detector.plan(SUBJECT, mine, settings(), CPU)
    assert not [one for one in plan.train if one.path.name.startswith("heldout-")]
    assert len([one for one in plan.heldout if one.path.name.startswith("heldout-")]) == 8


def no_images(folder: Path) -> str:
    shutil.rmtree(folder / "images")
    return r"images holds no pictures; put the labelled ones there"


def no_labels(folder: Path) -> str:
    shutil.rmtree(folder / "labels")
    return r"labels labels no logo in any picture; write labels/<name>\.txt"


def outside(folder: Path) -> str:
    (folder / "labels" / "00.txt").write_text("0 0.5 0.5 0.2 12\n")
    return r"00\.txt, line 1 has 12, which is not from 0 to 1; divide"


def not_a_number(folder: Path) -> str:
    (folder / "labels" / "00.txt").write_text("0 0.5 nan 0.2 0.2\n")
    return r"00\.txt, line 1 has nan"


def too_few(folder: Path) -> str:
    (folder / "labels" / "00.txt").write_text("\n0 0.5 0.5\n")
    return r"00\.txt, line 2 is '0 0\.5 0\.5'; mend it"


def other_class(folder: Path) -> str:
    (folder / "labels" / "00.txt").write_text("3 0.5 0.5 0.1 0.1\n")
    return r"00\.txt, line 1 has the class '3', .*begin the line with 0"


def flat(folder: Path) -> str:
    (folder / "labels" / "00.txt").write_text("0 0.5 0.5 0 0.1\n")
    return r"00\.txt, line 1 has a box without a width"


def stray(folder: Path) -> str:
    (folder / "labels" / "gone.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    return r"gone\.txt labels no picture of .*images; add the picture or remove it"


def truncated(folder: Path) -> str:
    path = folder / "images" / "00.png"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return r"00\.png cannot be read as an image \(.*\); replace it"


def unlabelled(folder: Path) -> str:
    path = subjects.files(subjects.place(SUBJECT) / "heldout")[0]
    shutil.copy(path, folder / "images" / "held.png")
    return r"held\.png is a held-out picture of the subject without a label; label its logo"


def one_alone(folder: Path) -> str:
    for path in sorted((folder / "labels").iterdir())[1:]:
        path.unlink()
    return r"leaves no picture with a logo to measure its errors on; label more"


DAMAGES = [no_images, no_labels, outside, not_a_number, too_few, other_class, flat, stray, truncated, unlabelled]
DAMAGES += [one_alone]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_folder_that_cannot_be_trained_on_is_one_sentence_with_the_remedy(
    damage: Callable[[Path], str], mine: Path
) -> None:
    expected = damage(mine)
    with pytest.raises(UserError, match=expected) as caught:
        detector.plan(SUBJECT, mine, settings(), CPU)
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "subject"),
        ([SUBJECT], "--labels FOLDER"),
        ([SUBJECT, "--labels", "nowhere"], "nowhere/images holds no pictures"),
        ([SUBJECT, "--labels", "nowhere", "epoch=3"], "epoch"),
        ([SUBJECT, "--labels", "nowhere", "input_px=100"], "input_px is 100"),
        ([SUBJECT, "--labels", "nowhere", "heldout=1.5"], "heldout is 1.5"),
        (["no_such_folder", "--labels", "nowhere"], "no_such_folder"),
    ],
)
def test_a_mistyped_command_is_one_sentence(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["detector", *words]) == 2
    err = capsys.readouterr().err
    assert said in err and len(err.splitlines()) == 1


def test_the_command_ends_with_the_setting_that_uses_it(
    made: tuple[Path, Store], shots: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detector, "build", lambda *_: pytest.fail("it was made anew"))
    words = [SUBJECT, "--labels", str(shots), f"store={made[1].root}", "device=cpu", "threads=1", *SMALL]
    assert cli.main(["detector", *words]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1].endswith(f"subject.detector={made[0].resolve() / detector.WEIGHTS}")
    assert "true positive rate" in out and "held-out pictures" in out


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ((0.5, 0.5, 0.2, 0.2), (0.5, 0.5, 0.2, 0.2), 1),
        ((0.25, 0.5, 0.5, 1), (0.5, 0.5, 1, 1), 0.5),
        ((0.2, 0.2, 0.2, 0.2), (0.6, 0.6, 0.2, 0.2), 0),
    ],
)
def test_overlap_is_intersection_over_union(first: labels.Box, second: labels.Box, shared: float) -> None:
    assert labels.overlap(first, second) == pytest.approx(shared)


def test_a_rate_of_no_pictures_is_a_reason_and_others_have_wilsons_interval() -> None:
    assert detector.rate([]) == {"value": None, "reason": "no such picture is held out", "n": 0}
    half = detector.rate([True, False])
    assert half["value"] == 0.5 and half["low"] == pytest.approx(0.0945, abs=1e-3)
    assert half["high"] == pytest.approx(0.9055, abs=1e-3)
