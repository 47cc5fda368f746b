"""The microworld's ground truth: what is drawn is what is said, and what is held out stays out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from transformers import CLIPTokenizer

from sdbench import subjects
from sdbench.errors import UserError
from sdbench.microworld import bundled, scene, tokenizer
from sdbench.microworld.canvas import RGB
from sdbench.microworld.pretrain import subjects as shipped
from sdbench.microworld.render import BADGE_PX, render
from sdbench.microworld.scene import IDENTIFIERS, VOCABULARY, Badge, Scene, caption, sample_split, word_is_held_out


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> CLIPTokenizer:
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.build(folder)
    return CLIPTokenizer.from_pretrained(folder)


def scenes(count: int, heldout: bool = False) -> list[Scene]:
    rng = np.random.default_rng(5)
    return [sample_split(rng, heldout) for _ in range(count)]


def test_a_render_is_a_pure_function_of_scene_and_seed() -> None:
    for one in scenes(20):
        first, again = (np.asarray(render(one, np.random.default_rng(3)).image) for _ in range(2))
        assert first.shape == (64, 64, 3) and np.array_equal(first, again)


def test_the_badge_box_holds_the_badges_colour_and_sits_on_the_latent_grid() -> None:
    lettered = [s for s in scenes(200) if s.badge]
    for one in lettered:
        rendered = render(one, np.random.default_rng(0))
        assert rendered.badge_box is not None and one.badge is not None
        left, top, right, bottom = rendered.badge_box
        assert (right - left, bottom - top) == BADGE_PX and left % 4 == top % 4 == 0
        edge = np.asarray(rendered.image)[top + 2 : bottom - 2, left + 2]
        assert np.abs(np.median(edge, axis=0) - RGB[one.badge.color]).max() < 12
    assert len(lettered) > 50


def test_captions_stay_in_the_closed_vocabulary_and_never_use_an_identifier(words: CLIPTokenizer) -> None:
    rng = np.random.default_rng(1)
    for one in scenes(2000):
        said = caption(one, rng)
        lettering = one.badge.word.lower() if one.badge else None
        assert not set(said.split()) & set(IDENTIFIERS)
        assert {w for w in said.split() if len(w) > 1 and w not in VOCABULARY} <= {lettering}
        assert len(words(said).input_ids) <= tokenizer.MAX_LENGTH


def test_identifiers_and_words_are_one_token_and_lettering_is_one_token_a_letter(words: CLIPTokenizer) -> None:
    for word in (*IDENTIFIERS, *(w for w in VOCABULARY if len(w) > 1)):
        assert len(words(word, add_special_tokens=False).input_ids) == 1, word
    assert words.convert_ids_to_tokens(words("nova", add_special_tokens=False).input_ids) == ["n", "o", "v", "a</w>"]


def test_the_held_out_tenth_never_reaches_pretraining() -> None:
    assert word_is_held_out("HUGO")
    for one in scenes(2000):
        assert not scene.held_out(one.thing, one.color, one.background)
        assert one.badge is None or not word_is_held_out(one.badge.word)
    assert all(scene.is_held_out(one) for one in scenes(50, heldout=True))


@pytest.mark.parametrize("make", [shipped.logo, shipped.girl, shipped.dog], ids=lambda make: make.__name__)
def test_what_ships_of_a_subject_is_what_its_script_draws(make: Callable[[], dict[str, shipped.Plan]]) -> None:
    name, number = {"logo": ("red_hugo_logo", 0), "girl": ("unicorn_girl", 1), "dog": ("sks_dog", 2)}[make.__name__]
    for part, seed in {"train": 2 * number, "heldout": 2 * number + 1, "sibling": 6 + number}.items():
        rng = np.random.default_rng(seed)
        for index, (one, _) in enumerate(make()[part], 1):
            with Image.open(subjects.SHIPPED / name / part / f"{index:02d}.png") as image:
                assert np.array_equal(np.asarray(image), np.asarray(render(one, rng).image)), (part, index)


@pytest.mark.parametrize("make", [shipped.logo, shipped.girl, shipped.dog], ids=lambda make: make.__name__)
def test_a_sibling_is_of_the_subjects_class_before_every_background_and_is_not_the_subject(
    make: Callable[[], dict[str, shipped.Plan]],
) -> None:
    plan = make()
    own, other = ([one for one, _ in plan[part]] for part in ("heldout", "sibling"))
    assert {one.background for one in other} == set(scene.BACKGROUNDS)
    assert {one.kind for one in other} == {one.kind for one in own} and not {one.badge for one in other} & {
        one.badge for one in own if one.badge
    }
    if not own[0].badge:
        assert not {one.color for one in other} & {one.color for one in own}
        assert not set(other[0].look) & set(own[0].look) - {("hair_tone", "0"), ("dress", "none")}


def test_the_siblings_word_is_one_that_pretraining_never_saw_and_shares_no_place_with_the_subjects() -> None:
    assert word_is_held_out(shipped.VELA.word) and shipped.VELA.color == shipped.HUGO.color
    assert not any(a == b for a, b in zip(shipped.VELA.word, shipped.HUGO.word, strict=True))


def test_different_lettering_gives_different_pixels_inside_the_badge_only() -> None:
    def drawn(word: str) -> np.ndarray:
        one = Scene("item", "mug", "blue", "studio", Badge("red", word))
        return np.asarray(render(one, np.random.default_rng(0)).image).astype(int)

    rows, columns = np.nonzero(np.abs(drawn("HUGO") - drawn("HUGE")).sum(-1))
    assert len(rows) > 10 and np.ptp(columns) < 10 and np.ptp(rows) < BADGE_PX[1]


def test_a_missing_weight_file_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="detector/nothing.onnx.*git checkout"):
        bundled("bundled:detector/nothing.onnx")
    with pytest.raises(UserError, match="check the path"):
        bundled(str(tmp_path / "nothing"))
