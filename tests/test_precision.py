"""Mixed precision: what is done beside autocast changes no bit, or is nearer to single precision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from sdbench import adapters, backbones, config, precision
from sdbench.settings import Cell
from sdbench.subjects import Subject
from sdbench.train import accelerator_of, inputs_of, losses

MakeCell = Callable[..., Cell]


@pytest.fixture
def gradients(make_cell: MakeCell, logo: Subject) -> Callable[..., list[torch.Tensor]]:
    """The losses of a cell's first step and the gradients of what learns; prepare: what is done to the denoiser."""

    def of(*overrides: str, prepare: Callable[[torch.nn.Module], None], plain: bool = False) -> list[torch.Tensor]:
        cell = make_cell(*overrides)
        base, learning = backbones.load(cell.model, "cpu"), adapters.create(cell.method, logo, 0)
        learnt = [p for a in learning for group in a.attach(base, 1.0) for p in group["params"]]
        with torch.random.fork_rng():
            torch.manual_seed(0)
            for p in learnt:  # a LoRA that is zero hides half of the gradients
                p.data += 0.01 * torch.randn_like(p)
        batch = inputs_of(cell, logo, base, None, learning).batch(0, 4, range(4))
        prepare(base.denoiser)
        accelerator = accelerator_of(cell)
        with accelerator.autocast() if plain else precision.mixed(accelerator):
            found = losses(base, batch)
        found.sum().backward()
        return [found.detach(), *(p.grad for p in learnt if p.grad is not None)]

    return of


METHODS = ("method=lora", "method=dreambooth", "method=textual_inversion")


@pytest.mark.parametrize("method", METHODS)
def test_frozen_weights_cast_once_give_the_bits_that_autocast_gives(
    method: str, gradients: Callable[..., list[torch.Tensor]]
) -> None:
    asked = (method, "train.mixed_precision=bf16")
    once = gradients(*asked, prepare=lambda unet: precision.prepare(unet, "bf16", "elsewhere"), plain=True)
    always = gradients(*asked, prepare=lambda unet: None, plain=True)
    assert len(once) > 1
    assert all(torch.equal(a, b) for a, b in zip(once, always, strict=True))


@pytest.mark.parametrize("method", METHODS)
def test_on_a_cpu_attention_and_group_norms_in_float32_come_nearer_to_single_precision(
    method: str, gradients: Callable[..., list[torch.Tensor]]
) -> None:
    asked = (method, "train.mixed_precision=bf16")
    wide = gradients(*asked, prepare=lambda unet: precision.prepare(unet, "bf16", "cpu"))
    autocast = gradients(*asked, prepare=lambda unet: None, plain=True)
    exact = gradients(method, prepare=lambda unet: None)

    def off(found: list[torch.Tensor]) -> float:
        return sum(float((a - b).square().sum()) for a, b in zip(found[1:], exact[1:], strict=True))

    assert 0 < off(wide) < off(autocast)


@pytest.mark.parametrize("method", METHODS)
def test_single_precision_is_left_as_it_is(method: str, gradients: Callable[..., list[torch.Tensor]]) -> None:
    one = gradients(method, prepare=lambda unet: precision.prepare(unet, "no", "cpu"))
    other = gradients(method, prepare=lambda unet: None, plain=True)
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_base_in_half_precision_trains_as_well(gradients: Callable[..., list[torch.Tensor]]) -> None:
    asked = ("model.dtype=bfloat16", "method=lora", "train.mixed_precision=bf16")
    found = gradients(*asked, prepare=lambda unet: precision.prepare(unet, "bf16", "cpu"))
    assert all(torch.isfinite(x).all() for x in found)


def test_half_precision_is_drawn_on_a_cpu_with_norms_in_float32_and_the_base_stays_as_it_was(tiny_base: Path) -> None:
    cell = config.compose_cell([f"model.path={tiny_base}", "model.dtype=bfloat16"])
    denoiser = backbones.load(cell.model, "cpu").denoiser
    before = {name: tensor.clone() for name, tensor in denoiser.state_dict().items()}
    norm = next(part for part in denoiser.modules() if isinstance(part, torch.nn.GroupNorm))
    hidden = torch.randn(2, norm.num_channels, 8, 8, dtype=torch.bfloat16)
    wide = torch.nn.functional.group_norm(
        hidden.float(), norm.num_groups, norm.weight.float(), norm.bias.float(), norm.eps
    )
    with precision.drawing(denoiser):
        assert torch.equal(norm(hidden), wide.bfloat16())
    after = denoiser.state_dict()
    assert all(torch.equal(before[name], after[name]) and before[name].dtype == after[name].dtype for name in before)
    assert not norm._forward_hooks and not norm._forward_pre_hooks
