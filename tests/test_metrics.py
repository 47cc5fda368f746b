"""Judges against renders whose truth is known: the detector, and CLIP as judge of prompt and subject."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdbench import config
from sdbench.errors import UserError
from sdbench.metrics import clip_image, clip_text, yolo
from sdbench.metrics.base import Judged, clip, detector
from sdbench.microworld import bundled
from sdbench.microworld.render import Rendered, render
from sdbench.microworld.scene import Badge, Scene
from sdbench.records import Sample
from sdbench.subjects import Reference

METRICS = config.compose_cell(["metric=[yolo,clip_text,clip_image]", "device=cpu"]).metrics


def judged(image: Image.Image, class_prompt: str = "a red logo") -> Judged:
    return Judged(Sample("p-0", "p", "a red_hugo_logo", class_prompt, 0, "images/p-0.png"), image)


def draw(thing: str, color: str, badge: Badge | None = None, seed: int = 0) -> Rendered:
    return render(Scene("item", thing, color, "studio", badge), np.random.default_rng(seed))


def logo_detector(**changed: float) -> yolo.Yolo:
    return yolo.Yolo(dataclasses.replace(METRICS["yolo"], **changed), bundled("bundled:detector/red_hugo_logo.onnx"))


# --- yolo -------------------------------------------------------------------------------------------------------------


def test_letterbox_keeps_proportions_and_centres_on_grey() -> None:
    pixels, scale, left, top = detector.letterbox(Image.new("RGB", (64, 32), "white"), 96)
    assert (pixels.shape, scale, left, top) == ((1, 3, 96, 96), 1.5, 0, 24)
    assert np.unique(pixels[:, :, :24]).tolist() == pytest.approx([114 / 255])
    assert (pixels[:, :, 24:72] == 1).all()


def test_best_is_the_highest_confidence_of_any_class_with_its_own_box() -> None:
    output = np.zeros((1, 6, 20), np.float32)
    output[0, :, 3] = (10, 20, 4, 6, 0.5, 0.1)
    output[0, :, 7] = (30, 40, 2, 8, 0.2, 0.75)
    assert detector.best(output) == (0.75, (29, 36, 31, 44))


def test_the_output_of_another_detector_is_refused() -> None:
    with pytest.raises(UserError, match="not YOLOv8's"):
        detector.best(np.zeros((1, 300, 6), np.float32))


@pytest.mark.parametrize(("thing", "color"), [("sweater", "blue"), ("t shirt", "green"), ("fragrance", "white")])
def test_the_logo_is_found_where_the_renderer_put_it(thing: str, color: str) -> None:
    rendered = draw(thing, color, Badge("red", "HUGO"))
    (score,) = logo_detector().score([judged(rendered.image)])
    assert score.value is not None and score.value > 0.5
    assert rendered.badge_box is not None
    assert json.loads(score.evidence)["box_px"] == pytest.approx(rendered.badge_box, abs=3)


@pytest.mark.parametrize("badge", [None, Badge("red", "NOVA"), Badge("blue", "HUGO")])
def test_what_is_not_the_logo_is_not_taken_for_it(badge: Badge | None) -> None:
    (score,) = logo_detector().score([judged(draw("mug", "yellow", badge).image)])
    assert score.value is not None and score.value < 0.25


def test_below_the_floor_the_detector_found_nothing() -> None:
    (score,) = logo_detector(floor=0.9999).score([judged(draw("mug", "yellow").image)])
    assert (score.value, score.evidence) == (0.0, "{}")


def test_a_subject_without_a_detector_has_a_reason_and_no_0() -> None:
    (score,) = yolo.Yolo(METRICS["yolo"], None).score([judged(draw("mug", "yellow").image)])
    assert (score.value, score.reason) == (None, "subject has no logo detector")


def test_a_detector_that_is_no_onnx_file_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    for content in (b"", b"PK a pickled best.pt"):
        (tmp_path / "best.onnx").write_bytes(content)
        with pytest.raises(UserError, match=r"subject\.detector .*best\.onnx.*yolo export model=best\.pt format=onnx"):
            yolo.Yolo(METRICS["yolo"], tmp_path / "best.onnx").score([judged(draw("mug", "yellow").image)])


# --- clip -------------------------------------------------------------------------------------------------------------


def test_an_image_is_closer_to_its_own_words_than_to_others() -> None:
    shown = [("sweater", "red"), ("mug", "blue"), ("cap", "green"), ("bag", "yellow")]
    items = [judged(draw(t, c).image, f"a {color} {thing}") for t, c in shown for thing, color in shown]
    values = np.array([score.value for score in clip_text.ClipText(METRICS["clip_text"]).score(items)])
    assert values.reshape(4, 4).argmax(1).tolist() == [0, 1, 2, 3]


def test_a_vector_does_not_depend_on_how_many_are_asked_for() -> None:
    images = [draw("mug", "red", seed=seed).image for seed in range(5)]
    settings = dataclasses.asdict(METRICS["clip_text"])
    together, alone = clip.Clip(**settings).images(images), clip.Clip(**settings).images(images[2:3])
    assert (together[2] == alone[0]).all()


def references(folder: Path, images: Sequence[Image.Image]) -> list[Reference]:
    for i, image in enumerate(images):
        image.save(folder / f"{i}.png")
    return [Reference(folder / f"{i}.png", "a red logo") for i in range(len(images))]


def test_a_reference_is_never_compared_with_itself(tmp_path: Path) -> None:
    images = [draw("mug", "red").image, draw("cap", "blue").image]
    metric = clip_image.ClipImage(METRICS["clip_image"], references(tmp_path, images))
    first, second, other = metric.score([judged(i) for i in (*images, draw("mug", "red", seed=1).image)])
    assert first.value == pytest.approx(second.value) and first.value is not None and first.value < 0.9
    assert [json.loads(s.evidence)["references"] for s in (first, second, other)] == [1, 1, 2]


def test_the_subject_is_closer_to_its_references_than_something_else(tmp_path: Path) -> None:
    metric = clip_image.ClipImage(
        METRICS["clip_image"], references(tmp_path, [draw("mug", "red", seed=s).image for s in (1, 2)])
    )
    same, other = metric.score([judged(draw("mug", "red", seed=3).image), judged(draw("bag", "blue", seed=3).image)])
    assert same.value is not None and other.value is not None and same.value > other.value + 0.2


def test_without_another_reference_there_is_a_reason(tmp_path: Path) -> None:
    image = draw("mug", "red").image
    for known in ([], [image]):
        metric = clip_image.ClipImage(METRICS["clip_image"], references(tmp_path, known))
        assert metric.score([judged(image)])[0].reason == "subject has no other held-out picture to compare with"


def test_clips_of_equal_settings_are_one() -> None:
    settings = dataclasses.astuple(METRICS["clip_text"])
    assert clip.load(*settings) is clip.load(*dataclasses.astuple(METRICS["clip_image"]))


@pytest.mark.parametrize(
    ("model", "pretrained", "says"),
    [("ViT-B32", None, "ViT-B-32"), ("ViT-B-32", "opnai", "openai"), ("bundled:clop", None, "no such file or folder")],
)
def test_a_mistyped_clip_is_named(model: str, pretrained: str | None, says: str) -> None:
    with pytest.raises(UserError, match=says):
        clip.Clip(model, pretrained, 2, "cpu").check()


def test_a_clip_whose_weights_cannot_be_had_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match="hf-hub:sdbench/nothing.* cannot be had") as caught:
        clip.Clip("hf-hub:sdbench/nothing", None, 2, "cpu").texts(["a mug"])
    assert "\n" not in str(caught.value)
