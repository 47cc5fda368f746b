"""Metrics that judge by image vectors: `dino`, the encoders behind them, and what all of them hold to."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdbench import config, subjects
from sdbench.errors import UserError
from sdbench.metrics import clip_image, clip_text, dino, diversity, memorization
from sdbench.metrics.base import Judged, Metric, selfsupervised
from sdbench.metrics.base.clip import Clip
from sdbench.metrics.base.encoder import Encoder
from sdbench.metrics.base.encoders import Settings
from sdbench.microworld.render import render
from sdbench.microworld.scene import Scene
from sdbench.records import Sample
from sdbench.subjects import Subject

MODULES = {m.__name__.split(".")[-1]: m for m in (clip_image, clip_text, dino, diversity, memorization)}
CELL = config.compose_cell([f"metric=[{','.join(MODULES)}]", "device=cpu"])


def draw(thing: str, color: str, seed: int = 0) -> Image.Image:
    return render(Scene("item", thing, color, "studio", None), np.random.default_rng(seed)).image


def judged(image: Image.Image, seed: int = 0) -> Judged:
    return Judged(Sample(f"p-{seed}", "p", "a red_hugo_logo", "a red logo", seed, f"images/p-{seed}.png"), image)


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subjects.load(CELL.subject, 64)


@pytest.fixture(scope="module", params=["vit", "dinov2"])
def vit_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DINO and a DINOv2 with random weights, as transformers saves them."""
    import torch
    from transformers import Dinov2Config, Dinov2Model, ViTConfig, ViTModel

    torch.manual_seed(0)
    small = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 224}
    make = {
        "vit": lambda: ViTModel(ViTConfig(**small, intermediate_size=64, patch_size=16)),
        "dinov2": lambda: Dinov2Model(Dinov2Config(**small, mlp_ratio=2, patch_size=14)),
    }
    folder = tmp_path_factory.mktemp(request.param)
    make[request.param]().save_pretrained(folder)
    return folder


# --- what every such metric holds to ----------------------------------------------------------------------------------

CANVAS = {
    "blank": lambda: Image.new("RGB", (64, 64), "white"),
    "black": lambda: Image.new("RGB", (64, 64)),
    "tiny": lambda: Image.new("RGB", (1, 1), "red"),
    "huge": lambda: Image.effect_noise((4000, 4000), 50).convert("RGB"),
    "narrow": lambda: Image.new("RGB", (4, 400), "red"),
    "greyscale": lambda: draw("mug", "red").convert("L"),
    "CMYK": lambda: draw("mug", "red").convert("CMYK"),
    "16-bit": lambda: Image.fromarray(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 16),
    "transparent": lambda: draw("mug", "red").convert("RGBA"),
}


@pytest.mark.parametrize("kind", CANVAS)
def test_any_image_has_a_value_or_a_reason(kind: str, subject: Subject, tmp_path: Path) -> None:
    file = tmp_path / f"image.{'tif' if kind == 'CMYK' else 'png'}"
    CANVAS[kind]().save(file)
    with Image.open(file) as image:  # as sdbench.score.Samples reads it
        items = [judged(image.convert("RGB"), 0), judged(draw("cap", "blue"), 1)]
    for name, module in MODULES.items():
        metric = module.create(CELL.metrics[name], subject)
        got = metric.score(items)
        asked = {(item.sample.sample_id, card.name) for item in items for card in metric.cards}
        assert {(score.sample_id, score.metric) for score in got} == asked and len(got) == len(asked)
        ranges = {card.name: (card.low, card.high) for card in metric.cards}
        for score in got:
            low, high = ranges[score.metric]
            assert score.reason or (score.value is not None and low <= score.value <= high), score


