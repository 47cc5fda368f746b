"""A subject's folder is checked before anything is trained on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sdbench import config, subjects
from sdbench.errors import UserError
from sdbench.settings import SubjectSettings


@pytest.fixture
def own(tmp_path: Path) -> SubjectSettings:
    """A user's own folder, as good as the shipped one it is a copy of."""
    shutil.copytree(subjects.SHIPPED / "sks_dog", tmp_path / "dog")
    return replace(config.compose_cell(["subject=sks_dog"]).subject, folder=str(tmp_path / "dog"))


@pytest.mark.parametrize(("name", "train"), [("red_hugo_logo", 8), ("unicorn_girl", 6), ("sks_dog", 5)])
def test_shipped_subjects_have_the_studies_sizes_and_say_the_identifier_in_every_caption(name: str, train: int) -> None:
    settings = replace(config.compose_cell([f"subject={name}"]).subject, detector=None)
    subject = subjects.load(settings, 64)
    assert len(subject.train) == train and len(subject.heldout) >= 4
    assert all(subject.identifier in r.caption for r in (*subject.train, *subject.heldout))
    assert all(r.image().size == (64, 64) for r in (*subject.train, *subject.heldout))


def test_an_own_folder_has_the_same_identity_as_an_equal_one_and_another_when_a_caption_changes(
    own: SubjectSettings,
) -> None:
    before = subjects.load(own, 64).identity
    assert subjects.load(replace(own, folder="bundled:sks_dog"), 64).identity == before
    path = Path(own.folder) / "train" / "metadata.jsonl"
    path.write_text(path.read_text().replace("beach", "forest"))
    assert subjects.load(own, 64).identity != before


def break_empty(train: Path) -> str:
    for file in train.glob("*.png"):
        file.unlink()
    return "holds no images"


def break_image(train: Path) -> str:
    (train / "02.png").write_bytes((train / "02.png").read_bytes()[:100])
    return "02.png cannot be read"


def break_caption(train: Path) -> str:
    lines = (train / "metadata.jsonl").read_text().splitlines()
    (train / "metadata.jsonl").write_text("\n".join(lines[:2] + lines[3:]))
    return "03.png has no caption"


def break_json(train: Path) -> str:
    (train / "metadata.jsonl").write_text("not json")
    return "metadata.jsonl, line 1"


def break_metadata(train: Path) -> str:
    (train / "metadata.jsonl").unlink()
    return "metadata.jsonl is missing"


def break_listing(train: Path) -> str:
    with (train / "metadata.jsonl").open("a") as file:
        file.write(json.dumps({"file_name": "99.png", "text": "a sks dog"}) + "\n")
    return "names '99.png'"


BREAKS = [break_empty, break_image, break_caption, break_json, break_metadata, break_listing]


@pytest.mark.parametrize("damage", BREAKS)
def test_a_damaged_folder_is_refused_in_one_sentence_that_names_the_file(
    own: SubjectSettings, damage: Callable[[Path], str]
) -> None:
    expected = damage(Path(own.folder) / "train")
    with pytest.raises(UserError, match=expected) as caught:
        subjects.load(own, 64)
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


def test_an_image_smaller_than_the_model_is_refused(own: SubjectSettings) -> None:
    with pytest.raises(UserError, match=r"01.png is 64 px .* wants 512"):
        subjects.load(own, 512)


def test_an_unknown_shipped_subject_names_the_nearest(own: SubjectSettings) -> None:
    with pytest.raises(UserError, match="did you mean 'sks_dog'"):
        subjects.load(replace(own, folder="bundled:sks_dgo"), 64)
