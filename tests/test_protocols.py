"""The peers' numbers: sums worked out by hand, transforms as they say them, and presets as metrics end to end."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sdbench import config, protocols, score, subjects
from sdbench.errors import UserError
from sdbench.metrics import (
    customconcept101,
    dreambench,
    dreambench_plus,
    dreambench_pres,
    drift,
    peft_comparison,
    peft_comparison_drift,
)
from sdbench.metrics.base import Judged, clip, protocol, selfsupervised
from sdbench.metrics.base.protocol import NO_CAPTION, OF_SUBJECT
from sdbench.protocols import PRESETS
from sdbench.records import Sample, Score
from sdbench.settings import PromptSettings
from sdbench.subjects import Subject

ASKING = {"dreambench_pres": dreambench_pres, "peft_comparison_drift": peft_comparison_drift}
MODULES = {m.__name__.split(".")[-1]: m for m in (dreambench, customconcept101, dreambench_plus, peft_comparison)}
MODULES |= ASKING
CELL = config.compose_cell([f"metric=[{','.join(MODULES)}]", "device=cpu", "subject=sks_dog"])
GENERATED, REAL = np.array([[2, 0], [0, 3]]), np.array([[1, 0], [3, 4]])  # cosines 1, .6 and 0, .8

# --- the pure core ----------------------------------------------------------------------------------------------------


def test_all_pairs_is_each_images_mean_over_all_real_pictures() -> None:
    assert protocols.all_pairs(GENERATED, REAL) == pytest.approx([0.8, 0.4])


def test_the_mean_of_all_pairs_is_the_mean_over_all_pairs() -> None:
    rng = np.random.default_rng(0)
    generated, real = rng.normal(size=(7, 5)), rng.normal(size=(3, 5))
    pairs = [a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a in generated for b in real]
    assert protocols.all_pairs(generated, real).mean() == pytest.approx(np.mean(pairs))


def test_own_pairs_compares_row_by_row() -> None:
    assert protocols.own_pairs(GENERATED, REAL) == pytest.approx([1, 0.8])


def test_clipscore_is_two_and_a_half_times_the_cosine_and_never_below_0() -> None:
    assert protocols.scaled(np.array([0.3, -0.2, 1]), "clipscore") == pytest.approx([0.75, 0, 2.5])


def test_percent_is_a_hundred_times_the_cosine_and_may_be_below_0() -> None:
    assert protocols.scaled(np.array([0.3, -0.2]), "percent") == pytest.approx([30, -20])


def test_drift_is_half_of_1_minus_the_mean_cosine_of_images_drawn_alike() -> None:
    base, now = np.array([[1, 0], [0.6, 0.8]]), np.array([[1, 0], [0, 1]])  # cosines 1 and .8
    assert drift.moved(base, now).mean() == pytest.approx((1 - 0.9) / 2)
    assert drift.moved(base, base) == pytest.approx(0) and drift.moved(base, -base) == pytest.approx(1)


def test_the_mean_of_images_drifts_is_half_of_1_minus_their_mean_cosine() -> None:
    drifts = [protocols.scaled(protocols.own_pairs(REAL, b), "drift") for b in (GENERATED, REAL, -REAL)]
    assert drifts[0] == pytest.approx([0, 0.1]) and drifts[0].mean() == pytest.approx((1 - 0.9) / 2)
    assert drifts[1] == pytest.approx([0, 0]) and drifts[2] == pytest.approx([1, 1])


def test_diversity_is_the_mean_over_pairs_of_different_images() -> None:
    assert protocols.diversity(np.array([[0, 1, 2], [1, 0, 6], [2, 6, 0]])) == 3


def test_no_two_measures_share_a_column_and_every_one_says_its_source_and_pairs() -> None:
    columns = [f"{preset}_{m.name}" for preset, measures in PRESETS.items() for m in measures]
    assert len(set(columns)) == len(columns)
    for measure in (m for measures in PRESETS.values() for m in measures):
        assert measure.source and measure.pairs in protocols.PAIRS and measure.scale in protocols.RANGES


def test_a_measure_that_asks_for_images_of_its_own_is_a_kind_of_metric_called_as_its_column() -> None:
    assert set(ASKING) == {f"{preset}_{m.name}" for preset, found in PRESETS.items() for m in found if m.asks}


# --- preprocessing ----------------------------------------------------------------------------------------------------


def gradient(width: int, height: int) -> Image.Image:
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.stack([across, down, (across + down) / 2], -1).astype(np.uint8))


@pytest.mark.parametrize("size", [(512, 512), (600, 400), (64, 64)])
def test_dinos_transform_is_resize_256_bicubic_then_the_middle_224(size: tuple[int, int]) -> None:
    """By hand, in PIL and numpy, with ImageNet's constants."""
    width, height = (int(256 * side / min(size)) for side in size)
    left, top = round((width - 224) / 2), round((height - 224) / 2)
    small = gradient(*size).resize((width, height), Image.Resampling.BICUBIC).crop((left, top, left + 224, top + 224))
    expected = (np.asarray(small) / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    assert selfsupervised.transform()(gradient(*size)).numpy() == pytest.approx(expected.transpose(2, 0, 1), abs=1e-5)


# --- presets as metrics -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dog() -> Subject:
    return subjects.load(CELL.subject, 64)


def settings(name: str, **changed: Any) -> Any:
    return dataclasses.replace(CELL.metrics[name], batch_size=1, **changed)


def judged(subject: Subject, prompts: list[tuple[str, str]]) -> list[Judged]:
    """One held-out picture for each (prompt, class prompt)."""
    images = [reference.image() for reference in subject.heldout]
    return [
        Judged(Sample(f"p-{i}", "p", prompt, worded, i, ""), images[i % len(images)])
        for i, (prompt, worded) in enumerate(prompts)
    ]


def scored(metric: protocol.Protocol, items: list[Judged]) -> dict[str, list[Score]]:
    scores = metric.score(items)
    score.check_whole([("", item.sample) for item in items], metric.cards, scores)
    return {card.name: [s for s in scores if s.metric == card.name] for card in metric.cards}


SUBJECT = ("a sks dog in a forest", "a dog in a forest")
CLASS = ("a dog in a forest", "a dog in a forest")


def test_dreambench_end_to_end_is_its_sums_on_its_encoders_vectors(weights: dict[str, str], dog: Subject) -> None:
    metric = dreambench.create(settings("dreambench", dino=weights["s16"], clip=weights["clip"]), dog)
    items = judged(dog, [SUBJECT, SUBJECT, CLASS])
    got = scored(metric, items)
    dino = selfsupervised.load(weights["s16"], 1, "cpu", protocols.DINO_S16.architecture)
    b32 = clip.load("ViT-B-32-quickgelu", weights["clip"], 1, "cpu")
    train = [reference.image() for reference in dog.train]
    images = [item.image for item in items]
    for column, encoder in (("dreambench_dino", dino), ("dreambench_clip_i", b32)):
        expected = (encoder.images(images[:2]) @ encoder.images(train).T).mean(1)
        assert [s.value for s in got[column][:2]] == pytest.approx(expected.tolist(), abs=1e-5)
        assert got[column][2].reason == OF_SUBJECT
    text = (b32.images(images[:2]) @ b32.texts(["a dog in a forest"]).T)[:, 0]
    assert [s.value for s in got["dreambench_clip_t"][:2]] == pytest.approx(text.tolist(), abs=1e-5)
    assert "metrics.dreambench.lpips" in str(got["dreambench_div"][0].reason)


def test_customconcept101s_text_alignment_is_clipscore(weights: dict[str, str], dog: Subject) -> None:
    metric = customconcept101.create(settings("customconcept101", dino=weights["s16"], clip=weights["clip"]), dog)
    items = judged(dog, [SUBJECT])
    b32 = clip.load("ViT-B-32-quickgelu", weights["clip"], 1, "cpu")
    cosine = float((b32.images([items[0].image]) @ b32.texts(["a dog in a forest"]).T)[0, 0])
    assert scored(metric, items)["customconcept101_text"][0].value == pytest.approx(2.5 * max(0, cosine), abs=1e-5)


def test_dreambench_plus_wants_the_one_picture_trained_on(weights: dict[str, str], dog: Subject) -> None:
    chosen = settings("dreambench_plus", dino=weights["s8"], dinov2=weights["v2s"], clip=weights["clip"])
    items = judged(dog, [SUBJECT])
    many, one = (
        scored(dreambench_plus.create(chosen, s), items) for s in (dog, dataclasses.replace(dog, train=dog.train[:1]))
    )
    for name in ("dino", "dinov2", "clip_i"):
        assert "the subject has 5" in str(many[f"dreambench_plus_{name}"][0].reason)
        assert one[f"dreambench_plus_{name}"][0].value is not None
    assert many["dreambench_plus_clip_t"][0].value == one["dreambench_plus_clip_t"][0].value


def test_the_peft_comparison_pairs_an_image_with_the_held_out_picture_of_its_caption(dog: Subject) -> None:
    """By the microworld's encoder: what is tested is the pairing."""
    chosen = settings("peft_comparison", dinov2="facebook/dinov2-base")
    metric = peft_comparison.create(chosen, dog)
    metric.encoders = {protocols.DINOV2_B: selfsupervised.load("bundled:encoder", 1, "cpu")}
    caption = dog.heldout[0].caption
    own = (caption, caption.replace(dog.identifier, dog.class_words))
    first, second = scored(metric, judged(dog, [own, ("sks dog elsewhere", "a dog elsewhere")]))["peft_comparison_dino"]
    assert first.value == pytest.approx(1, abs=1e-5) and second.reason == NO_CAPTION


def test_the_base_is_asked_in_class_words_so_its_images_stand_for_the_subjects(
    weights: dict[str, str], dog: Subject
) -> None:
    metric = dreambench.create(settings("dreambench", dino=weights["s16"], clip=weights["clip"]), dog)
    of_base, of_row = (scored(metric, judged(dog, [asked] * 2))["dreambench_dino"] for asked in (CLASS, SUBJECT))
    assert [s.value for s in of_base] == [s.value for s in of_row]


def drawn(subject: Subject, asked: str) -> list[Judged]:
    """Of a metric's own prompts: held-out pictures, where the base drew the one before."""
    items = judged(subject, [CLASS] * len(subject.heldout))
    return [dataclasses.replace(item, asked=asked, base=items[i - 1].image) for i, item in enumerate(items)]


def scored_own(metric: protocol.Protocol, items: list[Judged]) -> list[Score]:
    scores = metric.score(items)
    score.check_whole([(item.asked, item.sample) for item in items], metric.cards, scores)
    return scores


def test_pres_is_the_mean_over_all_pairs_of_an_image_of_the_class_and_a_picture_trained_on(
    weights: dict[str, str], dog: Subject
) -> None:
    items = drawn(dog, "class")
    got = scored_own(dreambench_pres.create(settings("dreambench_pres", dino=weights["s16"]), dog), items)
    dino = selfsupervised.load(weights["s16"], 1, "cpu", protocols.DINO_S16.architecture)
    pairs = dino.images(item.image for item in items) @ dino.images(one.image() for one in dog.train).T
    assert [s.value for s in got] == pytest.approx(pairs.mean(1).tolist(), abs=1e-5)
    assert np.mean([s.value for s in got if s.value is not None]) == pytest.approx(pairs.mean(), abs=1e-5)


def test_the_peft_comparisons_drift_is_of_what_the_base_drew_for_the_same_prompt_and_seed(
    weights: dict[str, str], dog: Subject
) -> None:
    items = drawn(dog, "class_and_unrelated")
    metric = peft_comparison_drift.create(settings("peft_comparison_drift", dinov2=weights["v2b"]), dog)
    dino = selfsupervised.load(weights["v2b"], 1, "cpu", protocols.DINOV2_B.architecture)
    vectors = dino.images(item.image for item in items)
    expected = (1 - (vectors * np.roll(vectors, 1, axis=0)).sum(1).mean()) / 2
    values = [s.value for s in scored_own(metric, items) if s.value is not None]
    assert np.mean(values) == pytest.approx(expected, abs=1e-5) and min(values) > 0
    still = scored_own(metric, [dataclasses.replace(item, base=item.image) for item in items])
    assert [s.value for s in still] == pytest.approx([0] * len(items), abs=1e-6)


@pytest.mark.parametrize("kind", ASKING)
def test_prompts_that_name_the_subject_and_several_sets_are_refused(kind: str, dog: Subject) -> None:
    with pytest.raises(UserError, match=f"metrics.{kind}.prompts has 'a {{subject}} at night'; write {{class_words}}"):
        named = {"night": PromptSettings("night", ["a dog", "a {subject} at night"])}
        ASKING[kind].create(settings(kind, prompts=named), dog)
    with pytest.raises(UserError, match=f"metrics.{kind}.prompts has 2 sets"):
        two = {name: PromptSettings(name, ["a dog"]) for name in "ab"}
        ASKING[kind].create(settings(kind, prompts=two), dog)


def test_columns_carry_the_presets_name_and_none_is_ours(weights: dict[str, str], dog: Subject) -> None:
    metric = dreambench.create(settings("dreambench", dino=weights["s16"], clip=weights["clip"]), dog)
    assert [card.name for card in metric.cards] == [f"dreambench_{m.name}" for m in PRESETS["dreambench"] if not m.asks]
    assert {card.name: card.per for card in metric.cards if card.per == "prompt"} == {"dreambench_div": "prompt"}
    assert all("dreambench" in card.title and card.source and not card.headline for card in metric.cards)
    assert (
        "224" in metric.cards[0].preprocessing and "shorter side to 256 px (bicubic)" in metric.cards[0].preprocessing
    )


def test_clips_transform_in_the_presets_is_resize_224_bicubic_then_the_middle_224(weights: dict[str, str]) -> None:
    image = gradient(600, 400)
    encoder = clip.load("ViT-B-32-quickgelu", weights["clip"], 1, "cpu")
    small = image.resize((336, 224), Image.Resampling.BICUBIC).crop((56, 0, 280, 224))
    mean, deviation = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    expected = ((np.asarray(small) / 255 - mean) / deviation).transpose(2, 0, 1)
    assert encoder.pixels(image) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("image", [Image.new("RGB", (1, 1)), Image.new("RGB", (4000, 4000)), gradient(4, 400)])
def test_any_image_has_a_value_or_a_reason(image: Image.Image, weights: dict[str, str], dog: Subject) -> None:
    metric = dreambench.create(settings("dreambench", dino=weights["s16"], clip=weights["clip"]), dog)
    got = scored(metric, [dataclasses.replace(item, image=image) for item in judged(dog, [SUBJECT, CLASS])])
    for card in metric.cards:
        assert [s.sample_id for s in got[card.name]] == ["p-0", "p-1"]
        assert all(s.reason or (s.value is not None and card.low <= s.value <= card.high) for s in got[card.name])


@pytest.mark.parametrize("place", ["s8", "v2s"])
def test_another_architecture_than_the_protocols_is_refused(place: str, weights: dict[str, str], dog: Subject) -> None:
    metric = dreambench.create(settings("dreambench", dino=weights[place], clip=weights["clip"]), dog)
    with pytest.raises(UserError, match="the protocol's"):
        metric.judge(lambda path: "")


def test_the_microworlds_encoder_is_not_taken_for_dino(dog: Subject) -> None:
    with pytest.raises(UserError, match="lacks config.json"):
        dreambench.create(settings("dreambench", dino="bundled:encoder"), dog).judge(lambda path: "")


def test_other_weights_than_openais_are_refused(dog: Subject) -> None:
    with pytest.raises(UserError, match="metrics.dreambench.clip is 'metaclip_400m', the protocol has 'openai'"):
        dreambench.create(settings("dreambench", clip="metaclip_400m"), dog)


@pytest.mark.parametrize("name", MODULES)
def test_what_the_presets_fetch_by_default_is_what_they_say(name: str, dog: Subject) -> None:
    metric = MODULES[name].create(CELL.metrics[name], dog)
    metric.check()
    named = {measure.backbone.weights for measure in metric.measures if measure.backbone is not protocols.LPIPS}
    found = json.dumps(metric.judge(lambda path: ""))
    assert all(weights.split("/")[0] in found and weights.split("/")[1] in found for weights in named)
