"""Training pictures that come back: found, named, and told from new pictures of the subject."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from sdbench import config, subjects
from sdbench.metrics import memorization
from sdbench.metrics.base import Judged
from sdbench.metrics.memorization import background, compare
from sdbench.records import Sample, Score
from sdbench.subjects import Reference, Subject

SUBJECTS = ("red_hugo_logo", "unicorn_girl", "sks_dog")
METRIC = config.compose_cell(["metric=[memorization]", "device=cpu"]).metrics["memorization"]


def load(name: str) -> Subject:
    return subjects.load(config.compose_cell([f"subject={name}"]).subject, 64)


def judged(image: Image.Image, seed: int = 0) -> Judged:
    return Judged(Sample(f"p-{seed}", "p", "", "", seed, ""), image)


def scored(subject: Subject, images: list[Image.Image]) -> dict[str, list[Score]]:
    scores = memorization.create(METRIC, subject).score([judged(image, i) for i, image in enumerate(images)])
    return {name: [s for s in scores if s.metric == name] for name in {s.metric for s in scores}}


def noisy(image: Image.Image) -> Image.Image:
    pixels = np.asarray(image) + np.random.default_rng(0).normal(0, 10, (*image.size[::-1], 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


# --- the pure core ----------------------------------------------------------------------------------------------------


def test_the_background_is_each_pictures_nearest_other() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1]])
    assert background(vectors) == pytest.approx([0.8, 0.8, 0.6])


@pytest.mark.parametrize(
    ("cosines", "share", "duplicate"),
    [([0.95, 0.2, 0.1], 1, 1), ([0.1, 0.85, 0.2], 2 / 3, 0), ([0.1, 0.2, 0.5], 0, 0), ([0.9, 0.1, 0.1], 2 / 3, 0)],
)
def test_an_image_is_ranked_within_the_background(cosines: list[float], share: float, duplicate: float) -> None:
    got = compare(judged(Image.new("RGB", (1, 1))), np.array(cosines), np.array([0.6, 0.8, 0.9]), ["a", "b", "c"])
    assert [s.value for s in got] == pytest.approx([share, duplicate, max(cosines)])
    assert json.loads(got[0].evidence)["nearest"] == "abc"[int(np.argmax(cosines))]
    assert json.loads(got[0].evidence)["background_most"] == 0.9


# --- on the microworld's subjects -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize(
    "change", [lambda i: i, noisy, lambda i: i.crop((2, 2, 62, 62)).resize((64, 64)), ImageOps.mirror]
)
def test_a_training_picture_that_comes_back_is_found_and_named(
    name: str, change: Callable[[Image.Image], Image.Image]
) -> None:
    subject = load(name)
    scores = scored(subject, [change(reference.image()) for reference in subject.train])
    assert [s.value for s in scores["memorization_duplicate"]] == [1] * len(subject.train)
    assert [json.loads(s.evidence)["nearest"] for s in scores["memorization"]] == [r.path.name for r in subject.train]


@pytest.mark.parametrize("name", SUBJECTS)
def test_held_out_pictures_rank_below_training_pictures(name: str) -> None:
    subject = load(name)
    new, old = (scored(subject, [r.image() for r in part]) for part in (subject.heldout, subject.train))
    for metric in ("memorization", "memorization_nearest"):
        assert np.mean([s.value for s in new[metric]]) < np.mean([s.value for s in old[metric]]) - 0.05


def test_a_subject_with_one_training_picture_has_a_reason() -> None:
    subject = load("sks_dog")
    scores = scored(dataclasses.replace(subject, train=subject.train[:1]), [subject.heldout[0].image()])
    assert {s.reason for part in scores.values() for s in part} == {memorization.FEW}


def test_a_training_picture_that_is_there_twice_counts_once(tmp_path: Path) -> None:
    """Else its twin would make every copy look usual."""
    subject = load("sks_dog")
    subject.train[0].image().save(tmp_path / "twin.png")
    doubled = dataclasses.replace(subject, train=[*subject.train, Reference(tmp_path / "twin.png", "")])
    image = [noisy(subject.train[1].image())]
    for metric, scores in scored(subject, image).items():
        assert scored(doubled, image)[metric][0].value == scores[0].value