@pytest.mark.parametrize("name", MODULES)
def test_a_score_does_not_depend_on_the_batch_size(name: str, subject: Subject) -> None:
    items = [judged(draw(thing, "red", seed), seed) for seed, thing in enumerate(["mug", "cap", "bag", "mug", "cap"])]
    of = [scores(name, subject, items, batch_size) for batch_size in (1, 2, 16)]
    assert of[0].keys() == of[1].keys() == of[2].keys()
    for key in of[0]:
        assert of[0][key] == pytest.approx(of[2][key], abs=1e-4) and of[1][key] == pytest.approx(of[2][key], abs=1e-4)


@pytest.mark.parametrize("name", [name for name, module in MODULES.items() if name != "diversity"])
def test_a_score_does_not_depend_on_what_is_scored_beside_it(name: str, subject: Subject) -> None:
    items = [judged(draw("mug", "red", seed), seed) for seed in range(4)]
    assert not MODULES[name].create(CELL.metrics[name], subject).grouped
    alone, together = scores(name, subject, items[2:3], 16), scores(name, subject, items, 16)
    assert alone == pytest.approx({key: together[key] for key in alone}, abs=1e-6)


def scores(name: str, subject: Subject, items: list[Judged], batch_size: int) -> dict[tuple[str, str], float | None]:
    metric: Metric = MODULES[name].create(dataclasses.replace(CELL.metrics[name], batch_size=batch_size), subject)
    return {(s.sample_id, s.metric): s.value for s in metric.score(items)}


@pytest.mark.parametrize("name", MODULES)
def test_of_no_images_there_are_no_scores(name: str, subject: Subject) -> None:
    assert MODULES[name].create(CELL.metrics[name], subject).score([]) == []


# --- dino -------------------------------------------------------------------------------------------------------------


def test_dino_knows_the_subjects_own_pictures_from_another_thing(subject: Subject) -> None:
    metric = dino.create(CELL.metrics["dino"], subject)
    own = metric.score([judged(r.image(), i) for i, r in enumerate(subject.train)])
    other = metric.score([judged(draw("bag", "yellow", seed), seed) for seed in range(8)])
    assert np.mean([s.value for s in own]) > np.mean([s.value for s in other])
    assert json.loads(own[0].evidence)["references"] == len(subject.heldout)


def test_dino_leaves_a_reference_itself_out(subject: Subject) -> None:
    one = dataclasses.replace(subject, heldout=subject.heldout[:1])
    (score,) = dino.create(CELL.metrics["dino"], one).score([judged(one.heldout[0].image())])
    assert score.reason == "subject has no other held-out picture to compare with"


def test_dino_by_a_folder_names_it_and_its_preprocessing_on_the_card(subject: Subject, vit_folder: Path) -> None:
    metric = dino.create(dataclasses.replace(CELL.metrics["dino"], model=str(vit_folder)), subject)
    (card,) = metric.cards
    assert card.backbone == str(vit_folder) and "224" in card.preprocessing and card.source
    assert all(s.value is not None for s in metric.score([judged(draw("mug", "red"))]))


# --- encoders ---------------------------------------------------------------------------------------------------------


def encoder_of(vit_folder: Path) -> list[Encoder]:
    return [Settings(model, None, 4, "cpu").encoder() for model in ("bundled:encoder", "bundled:clip", str(vit_folder))]


def test_vectors_have_unit_length_whatever_encodes(vit_folder: Path) -> None:
    for encoder in encoder_of(vit_folder):
        vectors = encoder.images([draw("mug", "red"), draw("cap", "blue")])
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
        assert vectors[0] @ vectors[1] < 1


def test_a_folder_is_read_as_what_it_holds(vit_folder: Path) -> None:
    assert [type(e) for e in encoder_of(vit_folder)] == [selfsupervised.Onnx, Clip, selfsupervised.Vit]


def test_a_vit_gives_the_class_token_of_transformers_own_model(vit_folder: Path) -> None:
    import torch
    from transformers import AutoModel

    image = draw("mug", "red").resize((300, 260))
    pixels = selfsupervised.transform()(image)[None]
    with torch.inference_mode():
        token = AutoModel.from_pretrained(vit_folder).eval()(pixels).last_hidden_state[0, 0].numpy()
    (vector,) = selfsupervised.Vit(str(vit_folder), 2, "cpu").images([image])
    assert vector == pytest.approx(token / np.linalg.norm(token), abs=1e-5)


