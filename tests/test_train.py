"""The training loop: what learns, what stays, and that a step depends on nothing but (seed, step)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from sdbench import adapters, backbones, generate, prompts
from sdbench.adapters.base import Adapter
from sdbench.settings import Cell
from sdbench.subjects import Subject
from sdbench.train import train
from sdbench.trajectory import Trajectory

METHODS = ("dreambooth", "lora", "dreambooth_lora", "textual_inversion")
MakeCell = Callable[..., Cell]


def losses(folder: Path) -> np.ndarray:
    return pd.read_parquet(folder / "loss.parquet")["loss"].to_numpy()


@pytest.mark.parametrize("method", METHODS)
def test_every_method_learns_and_says_what_it_cost(
    method: str, make_cell: MakeCell, fit: Callable[[Cell], Path]
) -> None:
    folder = fit(make_cell(f"method={method}", "train.steps=3"))
    result = json.loads((folder / "result.json").read_text())
    assert result["status"] == "done" and result["steps"] == 3 and len(losses(folder)) == 3
    assert result["weight_bytes"] == sum(p.stat().st_size for p in folder.rglob("*.safetensors")) > 0
    assert result["trainable_parameters"] > 0 and result["train_seconds"] > 0 and result["peak_memory_bytes"] > 0


@pytest.mark.parametrize("method", ("lora", "textual_inversion", "dreambooth"))
def test_a_step_moves_the_attached_parameters_and_no_bit_of_the_rest(
    method: str, make_cell: MakeCell, logo: Subject
) -> None:
    cell = make_cell(f"method={method}")
    backbone = backbones.load(cell.model, "cpu")
    before = {k: v.clone() for k, v in weights(backbone).items()}
    (adapter,) = adapters.create(cell.method, logo, seed=0)
    groups = adapter.attach(backbone, lr=1e-2)
    learn = [p for group in groups for p in group["params"]]
    start = [p.detach().clone() for p in learn]
    others = [p for m in modules(backbone) for p in m.parameters() if not any(p is q for q in learn)]
    assert not any(p.requires_grad for p in others)
    text = backbone.encode_prompts([f"a {adapter.words('red_hugo_logo')}"])
    latents = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.AdamW(learn, lr=1e-2)
    for _ in range(2):  # LoRA's up-projections are zero at first, so its down-projections move in the second step
        text = backbone.encode_prompts([f"a {adapter.words('red_hugo_logo')}"])
        backbone.loss(latents, latents.flip(0) + 1, torch.tensor([500]), text).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    assert all(not torch.equal(p, q) for p, q in zip(learn, start, strict=True))
    after = {k.replace("base_layer.", ""): v for k, v in weights(backbone).items()}
    unchanged = [k for k in before if torch.equal(before[k], after[k][: len(before[k])])]  # new tokens come last
    if method == "dreambooth":
        assert {k.split(".")[0] for k in before if k not in unchanged} == {"unet"}
    else:
        assert len(unchanged) == len(before)


def modules(backbone: backbones.Backbone) -> list[torch.nn.Module]:
    return [backbone.pipeline.unet, backbone.pipeline.text_encoder, backbone.pipeline.vae]


def weights(backbone: backbones.Backbone) -> dict[str, torch.Tensor]:
    names = ("unet", "text_encoder", "vae")
    return {f"{n}.{k}": v for n, m in zip(names, modules(backbone), strict=True) for k, v in m.state_dict().items()}


@pytest.mark.parametrize("precision", ("no", "bf16"))
@pytest.mark.parametrize("method", METHODS)
def test_cached_and_uncached_training_give_the_same_losses(
    method: str, precision: str, make_cell: MakeCell, fit: Callable[[Cell], Path]
) -> None:
    common = (f"method={method}", "train.steps=4", f"train.mixed_precision={precision}")
    cached = losses(fit(make_cell(*common)))
    plain = losses(fit(make_cell(*common, "train.cache=false")))
    np.testing.assert_allclose(cached, plain, rtol=1e-5)


def test_a_run_repeats_bit_for_bit_and_another_seed_differs(make_cell: MakeCell, fit: Callable[[Cell], Path]) -> None:
    first, second = (fit(make_cell("method=lora", "train.steps=4")) for _ in range(2))
    assert np.array_equal(losses(first), losses(second))
    name = "pytorch_lora_weights.safetensors"
    assert (first / name).read_bytes() == (second / name).read_bytes()
    assert not np.array_equal(losses(first), losses(fit(make_cell("method=lora", "train.steps=4", "train.seed=1"))))


def test_a_shorter_run_is_the_beginning_of_a_longer_one(make_cell: MakeCell, fit: Callable[[Cell], Path]) -> None:
    short, long = (losses(fit(make_cell("method=lora", f"train.steps={n}"))) for n in (3, 6))
    assert np.array_equal(short, long[:3])


@pytest.mark.parametrize("method", ("dreambooth", "lora"))
def test_gradient_accumulation_takes_the_steps_of_the_whole_batch(
    method: str, make_cell: MakeCell, fit: Callable[[Cell], Path]
) -> None:
    common = (f"method={method}", "train.steps=4", "train.batch_size=4", "train.lr=1e-3")
    whole = losses(fit(make_cell(*common)))
    split = losses(fit(make_cell(*common, "train.gradient_accumulation_steps=2")))
    np.testing.assert_allclose(whole, split, rtol=1e-4)


def test_the_schedule_warms_up_and_falls_as_it_is_asked(make_cell: MakeCell, fit: Callable[[Cell], Path]) -> None:
    common = ("method=lora", "train.steps=8", "train.lr=2e-3", "train.warmup_steps=4")
    falls = {
        "constant": [1, 1, 1, 1],
        "linear": [1, 0.75, 0.5, 0.25],
        "cosine": [1, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5],
        "polynomial": [1, 0.75**2, 0.5**2, 0.25**2],
    }
    for schedule, fall in falls.items():
        rates = pd.read_parquet(fit(make_cell(*common, f"train.schedule={schedule}")) / "loss.parquet")["lr"]
        np.testing.assert_allclose(rates, 2e-3 * np.array([0, 0.25, 0.5, 0.75, *fall]), atol=1e-7)


def test_a_run_that_diverges_keeps_its_losses_and_says_so(make_cell: MakeCell, fit: Callable[[Cell], Path]) -> None:
    cell = make_cell("method=dreambooth", "train.steps=60", "train.lr=1e20")
    folder = fit(cell)
    result = json.loads((folder / "result.json").read_text())
    assert result["status"] == "diverged" and "at step" in result["cause"]
    kept = losses(folder)
    assert np.isfinite(kept[:-1]).all() and not np.isfinite(kept[-1]) and len(kept) == result["steps"] < 60
    assert not list(folder.rglob("*.safetensors"))


def test_the_prior_has_its_own_weight_in_the_loss(make_cell: MakeCell, fit: Callable[[Cell], Path]) -> None:
    cell = make_cell("method=dreambooth", "train.steps=1")
    assert cell.method.prior is not None
    totals = []
    for weight in (0.0, 1.0, 3.0):
        method = replace(cell.method, prior=replace(cell.method.prior, weight=weight))
        totals.append(losses(fit(replace(cell, method=method)))[0])
    np.testing.assert_allclose(totals[2] - totals[0], 3 * (totals[1] - totals[0]), rtol=1e-5)


def test_text_encoder_learns_only_where_a_rate_is_set(make_cell: MakeCell, fit: Callable[[Cell], Path]) -> None:
    from safetensors.torch import load_file

    def keys(*overrides: str) -> set[str]:
        folder = fit(make_cell("method=lora", *overrides))
        return {key.split(".")[0] for key in load_file(folder / "pytorch_lora_weights.safetensors")}

    assert keys() == {"unet"}
    assert keys("method.adapters.lora.text_encoder_lr=1e-3") == {"unet", "text_encoder"}


def test_drawing_previews_changes_nothing_of_the_training(make_cell: MakeCell, logo: Subject, tmp_path: Path) -> None:
    cell = make_cell("method=lora", "train.steps=5")
    wanted = prompts.requests(prompts.load(cell.prompts)[:1], [0], logo.identifier, logo.class_words)
    seen: dict[int, bytes] = {}

    def preview(backbone: backbones.Backbone, _: list[Adapter], step: int) -> None:
        if step % 2 == 0:
            seen[step] = next(generate.draw(backbone, cell.sampler, wanted)).tobytes()

    folders = [tmp_path / name for name in ("with", "without")]
    for folder, show in zip(folders, (preview, None), strict=True):
        folder.mkdir()
        train(cell, logo, backbones.load(cell.model, "cpu"), None, Trajectory(folder / "trajectory"), folder, show)
    assert list(seen) == [2, 4] and seen[2] != seen[4]
    assert np.array_equal(losses(folders[0]), losses(folders[1]))
