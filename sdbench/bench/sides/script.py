"""diffusers' own training script, from a checkout that the user names, run as a user would: nothing of it is changed.

Its steps are seen through the progress bar that it draws, which is told the loss of each. Where the numbers of a step
are given (`Spec.fixed`), what it draws them with is replaced: the posterior's `sample`, `torch.randn_like` and
`torch.randint` of its own module, the order of its data set and the seed of its initial weights.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from torch.utils.data import RandomSampler

from sdbench.bench.side import CHANNELS_LAST, NO_FLAGS, Pace, Spec
from sdbench.bench.sides.base import Fixed, cell_of, parts_of
from sdbench.inputs import Example
from sdbench.microworld import bundled
from sdbench.settings import Cell

NUM_TRAIN_TIMESTEPS = 1000  # of every Stable Diffusion
NEVER = 10**9  # steps: no state is saved while it is measured


def run(spec: Spec, pace: Pace) -> None:
    assert spec.script is not None
    cell, subject = cell_of(spec)
    parts = parts_of(cell, subject, spec)
    script = _module(spec.script)
    pace.spent("import")
    if spec.fixed:
        _fix(script, spec, cell, parts)
    script.tqdm = lambda *args, **kwargs: Bar(pace, kwargs.get("desc"), *args)
    script.args = script.parse_args([*arguments(spec, cell, parts), *(f for f in spec.flags if f not in NO_FLAGS)])
    script.main(script.args)


class Bar:
    """In the place of the script's progress bar: the steps of training are told to `pace`, others pass by."""

    def __init__(self, pace: Pace, title: str | None, steps: Iterable[Any]) -> None:
        self.pace, self.steps, self.training = pace, steps, title == "Steps"
        if self.training:
            pace.spent("load")
            pace.ready()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.steps)

    def update(self, steps: int) -> None:
        """Nothing is drawn."""

    def set_postfix(self, loss: float, **_: Any) -> None:
        if self.training:
            self.pace.step(loss)


def arguments(spec: Spec, cell: Cell, parts: list[list[Example]]) -> list[str]:
    """The words of a command line that asks the script for the cell's training; precision apart, all else default."""
    t, folders = cell.train, [_copied(part, spec.folder / f"pictures-{p}") for p, part in enumerate(parts)]
    said: dict[str, Any] = {
        "pretrained_model_name_or_path": bundled(cell.model.path), "instance_data_dir": folders[0],
        "instance_prompt": parts[0][0].prompts[0], "resolution": cell.model.resolution_px, "seed": t.seed,
        "train_batch_size": t.batch_size, "max_train_steps": spec.steps, "learning_rate": t.lr,
        "lr_scheduler": "constant", "adam_weight_decay": t.weight_decay, "max_grad_norm": t.max_grad_norm,
        "checkpointing_steps": NEVER, "output_dir": spec.folder / "trained",
    }  # fmt: skip
    if "lora" in cell.method.adapters:
        said["rank"] = cell.method.adapters["lora"].rank
    if t.mixed_precision != "no":
        said["mixed_precision"] = t.mixed_precision
    words = [f"--{name}={value}" for name, value in said.items()] + ["--center_crop"]
    if cell.method.prior is not None:
        words += [
            "--with_prior_preservation", f"--prior_loss_weight={cell.method.prior.weight}",
            f"--class_data_dir={folders[1]}", f"--class_prompt={parts[1][0].prompts[0]}",
            f"--num_class_images={len(parts[1])}",
        ]  # fmt: skip
    return words


def _copied(part: list[Example], folder: Path) -> Path:
    """The pictures alone in a folder: the script takes every file for one."""
    folder.mkdir(exist_ok=True)
    for example in part:
        shutil.copyfile(example.path, folder / example.path.name)
    return folder


def _module(path: Path) -> Any:
    found = importlib.util.spec_from_file_location("peer_script", path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["peer_script"] = module
    found.loader.exec_module(module)
    return module


def _fix(script: Any, spec: Spec, cell: Cell, parts: list[list[Example]]) -> None:
    """What the script draws is what sdbench draws, in this process."""
    fixed = Fixed(cell, parts, NUM_TRAIN_TIMESTEPS)
    DiagonalGaussianDistribution.sample = lambda posterior, generator=None: fixed.sample(posterior)
    script.torch = _Torch(fixed, spec.double)
    for model in (diffusers.UNet2DConditionModel, diffusers.AutoencoderKL):
        model.from_pretrained = _loading(model.from_pretrained, spec)
    add_adapter = diffusers.UNet2DConditionModel.add_adapter

    def seeded(unet: Any, *args: Any, **kwargs: Any) -> None:
        torch.manual_seed(cell.train.seed)
        add_adapter(unet, *args, **kwargs)

    diffusers.UNet2DConditionModel.add_adapter = seeded
    paths = [[example.path for example in rows] for rows in fixed.order(parts, spec.steps)]
    script.DreamBoothDataset = _ordered(script.DreamBoothDataset, paths)
    RandomSampler.__iter__ = lambda sampler: iter(range(len(sampler.data_source)))  # type: ignore[method-assign]


def _loading(load: Any, spec: Spec) -> Any:
    def loaded(*args: Any, **kwargs: Any) -> Any:
        module = load(*args, **kwargs)
        module = module.double() if spec.double else module
        return module.to(memory_format=torch.channels_last) if CHANNELS_LAST in spec.flags else module

    return loaded


def _ordered(dataset: Any, paths: list[list[Path]]) -> Any:
    class Ordered(dataset):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.instance_images_path = paths[0]
            self.num_instance_images = self._length = len(paths[0])
            if len(paths) > 1:
                self.class_images_path, self.num_class_images = paths[1], len(paths[1])

    return Ordered


class _Torch:
    """torch, but for what draws a step's numbers and, in double precision, for what single precision is called."""

    def __init__(self, fixed: Fixed, double: bool) -> None:
        self.fixed = fixed
        if double:
            self.float32 = torch.float64

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    def randn_like(self, latents: torch.Tensor) -> torch.Tensor:
        return self.fixed.noise(latents)

    def randint(self, *_: Any, **__: Any) -> torch.Tensor:
        return self.fixed.times()
