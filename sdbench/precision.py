"""What autocast leaves to be done: frozen weights are cast once, and kernels that are slow on a CPU are not used."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from accelerate import Accelerator
from torch.nn.attention import SDPBackend, sdpa_kernel

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}  # of `train.mixed_precision`
CAST = (torch.nn.Linear, torch.nn.Conv2d)  # what autocast computes in half precision, whatever its weights are in


def prepare(module: torch.nn.Module, mixed_precision: str, device: str) -> None:
    """Make a denoiser, its adapters attached, ready to learn; where precision is mixed it then works in `mixed` alone.

    Autocast casts a frozen weight at every forward pass; one cast before the first gives the same bits.
    """
    if mixed_precision not in DTYPES:
        return
    parts: Iterator[Any] = module.modules()
    for part in parts:
        if isinstance(part, CAST):
            for weight in part.parameters(recurse=False):
                if not weight.requires_grad:
                    weight.data = weight.data.to(DTYPES[mixed_precision])
        if hasattr(part, "cast_input_dtype_enabled"):
            part.cast_input_dtype_enabled = False  # peft's, to the updates' float32: autocast takes it back
        if isinstance(part, torch.nn.GroupNorm) and device == "cpu":
            part.float().register_forward_pre_hook(_widened)  # 4 times as fast as in bfloat16, both ways
        if isinstance(part, (torch.nn.GroupNorm, torch.nn.LayerNorm)) and device.startswith("cuda"):
            part.float()  # autocast has norms in float32 there, and would cast their weights at every pass


@contextmanager
def drawing(denoiser: torch.nn.Module) -> Iterator[None]:
    """Where a denoiser in half precision draws on a CPU its group norms are in float32, their results rounded back."""
    parts: Iterator[Any] = denoiser.modules()
    norms = [p for p in parts if isinstance(p, torch.nn.GroupNorm) and p.weight.dtype in DTYPES.values()]
    kept = [(norm, norm.weight.dtype) for norm in norms if norm.weight.device.type == "cpu"]
    hooks: list[Any] = []
    for norm, dtype in kept:
        hooks.append(norm.float().register_forward_pre_hook(_widened))
        hooks.append(norm.register_forward_hook(functools.partial(_narrowed, dtype)))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
        for norm, dtype in kept:
            norm.to(dtype)


@contextmanager
def unmixed(vae: Any) -> Iterator[None]:
    """Under autocast a VAE decodes as without it: SDXL's overflows in float16, for which its pipeline widens it."""
    own = vae.decode

    def decode(latents: torch.Tensor, *args: Any, **options: Any) -> Any:
        with torch.autocast(latents.device.type, enabled=False):
            return own(latents.to(next(vae.parameters()).dtype), *args, **options)

    vae.decode = decode
    try:
        yield
    finally:
        del vae.decode


def _narrowed(dtype: torch.dtype, _norm: torch.nn.Module, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
    return output.to(dtype)


def _widened(_norm: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    return tuple(x.float() for x in inputs)


@contextmanager
def mixed(accelerator: Accelerator) -> Iterator[None]:
    """A forward pass in the accelerator's precision; attention's softmax, in half precision on a CPU, in float32.

    There the fused kernel's backward in bfloat16 takes several times as long as plain products, which need memory that
    grows with the square of the positions: 4 MB for 8 heads and 16x16 latents, 0.5 GB for 64x64.
    """
    plain = accelerator.device.type == "cpu" and accelerator.mixed_precision in DTYPES
    with accelerator.autocast(), sdpa_kernel(SDPBackend.MATH) if plain else nullcontext():
        yield
