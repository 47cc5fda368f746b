"""A subject's folder is checked before anything is trained on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from sdbench import config, subjects
from sdbench.errors import UserError
from sdbench.settings import SubjectSettings


@pytest.fixture
def own(tmp_path: Path) -> SubjectSettings:
    """A user's own folders, as good as the shipped ones they are a copy of."""
    folder = shutil.copytree(subjects.SHIPPED / "sks_dog", tmp_path / "dog")
    settings = config.compose_cell(["subject=sks_dog"]).subject
    return replace(settings, folder=str(folder), sibling=str(folder / "sibling"))


@pytest.mark.parametrize(("name", "train"), [("red_hugo_logo", 8), ("unicorn_girl", 6), ("sks_dog", 5)])
def test_shipped_subjects_have_the_studies_sizes_and_say_the_identifier_in_every_caption(name: str, train: int) -> None:
    settings = replace(config.compose_cell([f"subject={name}"]).subject, detector=None)
    subject = subjects.load(settings, 64)
    assert len(subject.train) == train and len(subject.heldout) >= 4 and len(subject.sibling) == 8
    assert all(subject.identifier in r.caption for r in (*subject.train, *subject.heldout))
    assert all(subject.class_words in r.caption for r in subject.sibling)
    assert all(r.image().size == (64, 64) for r in (*subject.train, *subject.heldout, *subject.sibling))


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


def rewrite(train: Path, line: str) -> None:
    """The first line of the metadata, as `line`."""
    rest = (train / "metadata.jsonl").read_text().splitlines()[1:]
    (train / "metadata.jsonl").write_text("\n".join([line, *rest]))


def break_encoding(train: Path) -> str:
    rewrite(train, json.dumps({"file_name": "01.png", "text": "a sks dog in a café"}, ensure_ascii=False))
    (train / "metadata.jsonl").write_bytes((train / "metadata.jsonl").read_text().encode("latin-1"))
    return "metadata.jsonl is not UTF-8"


def break_name(train: Path) -> str:
    rewrite(train, '{"file_name": 1, "text": "a sks dog"}')
    return "metadata.jsonl, line 1 has file_name 1"


def break_text(train: Path) -> str:
    rewrite(train, '{"file_name": "01.png", "text": null}')
    return "metadata.jsonl, line 1 has text null"


def break_twice(train: Path) -> str:
    rewrite(train, '{"file_name": "02.png", "text": "a sks dog"}')
    return "metadata.jsonl, line 2 names '02.png' a second time"


def break_identifier(train: Path) -> str:
    rewrite(train, '{"file_name": "01.png", "text": "a dog on a beach"}')
    return "01.png has the caption 'a dog on a beach', which lacks the identifier 'sks dog'"


BREAKS = [break_empty, break_image, break_caption, break_json, break_metadata, break_listing, break_encoding]
BREAKS += [break_name, break_text, break_twice, break_identifier]


@pytest.mark.parametrize("damage", BREAKS)
def test_a_damaged_folder_is_refused_in_one_sentence_that_names_the_file(
    own: SubjectSettings, damage: Callable[[Path], str]
) -> None:
    expected = damage(Path(own.folder) / "train")
    with pytest.raises(UserError, match=expected) as caught:
        subjects.load(own, 64)
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


def break_sibling(sibling: Path) -> str:
    rewrite(sibling, '{"file_name": "01.png", "text": "a sks dog"}')
    return "sibling/01.png has the caption 'a sks dog', which names the subject"


@pytest.mark.parametrize("damage", [*BREAKS[:-1], break_sibling])
def test_a_damaged_sibling_is_refused_as_the_subject_itself_would_be(
    own: SubjectSettings, damage: Callable[[Path], str]
) -> None:
    expected = damage(Path(own.folder) / "sibling")
    with pytest.raises(UserError, match=expected) as caught:
        subjects.load(own, 64)
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


@pytest.mark.parametrize(
    ("sibling", "said"),
    [
        ("nowhere", "'nowhere' is no folder of pictures; give"),
        ("bundled:sks_dgo/sibling", "did you mean 'sks_dog"),
    ],
)
def test_a_sibling_that_is_not_there_is_named_with_the_remedy(own: SubjectSettings, sibling: str, said: str) -> None:
    with pytest.raises(UserError, match=f"subject.sibling .*{said}"):
        subjects.load(replace(own, sibling=sibling), 64)


def test_a_sibling_is_no_part_of_the_subjects_identity(own: SubjectSettings) -> None:
    with_one, without = subjects.load(own, 64), subjects.load(replace(own, sibling=None), 64)
    assert without.sibling == [] and with_one.sibling_identity != without.sibling_identity
    assert (with_one.identity, with_one.train_identity) == (without.identity, without.train_identity)


def test_an_image_smaller_than_the_model_is_refused(own: SubjectSettings) -> None:
    with pytest.raises(UserError, match=r"01.png is 64 px .* wants 512"):
        subjects.load(own, 512)


def test_a_picture_that_is_replaced_is_looked_at_again(own: SubjectSettings) -> None:
    subjects.load(own, 64)
    (picture, *_) = (Path(own.folder) / "train").glob("*.png")
    Image.new("RGB", (63, 64)).save(picture)
    with pytest.raises(UserError, match="63 px"):
        subjects.load(own, 64)


def test_an_unknown_shipped_subject_names_the_nearest(own: SubjectSettings) -> None:
    with pytest.raises(UserError, match="did you mean 'sks_dog'"):
        subjects.load(replace(own, folder="bundled:sks_dgo"), 64)


def test_the_same_pictures_split_otherwise_are_another_subject(own: SubjectSettings) -> None:
    before, folder = subjects.load(own, 64), Path(own.folder)
    last = before.train[-1].path
    last.rename(folder / "heldout" / "00.png")  # first there, so that the order of all pictures stays
    *rest, moved = (folder / "train" / "metadata.jsonl").read_text().splitlines()
    (folder / "train" / "metadata.jsonl").write_text("\n".join(rest))
    with (folder / "heldout" / "metadata.jsonl").open("a") as file:
        file.write("\n" + moved.replace(last.name, "00.png"))
    after = subjects.load(own, 64)
    assert [r.caption for r in (*after.train, *after.heldout)] == [r.caption for r in (*before.train, *before.heldout)]
    assert after.identity != before.identity and after.train_identity != before.train_identity


def test_a_held_out_picture_or_the_lettering_leaves_what_was_trained_as_it_is(own: SubjectSettings) -> None:
    before = subjects.load(own, 64)
    metadata = Path(own.folder) / "heldout" / "metadata.jsonl"
    metadata.write_text(metadata.read_text().replace("a ", "one ", 1))
    after = subjects.load(own, 64)
    assert after.train_identity == before.train_identity and after.identity != before.identity
    lettered = subjects.load(replace(own, lettering="REX"), 64)
    assert lettered.train_identity == before.train_identity and lettered.identity != after.identity
    assert subjects.load(replace(own, class_words="cat"), 64).train_identity != before.train_identity


def test_a_phones_picture_is_turned_upright(own: SubjectSettings) -> None:
    path = Path(own.folder) / "train" / "01.png"
    lying, exif = Image.new("RGB", (96, 64), "red"), Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    lying.save(path, exif=exif)
    assert subjects.load(own, 64).train[0].image().size == (64, 96)
