"""Every family behind its face: what it conditions on, how it noises, what it can be drawn with."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from sdbench import adapters, backbones, config, external, generate
from sdbench.backbones.base import Backbone, NotLoaded, framed
from sdbench.errors import UserError
from sdbench.records import Sample
from sdbench.settings import Cell, External
from sdbench.subjects import Subject
from sdbench.train import train
from sdbench.trajectory import Trajectory
from tests.tiny_base import SAVE, on, save_tiny_sd3

MakeCell = Callable[..., Cell]
OnFamily = Callable[[str], list[str]]
TWO_ENCODERS = ("stable_diffusion_xl", "stable_diffusion_3")
SQUARE = torch.tensor([[64.0, 64.0, 0.0, 0.0]])


@pytest.fixture
def load(make_cell: MakeCell, on_family: OnFamily) -> Callable[..., Backbone]:
    return lambda family, *overrides: backbones.load(make_cell(*on_family(family), *overrides).model, "cpu")


def told(denoiser: Any) -> list[dict[str, Any]]:
    """What the denoiser is called with from now on."""
    calls: list[dict[str, Any]] = []
    denoiser.register_forward_pre_hook(lambda _, args, named: calls.append({"args": args, **named}), with_kwargs=True)
    return calls


def image(backbone: Backbone, cell: Cell, prompt: str) -> np.ndarray:
    return np.asarray(next(generate.draw(backbone, cell.sampler, [Sample("a", "a", prompt, prompt, 0, "a.png")])))


@pytest.mark.parametrize("family", list(SAVE))
def test_a_copy_for_another_device_is_made_there_alone(make_cell: MakeCell, on_family: OnFamily, family: str) -> None:
    model = make_cell(*on_family(family)).model
    there, here = (modules_of(backbones.load(model, device)) for device in ("meta", "cpu"))
    for copied, module in zip(there, here, strict=True):
        assert {tensor.device.type for tensor in (*copied.parameters(), *copied.buffers())} == {"meta"}
        assert {tensor.device.type for tensor in module.parameters()} == {"cpu"}
        assert [w.stride() for w in copied.parameters()] == [w.stride() for w in module.parameters()]


def modules_of(base: Backbone) -> list[torch.nn.Module]:
    return [module for module in base.pipeline.components.values() if isinstance(module, torch.nn.Module)]


METHODS = [[f"method={path.stem}"] for path in sorted((config.CONF / "method").glob("*.yaml"))]
METHODS += [["method=lora", "method.adapters.lora.text_encoder_lr=1e-2"]]
METHODS += [["method=dreambooth", "method.adapters.full.text_encoder_lr=1e-2"]]


@pytest.mark.parametrize("precision", ["no", "bf16"])
@pytest.mark.parametrize("method", METHODS, ids=" ".join)
@pytest.mark.parametrize("family", list(SAVE))
def test_copies_of_a_base_read_one_set_of_weights_which_no_training_and_no_drawing_changes(
    family: str,
    method: list[str],
    precision: str,
    make_cell: MakeCell,
    on_family: OnFamily,
    logo: Subject,
    tmp_path: Path,
) -> None:
    words = [*on_family(family), *method, "method.prior=null", "train.lr=1e-2", f"train.mixed_precision='{precision}'"]
    cell = make_cell(*words, f"model.dtype={'float32' if precision == 'no' else 'bfloat16'}")
    base = backbones.load(cell.model, "cpu")
    weights = [weight for module in modules_of(base) for weight in (*module.parameters(), *module.buffers())]
    before = [weight.clone() for weight in weights]
    learner, reader = (backbones.load(cell.model, "cpu") for _ in range(2))
    read = [weight for module in modules_of(reader) for weight in (*module.parameters(), *module.buffers())]
    assert [weight.data_ptr() for weight in read] == [weight.data_ptr() for weight in weights]
    train(cell, logo, learner, None, Trajectory(tmp_path / "states"), tmp_path)
    for adapter in adapters.create(cell.method, logo, 0):
        adapter.load(reader, tmp_path)
    image(reader, cell, "a mug")
    assert all(torch.equal(one, other) and one.dtype == other.dtype for one, other in zip(weights, before, strict=True))


def test_a_new_word_for_which_a_base_has_room_is_not_written_into_the_base(load: Callable[..., Backbone]) -> None:
    base = load("stable_diffusion")
    (encoder,), (tokenizer,) = base.text_encoders, base.tokenizers
    encoder.resize_token_embeddings(len(tokenizer) + 3)
    before = encoder.get_input_embeddings().weight.detach().clone()
    copied = base.fresh("cpu")
    copied.add_words("<new>", [torch.ones(2, before.shape[1])])
    assert copied.text_encoders[0].get_input_embeddings().weight[len(tokenizer) :][:2].eq(1).all()
    assert torch.equal(encoder.get_input_embeddings().weight, before)


@pytest.mark.parametrize("words", ("red_hugo_logo", "<red_hugo_logo>"))
@pytest.mark.parametrize("family", TWO_ENCODERS)
def test_prompts_are_encoded_as_the_pipeline_encodes_them(
    family: str, words: str, make_cell: MakeCell, on_family: OnFamily, logo: Subject
) -> None:
    cell = make_cell("method=textual_inversion", *on_family(family))
    backbone = backbones.load(cell.model, "cpu")
    (adapter,) = adapters.create(cell.method, logo, seed=0)
    adapter.attach(backbone, 1e-3)
    prompts = [f"a {words} on a mug", "a mug"]
    asked = {"prompt_2": None, **backbone.asked(prompts, "")}
    asked = {name: said for name, said in asked.items() if name.startswith("prompt")}
    with torch.no_grad():
        hidden, _, pooled, _ = backbone.pipeline.encode_prompt(**asked, do_classifier_free_guidance=False)
        ours = backbone.encode_prompts(prompts)
    torch.testing.assert_close(ours["hidden"], hidden)
    torch.testing.assert_close(ours["pooled"], pooled)


def test_sdxl_is_told_the_size_that_a_picture_had_and_where_it_was_cut(
    load: Callable[..., Backbone], tmp_path: Path
) -> None:
    Image.new("RGB", (300, 150)).save(tmp_path / "wide.png")
    picture, framing = framed(tmp_path / "wide.png", 64)
    assert picture.size == (64, 64) and framing == (150, 300, 0, 32)
    backbone = load("stable_diffusion_xl")
    calls = told(backbone.denoiser)
    latents = torch.zeros(1, 4, 16, 16)
    conditions = {**backbone.encode_prompts(["a mug"]), "framing": torch.tensor([framing], dtype=torch.float32)}
    backbone.loss(latents, latents, torch.tensor([5]), conditions)
    assert calls[0]["added_cond_kwargs"]["time_ids"].tolist() == [[150, 300, 0, 32, 64, 64]]


def test_a_picture_of_the_models_own_size_is_told_as_the_pipeline_tells_it(
    load: Callable[..., Backbone], make_cell: MakeCell, on_family: OnFamily
) -> None:
    backbone = load("stable_diffusion_xl")
    calls = told(backbone.denoiser)
    image(backbone, make_cell(*on_family("stable_diffusion_xl"), "sampler.batch_size=1"), "a mug")
    latents = torch.zeros(1, 4, 16, 16)
    backbone.loss(latents, latents, torch.tensor([5]), {**backbone.encode_prompts(["a mug"]), "framing": SQUARE})
    drawn, trained = calls[0]["added_cond_kwargs"], calls[-1]["added_cond_kwargs"]
    assert torch.equal(drawn["time_ids"][-1], trained["time_ids"][0])
    torch.testing.assert_close(drawn["text_embeds"][-1], trained["text_embeds"][0])


def test_without_a_negative_prompt_sdxl_is_guided_away_from_zeros(
    load: Callable[..., Backbone], make_cell: MakeCell, on_family: OnFamily
) -> None:
    backbone = load("stable_diffusion_xl")
    calls = told(backbone.denoiser)
    for negative in ("", "green"):
        cell = make_cell(
            *on_family("stable_diffusion_xl"), "sampler.batch_size=1", f"sampler.negative_prompt='{negative}'"
        )
        image(backbone, cell, "a mug")
    plain, green = calls[0]["encoder_hidden_states"][0], calls[-1]["encoder_hidden_states"][0]
    assert not plain.any() and green.any()


def test_the_flows_loss_is_the_distance_to_the_way_from_picture_to_noise(load: Callable[..., Backbone]) -> None:
    backbone = load("stable_diffusion_3")
    calls = told(backbone.denoiser)
    latents, noise = torch.randn(2, 3, 4, 16, 16, generator=torch.Generator().manual_seed(0))
    times, text = torch.tensor([0, 500, 999]), backbone.encode_prompts(["a mug"] * 3)
    with torch.no_grad():
        loss = backbone.loss(latents, noise, times, text)
        (call,) = calls
        del call["args"]
        predicted = backbone.denoiser(**call).sample
    vae = backbone.pipeline.vae.config
    scaled = (latents - vae.shift_factor) * vae.scaling_factor
    torch.testing.assert_close(loss, ((noise - scaled - predicted) ** 2).mean(dim=(1, 2, 3)))
    linear = torch.tensor([1.0, 0.5, 0.001])
    sigma = 3 * linear / (1 + 2 * linear)  # the scheduler's shift is 3
    torch.testing.assert_close(call["timestep"], 1000 * sigma)
    sigma = sigma.view(-1, 1, 1, 1)
    torch.testing.assert_close(call["hidden_states"], (1 - sigma) * scaled + sigma * noise)


def test_the_flows_timesteps_are_logit_normal(load: Callable[..., Backbone]) -> None:
    backbone, generator = load("stable_diffusion_3"), torch.Generator().manual_seed(0)
    drawn = np.array([backbone.draw_time(generator) for _ in range(4000)])
    assert drawn.min() >= 0 and drawn.max() < 1000
    inside = math.erf(math.log(3) / math.sqrt(2))  # of a normal within logit(1/4) .. logit(3/4)
    assert abs(((drawn >= 250) & (drawn < 750)).mean() - inside) < 0.03 and abs(drawn.mean() - 500) < 15


@pytest.mark.parametrize("family", TWO_ENCODERS)
def test_the_vae_encodes_in_float32_and_stays_in_the_models_precision(
    family: str, load: Callable[..., Backbone]
) -> None:
    pixels = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    for dtype in ("float16", "bfloat16"):
        backbone = load(family, f"model.dtype={dtype}")
        mean, std = backbone.encode_images(pixels)
        assert mean.dtype == std.dtype == torch.float32
        assert backbone.pipeline.vae.dtype == getattr(torch, dtype)


def test_t5_reads_a_prompt_once_however_often_the_clips_learn_from_it(load: Callable[..., Backbone]) -> None:
    backbone = load("stable_diffusion_3")
    calls = told(backbone.pipeline.text_encoder_3)
    first, second = (backbone.encode_prompts(["a mug", "a bag"])["hidden"] for _ in range(2))
    assert len(calls) == 2 and torch.equal(first, second)


def test_stable_diffusion_3_draws_and_learns_without_t5(
    make_cell: MakeCell, run_cell: Callable[..., dict[str, Path]], tmp_path: Path
) -> None:
    save_tiny_sd3(tmp_path / "light", with_t5=False)
    cell = make_cell("method=lora", *on("stable_diffusion_3", tmp_path / "light"))
    hidden = backbones.load(cell.model, "cpu").encode_prompts(["a mug"])["hidden"]
    assert not hidden[:, 32:].any() and hidden[:, :32].any()
    assert (run_cell(cell)["train"] / "pytorch_lora_weights.safetensors").is_file()


@pytest.mark.parametrize("method", ("lora", "dreambooth_lora", "textual_inversion"))
@pytest.mark.parametrize("family", TWO_ENCODERS)
def test_cached_and_uncached_training_give_the_same_losses(
    family: str, method: str, make_cell: MakeCell, fit: Callable[[Cell], Path], on_family: OnFamily
) -> None:
    common = (f"method={method}", *on_family(family), "train.mixed_precision=bf16")
    cached, plain = (
        pd.read_parquet(fit(make_cell(*common, f"train.cache={cache}")) / "loss.parquet")["loss"]
        for cache in ("true", "false")
    )
    np.testing.assert_allclose(cached, plain, rtol=1e-5)


def test_words_learnt_for_both_encoders_are_taken_from_anothers_file(
    make_cell: MakeCell, fit: Callable[[Cell], Path], on_family: OnFamily, logo: Subject
) -> None:
    cell = make_cell("method=textual_inversion", *on_family("stable_diffusion_xl"), "train.lr=1e-2")
    path = fit(cell) / "learned_embeds.safetensors"
    backbone = backbones.load(cell.model, "cpu")
    word = external.put_into(backbone, External("theirs", "embedding", str(path), None), "red_hugo_logo")
    mine = generate.Source(cell, logo, "tiny", path.parent).load()[0]
    assert word == "<learned_embeds>"
    assert np.array_equal(image(backbone, cell, f"a {word}"), image(mine, cell, "a <red_hugo_logo>"))
    with pytest.raises(UserError, match="knows '<learned_embeds>' already"):
        external.put_into(backbone, External("again", "embedding", str(path), None), "red_hugo_logo")


def test_an_embedding_for_one_encoder_is_refused_by_a_model_with_two(
    make_cell: MakeCell, on_family: OnFamily, tmp_path: Path
) -> None:
    from safetensors.torch import save_file

    save_file({"<x>": torch.zeros(1, 32)}, tmp_path / "x.safetensors")
    backbone = backbones.load(make_cell(*on_family("stable_diffusion_xl")).model, "cpu")
    with pytest.raises(UserError, match=r"holds 1 tensors.* is 2; give"):
        external.put_into(backbone, External("x", "embedding", str(tmp_path / "x.safetensors"), None), "x")


@pytest.mark.parametrize("steps", (1, 4))
def test_sdxl_turbo_draws_in_one_to_four_steps_without_guidance(
    steps: int, make_cell: MakeCell, on_family: OnFamily
) -> None:
    cell = make_cell(*on_family("stable_diffusion_xl"), "model=sdxl_turbo", f"sampler.num_inference_steps={steps}",
                     "model.dtype=float32")  # fmt: skip
    backbone = backbones.load(cell.model, "cpu")
    calls = told(backbone.denoiser)
    image(backbone, cell, "a mug")
    assert cell.sampler.guidance_scale == 0 and len(calls) == steps
    assert len(calls[0]["args"][0]) == cell.sampler.batch_size  # and not twice as many


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (
            ["model=sd35_medium", "sampler=ddim"],
            r"sampler\.scheduler 'ddim' cannot draw.*'sd35_medium'; take flow_euler",
        ),
        (["sampler=flow_euler"], r"sampler\.scheduler 'flow_euler' cannot draw.*'microworld'; take pndm"),
        (
            ["model=sd35_medium", "method=dreambooth", "method.prior.sampler.scheduler=dpm"],
            r"method\.prior\.sampler\.scheduler 'dpm' cannot draw",
        ),
    ],
)
def test_a_sampler_that_a_family_cannot_take_is_one_sentence(overrides: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        config.compose_cell(overrides)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("model", [path.stem for path in sorted(config.CONF.glob("model/*.yaml"))])
def test_a_model_alone_says_how_it_is_drawn_from(model: str) -> None:
    cell = config.compose_cell([f"model={model}", "method=dreambooth_lora"])
    assert cell.method.prior is not None and cell.method.prior.sampler == cell.sampler
    assert cell.sampler.scheduler == cell.model.scheduler
    assert cell.method.adapters["lora"].targets == cell.model.lora_targets


@pytest.mark.parametrize("family", SAVE)
def test_loras_customary_targets_are_all_in_the_denoiser(
    family: str, make_cell: MakeCell, on_family: OnFamily, logo: Subject
) -> None:
    cell = make_cell("method=lora", *on_family(family))
    backbone = backbones.load(cell.model, "cpu")
    (adapter,) = adapters.create(cell.method, logo, seed=0)
    adapter.attach(backbone, 1e-3)
    given = {name.split(".base_layer")[0] for name, _ in backbone.denoiser.named_modules() if "base_layer" in name}
    assert all(any(name.endswith(f".{target}") for name in given) for target in cell.model.lora_targets)


@pytest.mark.parametrize("family", SAVE)
def test_another_familys_folder_is_refused_in_one_sentence(
    family: str, make_cell: MakeCell, on_family: OnFamily
) -> None:
    other = "stable_diffusion" if family != "stable_diffusion" else "stable_diffusion_xl"
    cell = make_cell(*on_family(family), "sampler=customary", on_family(other)[1])
    with pytest.raises(NotLoaded, match=r"model\.path .* cannot be loaded \(it is a .*\); give a folder") as caught:
        backbones.load(cell.model, "cpu")
    assert "\n" not in str(caught.value)


def test_a_base_with_zero_terminal_snr_learns_and_draws_from_pure_noise(make_cell: MakeCell, tmp_path: Path) -> None:
    SAVE["stable_diffusion"](tmp_path / "zero", "v_prediction")
    path = tmp_path / "zero" / "scheduler" / "scheduler_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "rescale_betas_zero_snr": True}))
    cell = make_cell(f"model.path={tmp_path / 'zero'}")
    backbone = backbones.load(cell.model, "cpu")
    calls = told(backbone.denoiser)
    latents, noise = torch.randn(2, 1, 4, 16, 16, generator=torch.Generator().manual_seed(0))
    backbone.loss(latents, noise, torch.tensor([999]), backbone.encode_prompts(["a mug"]))
    torch.testing.assert_close(calls[0]["args"][0], noise)
    assert image(backbone, cell, "a mug").shape == (64, 64, 3)
    with pytest.raises(UserError, match=r"'pndm' knows no zero terminal SNR.*; take ddim"):
        generate.create_scheduler("pndm", backbone.pipeline.scheduler.config)
