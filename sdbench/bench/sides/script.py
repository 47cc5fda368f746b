"""diffusers' own training script, from a checkout that the user names, run as a user would: nothing of it is changed.

Its steps are seen through the progress bar that it draws, which is told the loss of each. Where the numbers of a step
are given (`Spec.fixed`), what it draws them with is replaced: the posterior's `sample`, `torch.randn_like` and
`torch.randint` of its own module, the order of its data set, its templates and flips, and the seed of its initial
weights.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from torch.utils.data import RandomSampler

from sdbench.adapters.embedding import placeholder
from sdbench.bench.side import CHANNELS_LAST, NO_FLAGS, Pace, Spec
from sdbench.bench.sides.base import Fixed, cell_of, class_folder, parts_of
from sdbench.inputs import Example
from sdbench.microworld import bundled
from sdbench.settings import Cell
from sdbench.stages import class_samples
from sdbench.subjects import Subject

NUM_TRAIN_TIMESTEPS = 1000  # of every Stable Diffusion
NEVER = 10**9  # steps: no state is saved while it is measured


def run(spec: Spec, pace: Pace) -> None:
    assert spec.script is not None
    cell, subject = cell_of(spec)
    parts = parts_of(cell, subject, spec)
    words = [*arguments(spec, cell), *of_method(spec, cell, subject, parts)]
    sys.argv = [str(spec.script), *words, *(flag for flag in spec.flags if flag not in NO_FLAGS)]
    script = _module(spec.script)
    pace.spent("import")
    if spec.fixed:
        _fix(script, spec, cell, parts)
    script.tqdm = lambda *args, **kwargs: Bar(pace, kwargs.get("desc"), *args)
    script.args = script.parse_args()
    script.main(*[script.args] * script.main.__code__.co_argcount)  # that of Textual Inversion reads its words itself


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


def arguments(spec: Spec, cell: Cell) -> list[str]:
    """A command line that asks any of the scripts for the cell's training; precision apart, all else is default."""
    t = cell.train
    said: dict[str, Any] = {
        "pretrained_model_name_or_path": bundled(cell.model.path), "resolution": cell.model.resolution_px,
        "seed": t.seed, "train_batch_size": t.batch_size, "max_train_steps": spec.steps, "learning_rate": t.lr,
        "lr_scheduler": "constant", "adam_weight_decay": t.weight_decay, "checkpointing_steps": NEVER,
        "output_dir": spec.folder / "trained",
    }  # fmt: skip
    if t.mixed_precision != "no":
        said["mixed_precision"] = t.mixed_precision
    return [*_words(said), "--center_crop"]


def of_method(spec: Spec, cell: Cell, subject: Subject, parts: list[list[Example]]) -> list[str]:
    """Those that not every script has."""
    folders = [_copied(part, spec.folder / f"pictures-{p}") for p, part in enumerate(parts)]
    if embedding := cell.method.adapters.get("embedding"):
        return _words({
            "train_data_dir": folders[0], "placeholder_token": placeholder(subject.identifier),
            "initializer_token": embedding.initializer or subject.class_words, "num_vectors": embedding.vectors,
            "save_steps": NEVER,
        })  # fmt: skip
    said: dict[str, Any] = {"instance_data_dir": folders[0], "instance_prompt": parts[0][0].prompts[0],
                            "max_grad_norm": cell.train.max_grad_norm}  # fmt: skip
    if lora := cell.method.adapters.get("lora"):
        said["rank"] = lora.rank
    if cell.method.prior is None:
        return _words(said)
    asked = class_samples(cell, subject)
    said |= {
        "prior_loss_weight": cell.method.prior.weight, "class_prompt": asked[0].prompt,
        "num_class_images": len(asked), "sample_batch_size": cell.method.prior.sampler.batch_size,
        "class_data_dir": folders[1] if parts[1:] else class_folder(spec),  # where it draws what is missing
    }  # fmt: skip
    return [*_words(said), "--with_prior_preservation"]


def _words(said: dict[str, Any]) -> list[str]:
    return [f"--{name}={value}" for name, value in said.items()]


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
    texts = transformers.CLIPTextModel, transformers.CLIPTextModelWithProjection
    for model in (diffusers.UNet2DConditionModel, diffusers.AutoencoderKL, *texts):
        model.from_pretrained = _loading(model.from_pretrained, spec)
    add_adapter = diffusers.UNet2DConditionModel.add_adapter

    def seeded(unet: Any, *args: Any, **kwargs: Any) -> None:
        torch.manual_seed(cell.train.seed)
        add_adapter(unet, *args, **kwargs)

    diffusers.UNet2DConditionModel.add_adapter = seeded
    paths = [[example.path for example in rows] for rows in fixed.order(parts, spec.steps)]
    name = next(name for name in DATASETS if hasattr(script, name))
    setattr(script, name, _shown(getattr(script, name), partial(DATASETS[name], paths=paths, cell=cell)))
    RandomSampler.__iter__ = lambda sampler: iter(range(len(sampler.data_source)))  # type: ignore[method-assign]


def _of_dreambooth(dataset: Any, paths: list[list[Path]], cell: Cell) -> dict[str, Any]:
    shown: dict[str, Any] = {"num_instance_images": len(paths[0]), "_length": len(paths[0])}
    if hasattr(dataset, "pixel_values"):  # SDXL's has opened them all, in the order of its folder
        names = [path.name for path in dataset.instance_data_root.iterdir()]
        order = [names.index(path.name) for path in paths[0]]
        opened = ("pixel_values", "original_sizes", "crop_top_lefts")
        return shown | {name: [getattr(dataset, name)[i] for i in order] for name in opened}
    shown["instance_images_path"] = paths[0]
    return shown | ({"class_images_path": paths[1], "num_class_images": len(paths[1])} if len(paths) > 1 else {})


def _of_textual_inversion(dataset: Any, paths: list[list[Path]], cell: Cell) -> dict[str, Any]:
    """No picture is turned round, and there is one template."""
    template = cell.method.instance_prompt.format(subject="{}")
    return {"image_paths": paths[0], "num_images": len(paths[0]), "_length": len(paths[0]),
            "templates": [template], "flip_transform": lambda image: image}  # fmt: skip


# Of the scripts -> what such a one is to have for its pictures to come in a given order.
DATASETS = {"DreamBoothDataset": _of_dreambooth, "TextualInversionDataset": _of_textual_inversion}


def _loading(load: Any, spec: Spec) -> Any:
    def loaded(*args: Any, **kwargs: Any) -> Any:
        module = load(*args, **kwargs)
        module = module.double() if spec.double else module
        return module.to(memory_format=torch.channels_last) if CHANNELS_LAST in spec.flags else module

    return loaded


def _shown(dataset: Any, given: Callable[[Any], dict[str, Any]]) -> Any:
    class Shown(dataset):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.__dict__.update(given(self))

    return Shown


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
