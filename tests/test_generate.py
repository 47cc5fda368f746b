"""Images depend on their own prompt and seed; what was trained loads into plain diffusers and draws the same."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from sdbench import backbones, generate, prompts
from sdbench.backbones.base import NOISE_SAMPLERS
from sdbench.errors import UserError
from sdbench.settings import Cell
from sdbench.store import Store
from sdbench.subjects import Subject
from tests.tiny_base import SAVE

MakeCell = Callable[..., Cell]


def wanted(cell: Cell, words: str = "red logo", seeds: tuple[int, ...] = (0, 1)) -> list[generate.Sample]:
    return prompts.requests(prompts.load(cell.prompts), seeds, words, "red logo")


def images(cell: Cell, samples: list[generate.Sample]) -> dict[str, np.ndarray]:
    drawn = generate.draw(backbones.load(cell.model, "cpu"), cell.sampler, samples)
    return {s.sample_id: np.asarray(image) for s, image in zip(samples, drawn, strict=True)}


@pytest.mark.parametrize("scheduler", NOISE_SAMPLERS)
def test_an_image_is_the_same_bit_for_bit_whatever_is_drawn_beside_it(scheduler: str, make_cell: MakeCell) -> None:
    cell = make_cell(f"sampler={scheduler}", "sampler.batch_size=4")
    samples = wanted(cell)
    together = images(cell, samples)
    alone = images(cell, [samples[5]])
    shuffled = images(cell, samples[::-1])
    assert np.array_equal(together[samples[5].sample_id], alone[samples[5].sample_id])
    assert all(np.array_equal(together[key], shuffled[key]) for key in together)


def test_another_batch_size_moves_an_image_by_two_levels_at_most(make_cell: MakeCell) -> None:
    cell = make_cell("sampler.batch_size=4")
    four, one = (images(replace(cell, sampler=replace(cell.sampler, batch_size=n)), wanted(cell)) for n in (4, 1))
    assert max(np.abs(four[k].astype(int) - one[k]).max() for k in four) <= 2


def test_seed_prompt_scheduler_steps_guidance_and_negative_prompt_each_change_the_image(make_cell: MakeCell) -> None:
    cell = make_cell()
    drawn = [next(iter(images(make_cell(o), wanted(cell)[:1]).values())) for o in (
        "sampler=ddim", "sampler=lms", "sampler=euler_ancestral", "sampler.num_inference_steps=6",
        "sampler.guidance_scale=9", "sampler.negative_prompt=green")]  # fmt: skip
    drawn += list(images(cell, wanted(cell)[1:3]).values())
    assert len({image.tobytes() for image in drawn}) == len(drawn)


def test_an_unknown_scheduler_names_the_nearest(make_cell: MakeCell) -> None:
    with pytest.raises(UserError, match="did you mean 'ddim'"):
        make_cell("sampler.scheduler=dimm")


def test_pngs_carry_their_settings_and_the_table_their_place(
    make_cell: MakeCell, logo: Subject, tmp_path: Path
) -> None:
    cell, folder = make_cell(), tmp_path / "drawn"
    generate.generate(generate.Source(cell, logo, "tiny"), cell.sampler, wanted(cell), folder)
    table = pd.read_parquet(folder / "samples.parquet")
    assert len(table) == 10 and table["sample_id"].is_unique
    for row in table.itertuples():
        with Image.open(folder / row.file) as image:
            told = json.loads(image.info["sdbench"])
        assert (told["prompt"], told["seed"]) == (row.prompt, row.seed) and told["num_inference_steps"] == 4


def test_a_batch_is_written_while_the_next_is_drawn_and_only_that(
    make_cell: MakeCell, logo: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell, draw, save = make_cell(), generate.draw, generate.save
    drawn, written, second = [], [], threading.Event()

    def watched(*arguments: Any) -> Iterator[Image.Image]:
        for image in draw(*arguments):
            drawn.append(image)
            if len(drawn) > cell.sampler.batch_size:
                second.set()
            yield image

    def slow(image: Image.Image, path: Path, *arguments: Any) -> None:
        assert second.wait(60) and len(drawn) <= len(written) + cell.sampler.batch_size + 1
        save(image, path, *arguments)
        written.append(path)

    monkeypatch.setattr(generate, "draw", watched)
    monkeypatch.setattr(generate, "save", slow)
    samples, folder = wanted(cell), tmp_path / "drawn"
    generate.generate(generate.Source(cell, logo, "tiny"), cell.sampler, samples, folder)
    assert written == [folder / sample.file for sample in samples]
    for image, path, sample in zip(drawn, written, samples, strict=True):
        save(image, tmp_path / "alone.png", sample, cell.sampler)
        assert path.read_bytes() == (tmp_path / "alone.png").read_bytes()


@pytest.mark.parametrize("images", (1, 10))
def test_an_image_that_cannot_be_written_is_the_callers_error(
    images: int, make_cell: MakeCell, logo: Subject, tmp_path: Path
) -> None:
    cell = make_cell()
    (tmp_path / "images").touch()
    with pytest.raises(FileExistsError):
        generate.generate(generate.Source(cell, logo, "tiny"), cell.sampler, wanted(cell)[:images], tmp_path)
    assert not (tmp_path / "samples.parquet").exists()


def into_plain(method: str, plain: Any, folder: Path) -> dict[str, str]:
    """Load what a method saved as a user of diffusers would; the prompts that then ask for the subject."""
    if method in ("lora", "dreambooth_lora"):
        plain.load_lora_weights(folder)
    if method != "textual_inversion":
        return {"prompt": "A red_hugo_logo"}
    token, file = "<red_hugo_logo>", folder / "learned_embeds.safetensors"
    if not hasattr(plain, "text_encoder_2"):
        plain.load_textual_inversion(folder, weight_name=file.name, use_safetensors=True)
    for key, tokenizer, encoder in (
        ("clip_l", "tokenizer", "text_encoder"),
        ("clip_g", "tokenizer_2", "text_encoder_2"),
    ):
        vectors = load_file(file).get(key)
        if vectors is not None and hasattr(plain, "load_textual_inversion"):
            modules = {"tokenizer": getattr(plain, tokenizer), "text_encoder": getattr(plain, encoder)}
            plain.load_textual_inversion(vectors, token=token, **modules)
        elif vectors is not None:  # Stable Diffusion 3: by hand
            getattr(plain, tokenizer).add_tokens([token, *(f"{token}_{i}" for i in range(1, 6))])
            getattr(plain, encoder).resize_token_embeddings(len(getattr(plain, tokenizer)))
            getattr(plain, encoder).get_input_embeddings().weight.data[-6:] = vectors
    if hasattr(plain, "load_textual_inversion"):
        return {"prompt": f"A {token}"}
    return {"prompt": "A " + " ".join([token, *(f"{token}_{i}" for i in range(1, 6))]), "prompt_3": f"A {token}"}


@pytest.mark.parametrize("method", ("dreambooth", "lora", "dreambooth_lora", "textual_inversion"))
@pytest.mark.parametrize("family", SAVE)
def test_saved_weights_load_into_plain_diffusers_and_draw_the_same_image(
    family: str,
    method: str,
    make_cell: MakeCell,
    run_cell: Callable[..., dict[str, Path]],
    on_family: Callable[[str], list[str]],
    logo: Subject,
) -> None:
    from diffusers import DiffusionPipeline

    extra = ("method.adapters.lora.alpha=16", "method.adapters.lora.text_encoder_lr=1e-2") if method == "lora" else ()
    common = (f"method={method}", "train.lr=1e-2", "train.steps=3", "sampler.batch_size=1")
    cell = make_cell(*common, *on_family(family), *extra)
    stages = run_cell(cell)
    folder, ours = stages["train"], stages["generate"]

    plain = DiffusionPipeline.from_pretrained(folder if method == "dreambooth" else cell.model.path)
    asked = into_plain(method, plain, folder)
    plain.scheduler = generate.create_scheduler(cell.sampler.scheduler, plain.scheduler.config)
    theirs = plain(**asked, num_inference_steps=4, guidance_scale=cell.sampler.guidance_scale, height=64, width=64,
                   generator=torch.Generator().manual_seed(0)).images[0]  # fmt: skip
    with Image.open(ours / "images" / "thesis-0-0.png") as image:
        drawn = np.asarray(image).astype(int)
    assert np.abs(drawn - np.asarray(theirs)).max() <= 1
    untuned = images(cell, wanted(cell, logo.identifier)[:1])
    assert not np.array_equal(drawn, next(iter(untuned.values())))


def test_class_images_are_drawn_once_for_every_method_that_asks(
    make_cell: MakeCell, run_cell: Callable[..., dict[str, Path]], store: Store
) -> None:
    for method in ("dreambooth", "dreambooth_lora"):
        run_cell(make_cell(f"method={method}"))
    drawn = [json.loads(path.read_text())["settings"] for path in store.root.glob("generate/*/settings.json")]
    assert sorted(settings["trained"] is None for settings in drawn) == [False, False, True]


def test_held_out_pictures_are_the_ceilings_samples(logo: Subject, tmp_path: Path) -> None:
    generate.shown("real", logo, 64, tmp_path)
    table = pd.read_parquet(tmp_path / "samples.parquet")
    assert list(table["prompt_id"].unique()) == ["real"] and len(table) == len(logo.heldout)
    assert not table["class_prompt"].str.contains("hugo").any()


def test_a_siblings_pictures_are_samples_that_never_name_the_subject(logo: Subject, tmp_path: Path) -> None:
    generate.shown("sibling", logo, 64, tmp_path)
    table = pd.read_parquet(tmp_path / "samples.parquet")
    assert table["sample_id"].tolist() == [f"sibling-{index}" for index in range(len(logo.sibling))]
    assert (table["prompt"] == table["class_prompt"]).all() and not table["prompt"].str.contains("hugo").any()
    for file, reference in zip(table["file"], logo.sibling, strict=True):
        with Image.open(tmp_path / file) as image:
            assert np.array_equal(np.asarray(image), np.asarray(reference.image()))
