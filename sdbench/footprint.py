"""What a training holds in memory for sure, from the shapes of a model's weights: the arithmetic is said, not measured.

Frozen weights in the model's precision. What learns in float32, with gradients and Adam's two moments: 16 bytes for
each parameter. Activations come on top; they grow with the batch, the resolution and the length of prompts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from sdbench.settings import MethodSettings

BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
LEARNING_BYTES = 16  # weight, gradient and two moments, 4 each
DENOISERS = ("unet", "transformer")
Shapes = Mapping[str, tuple[int, ...]]  # by the tensor's name, `<part>/<name>`


def shapes(files: list[Path]) -> dict[str, tuple[int, ...]]:
    """Of every tensor of safetensors files, read from their headers: `<folder>/<tensor>` -> its shape."""
    return {f"{file.parent.name}/{name}": shape for file in files for name, shape in _header(file)}


def _header(file: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Its format: 8 bytes of length, then JSON."""
    with file.open("rb") as content:
        header = json.loads(content.read(int.from_bytes(content.read(8), "little")))
    yield from ((name, tuple(said["shape"])) for name, said in header.items() if name != "__metadata__")


def frozen_bytes(model: Shapes, dtype: str) -> int:
    return BYTES[dtype] * sum(math.prod(shape) for shape in model.values())


def training_bytes(model: Shapes, dtype: str, method: MethodSettings) -> int:
    """Weights, gradients and moments while a method trains."""
    total = frozen_bytes(model, dtype)
    if full := method.adapters.get("full"):
        parts = (*DENOISERS, *(("text_encoder", "text_encoder_2") if full.text_encoder_lr is not None else ()))
        learning = sum(math.prod(shape) for name, shape in model.items() if name.split("/")[0] in parts)
        total += learning * (LEARNING_BYTES - BYTES[dtype])  # in place of the frozen ones
    if lora := method.adapters.get("lora"):
        total += LEARNING_BYTES * lora_parameters(model, lora.targets, lora.rank)
    return total


def lora_parameters(model: Shapes, targets: list[str], rank: int) -> int:
    """Of the denoiser's targeted layers: (in + out) * rank; a convolution's `in` has the size of its kernel."""
    count = 0
    for name, shape in model.items():
        part, _, module = name.removesuffix(".weight").partition("/")
        if part in DENOISERS and any(f".{module}".endswith(f".{target}") for target in targets) and len(shape) > 1:
            count += rank * (shape[0] + math.prod(shape[1:]))
    return count
