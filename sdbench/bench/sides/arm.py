"""One arm of a sweep as the reference runs it, all in one process: train, draw the prompts one at a time, score.

A prior's pictures are drawn by the first arm, and found by the others, as the script does it.
"""

from __future__ import annotations

import importlib
import itertools
from dataclasses import replace
from pathlib import Path

from sdbench import generate, prompts
from sdbench.bench.side import Pace, Spec
from sdbench.bench.sides.base import cell_of, class_folder
from sdbench.generate import Source
from sdbench.prompts import Sample
from sdbench.score import Drawn, score
from sdbench.settings import External, SamplerSettings
from sdbench.stages import class_samples

WEIGHTS = "pytorch_lora_weights.safetensors"  # as the script names them


class Quiet(Pace):
    """For a training that nobody times by itself."""

    def __init__(self) -> None:
        """It tells nobody."""

    def spent(self, name: str) -> None: ...

    def ready(self) -> None: ...

    def step(self, loss: float | None = None) -> None: ...


def run(spec: Spec, pace: Pace) -> None:
    pace.ready()
    cell, subject = cell_of(spec)
    trained = spec.folder / "trained"
    if spec.script:
        importlib.import_module("sdbench.bench.sides.script").run(spec, Quiet())
    else:
        if cell.method.prior is not None and not class_folder(spec).is_dir():
            _draw(Source(cell, subject, ""), cell.method.prior.sampler, class_samples(cell, subject),
                  class_folder(spec))  # fmt: skip
        _loop(spec, trained)
    source = Source(cell, subject, "", external=External("arm", "lora", str(trained / WEIGHTS), None))
    seeds = [*cell.sample.validation_seeds, *cell.sample.test_seeds]
    wanted = prompts.requests(prompts.load(cell.prompts), seeds, subject.identifier, subject.class_words)
    drawn = spec.folder / "drawn"
    _draw(source, replace(cell.sampler, batch_size=1), wanted, drawn)
    for kind, settings in cell.metrics.items():
        scored = spec.folder / kind
        scored.mkdir()
        score(kind, settings, subject, [Drawn(drawn)], cell.sample.validation_seeds, scored)
    pace.step()


def _draw(source: Source, sampler: SamplerSettings, wanted: list[Sample], folder: Path) -> None:
    folder.mkdir()
    generate.generate(source, sampler, wanted, folder)


def _loop(spec: Spec, folder: Path) -> None:
    from diffusers import StableDiffusionPipeline
    from diffusers.utils import convert_state_dict_to_diffusers
    from peft.utils import get_peft_model_state_dict

    from sdbench.bench.sides.loop import loop_of

    loop = loop_of(spec)
    for _ in itertools.islice(loop.losses(), spec.steps):
        pass
    layers = convert_state_dict_to_diffusers(get_peft_model_state_dict(loop.unet))
    StableDiffusionPipeline.save_lora_weights(folder, unet_lora_layers=layers)