def test_dinos_transform_is_the_image_processor_of_dinov2() -> None:
    """Its published settings, in transformers' own processor: 256 px bicubic, middle 224 px, ImageNet's constants."""
    from transformers import BitImageProcessor

    processor = BitImageProcessor(
        do_resize=True, size={"shortest_edge": 256}, resample=3, do_center_crop=True, crop_size=224, do_normalize=True,
        do_rescale=True, image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225], do_convert_rgb=True,
    )  # fmt: skip
    image = draw("mug", "red").resize((300, 300))  # of others that processor may round the crop to the next pixel
    theirs = np.asarray(processor(images=image, return_tensors="np")["pixel_values"][0])
    ours = selfsupervised.transform()(image).numpy()
    assert ours.shape == theirs.shape == (3, 224, 224)
    assert np.abs(ours - theirs).mean() < 0.01


def test_other_weights_are_another_judge(vit_folder: Path) -> None:
    from sdbench.provenance import identity

    judges = [json.dumps(encoder.judge(identity), sort_keys=True) for encoder in encoder_of(vit_folder)]
    assert len(set(judges)) == 3


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda f: None, "lacks config.json or model.safetensors.*save_pretrained"),
        (lambda f: (f / "model.safetensors").write_bytes(b""), "lacks config.json"),
        (lambda f: [(f / "model.safetensors").write_bytes(b""), (f / "config.json").write_text("{")], "not JSON"),
        (
            lambda f: [
                (f / "model.safetensors").write_bytes(b""),
                (f / "config.json").write_text('{"model_type": "t5"}'),
            ],
            "of type 't5'; name one",
        ),
    ],
)
def test_a_folder_without_an_encoder_is_refused_before_anything_runs(
    make: Callable[[Path], object], says: str, tmp_path: Path
) -> None:
    make(tmp_path)
    with pytest.raises(UserError, match=says):
        selfsupervised.Vit(str(tmp_path), 2, "cpu").judge(lambda path: "")


def test_weights_that_break_off_are_one_sentence(vit_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((vit_folder / "config.json").read_bytes())
    (tmp_path / "model.safetensors").write_bytes((vit_folder / "model.safetensors").read_bytes()[:5000])
    with pytest.raises(UserError, match="cannot be had") as caught:
        selfsupervised.Vit(str(tmp_path), 2, "cpu").images([draw("mug", "red")])
    assert "\n" not in str(caught.value)


def test_a_name_that_can_be_no_hub_id_is_refused_at_once() -> None:
    with pytest.raises(UserError, match="'dino' is neither a folder nor a hub id"):
        selfsupervised.load("dino", 2, "cpu")


def test_hub_weights_that_cannot_be_had_are_one_sentence_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match="'sdbench/nothing' cannot be had: .*; fetch them once with network") as caught:
        selfsupervised.Vit("sdbench/nothing", 2, "cpu").images([draw("mug", "red")])
    assert "\n" not in str(caught.value)


def test_clip_metrics_take_an_open_clip_model_by_name_with_weights_of_ones_own(
    subject: Subject, tmp_path: Path
) -> None:
    import open_clip
    from safetensors.torch import save_file

    save_file(open_clip.create_model("ViT-S-32-alt").state_dict(), tmp_path / "own.safetensors")
    for name in ("clip_image", "clip_text"):
        settings = dataclasses.replace(
            CELL.metrics[name], model="ViT-S-32-alt", pretrained=str(tmp_path / "own.safetensors")
        )
        metric = MODULES[name].create(settings, subject)
        metric.check()
        assert "ViT-S-32-alt" in metric.cards[0].backbone
        assert all(s.value is not None for s in metric.score([judged(draw("mug", "red"))]))
