"""Every setting of a cell, as checked frozen dataclasses. No defaults here: conf/ holds the values, once.

Settings of one adapter, metric or backbone stand in its own module, above the class they configure; the `kind` in
its yaml names that module. Nothing here imports torch.
"""

from __future__ import annotations

import math
import re
import string
from dataclasses import dataclass, field
from typing import Any

from sdbench.errors import UserError, nearest
from sdbench.halving import EarlyStoppingSettings

SCHEDULERS = {  # a sampler's name here, and its class in diffusers
    "pndm": "PNDMScheduler",
    "ddim": "DDIMScheduler",
    "lms": "LMSDiscreteScheduler",
    "euler": "EulerDiscreteScheduler",
    "euler_ancestral": "EulerAncestralDiscreteScheduler",
    "dpm": "DPMSolverMultistepScheduler",
    "flow_euler": "FlowMatchEulerDiscreteScheduler",
}
AVERAGE = "average(ocr, yolo)"  # the score that a study may select by beside those of its metrics


def one_of(key: str, value: str, valid: tuple[str, ...]) -> None:
    if value not in valid:
        raise UserError(f"{key} is {value!r}, which is not known{nearest(value, valid)}")


def positive(key: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise UserError(f"{key} is {value!r}; it must be greater than 0, and finite")


def not_negative(key: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise UserError(f"{key} is {value!r}; it must be at least 0, and finite")


def _check_templates(key: str, templates: list[str], placeholders: set[str]) -> None:
    for template in templates:
        try:
            found = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        except ValueError:
            found = {template}
        if found - placeholders:
            known = " or ".join(f"{{{name}}}" for name in sorted(placeholders, reverse=True))
            raise UserError(f"{key} has {template!r}; the only placeholder it may hold is {known}")


@dataclass(frozen=True)
class ModelSettings:
    """A base model. family: module in sdbench.backbones. path: folder or hub id, `bundled:base` for the microworld's.

    licence: of the weights, as the hub names it. resolution_px: side of training and generated images. dtype: of
    frozen weights (`float32`, `bfloat16`, `float16`). scheduler, num_inference_steps, guidance_scale: the model's
    customary ones, which samplers take where they set none of their own. lora_targets: the modules of its denoiser
    that LoRA is customarily added to, taken likewise by methods.
    """

    name: str
    family: str
    path: str
    revision: str | None
    licence: str
    resolution_px: int
    dtype: str
    scheduler: str
    num_inference_steps: int
    guidance_scale: float
    lora_targets: list[str] = field(hash=False)

    def __post_init__(self) -> None:
        one_of("model.scheduler", self.scheduler, tuple(SCHEDULERS))
        one_of("model.dtype", self.dtype, ("float32", "bfloat16", "float16"))
        positive("model.resolution_px", self.resolution_px)


@dataclass(frozen=True)
class SubjectSettings:
    """The images to learn and the words for them.

    folder: with `train/` and `heldout/`, each images + metadata.jsonl; `bundled:<name>` for one that ships.
    sibling: a folder as `heldout/` of another of its class, `bundled:<name>/sibling` for one that ships, or null.
    identifier: the words that stand for the subject in prompts. class_words: the same place filled without it.
    lettering: the spelling that its logo should have, or null where there is none.
    detector: ONNX file of a YOLOv8 trained on the subject's logo, `bundled:<name>`, or null where there is no logo.
    """

    name: str
    folder: str
    sibling: str | None
    identifier: str
    class_words: str
    lettering: str | None
    detector: str | None

    def __post_init__(self) -> None:
        for key in ("identifier", "class_words"):
            if not getattr(self, key).strip():
                raise UserError(f"subject.{key} is empty; say the words, e.g. subject.{key}=...")


@dataclass(frozen=True)
class SamplerSettings:
    """How images are drawn. scheduler: one of SCHEDULERS. batch_size: images per call, padded."""

    scheduler: str
    num_inference_steps: int
    guidance_scale: float
    negative_prompt: str
    batch_size: int

    def __post_init__(self) -> None:
        one_of("sampler.scheduler", self.scheduler, tuple(SCHEDULERS))
        positive("sampler.num_inference_steps", self.num_inference_steps)
        positive("sampler.batch_size", self.batch_size)
        not_negative("sampler.guidance_scale", self.guidance_scale)


@dataclass(frozen=True)
class PriorSettings:
    """Prior preservation: DreamBooth, arXiv 2208.12242, eq. 2. weight: lambda. images: drawn once by the base."""

    weight: float
    images: int
    sampler: SamplerSettings

    def __post_init__(self) -> None:
        positive("method.prior.images", self.images)
        not_negative("method.prior.weight", self.weight)


@dataclass(frozen=True)
class MethodSettings:
    """What is trained on what. adapters: kind -> that adapter's settings. captions: instance, images or templates."""

    name: str
    adapters: dict[str, Any]
    captions: str
    instance_prompt: str
    templates: list[str]
    prior: PriorSettings | None

    def __post_init__(self) -> None:
        one_of("method.captions", self.captions, ("instance", "images", "templates"))
        _check_templates("method.templates", self.templates, {"subject"})
        _check_templates("method.instance_prompt", [self.instance_prompt], {"subject"})
        if not self.adapters:
            raise UserError("method.adapters is empty, so nothing would learn; name at least one, e.g. lora")


@dataclass(frozen=True)
class TrainSettings:
    """One training run. lr: of every adapter that does not set its own. batch_size: examples per optimizer step.

    gradient_accumulation_steps: micro-batches one step is split into. processes: that share each micro-batch evenly,
    on as many cards of one machine; the steps are the same to rounding. cuda_graph: a step is one launch, of the same
    bits; on CUDA, where no text encoder learns, precision is not fp16 and there is one process. mixed_precision: `no`,
    `bf16` or `fp16`. cache: keep latents (posterior mean, std) and text embeddings of frozen encoders. preview_every: 0
    is off.
    state_every: steps between resume states, beside a trajectory's last; 0 keeps only that. keep: whose weights stay
    once a trajectory's cells are scored: `all`, the `best` or the `last` of its checkpoints, or `scores` and images
    only.
    """

    steps: int
    lr: float
    batch_size: int
    gradient_accumulation_steps: int
    processes: int
    cuda_graph: bool
    max_grad_norm: float
    schedule: str
    warmup_steps: int
    weight_decay: float
    mixed_precision: str
    cache: bool
    preview_every: int
    state_every: int
    keep: str
    seed: int

    def __post_init__(self) -> None:
        one_of("train.schedule", self.schedule, ("constant", "linear", "cosine", "polynomial"))
        one_of("train.mixed_precision", self.mixed_precision, ("no", "bf16", "fp16"))
        one_of("train.keep", self.keep, ("all", "best", "last", "scores"))
        for key in ("steps", "lr", "batch_size", "gradient_accumulation_steps", "processes", "max_grad_norm"):
            positive(f"train.{key}", getattr(self, key))
        for key in ("warmup_steps", "weight_decay", "preview_every", "state_every"):
            not_negative(f"train.{key}", getattr(self, key))
        if self.batch_size % self.gradient_accumulation_steps:
            raise UserError(
                f"train.batch_size ({self.batch_size}) is not a multiple of train.gradient_accumulation_steps "
                f"({self.gradient_accumulation_steps}); choose one that divides it"
            )
        if self.batch_size // self.gradient_accumulation_steps % self.processes:
            raise UserError(
                f"train.processes ({self.processes}) cannot share micro-batches of "
                f"{self.batch_size // self.gradient_accumulation_steps} evenly; choose one that divides "
                "train.batch_size / train.gradient_accumulation_steps"
            )


@dataclass(frozen=True)
class SweepSettings:
    """How a grid's cells are made. pack: at most so many LoRAs or Textual Inversions at once; null: each by itself.

    A pack is computed with so many slots, however few sit in it, so the number is part of an arm's key; where memory
    does not hold it half as many are tried. early_stopping: ASHA, which changes no bit; null trains every cell.
    """

    pack: int | None
    early_stopping: EarlyStoppingSettings | None

    def __post_init__(self) -> None:
        if self.pack is not None and self.pack < 2:
            raise UserError(f"sweep.pack is {self.pack}; give at least 2, or null to train each cell by itself")


@dataclass(frozen=True)
class SampleSettings:
    """Image seeds: the best cell is chosen on `validation_seeds`, reported on `test_seeds`; they share none."""

    validation_seeds: list[int]
    test_seeds: list[int]

    def __post_init__(self) -> None:
        for key in ("validation_seeds", "test_seeds"):
            seeds = getattr(self, key)
            if not seeds:
                raise UserError(f"sample.{key} is empty; give at least one image seed, e.g. sample.{key}=[0]")
            if len(set(seeds)) < len(seeds):
                raise UserError(f"sample.{key} is {seeds}, which says a seed twice; say each once")
        shared = sorted(set(self.validation_seeds) & set(self.test_seeds))
        if shared:
            raise UserError(f"sample.test_seeds shares {shared} with sample.validation_seeds; make them disjoint")


@dataclass(frozen=True)
class PromptSettings:
    """A named prompt set. `{subject}` marks the subject's place, `{class_words}` that of its kind."""

    name: str
    templates: list[str]

    def __post_init__(self) -> None:
        if not self.templates:
            raise UserError("prompts.templates is empty; give at least one, e.g. prompts.templates=['a {subject}']")
        _check_templates("prompts.templates", self.templates, {"subject", "class_words"})


@dataclass(frozen=True)
class External:
    """What others made, to be scored as our own.

    kind: `images` for a folder of them, `lora` or `embedding` for a safetensors file that is loaded on the model,
    `pipeline` for a folder that diffusers saved. prompts: of images, a file of lines {file_name, prompt, seed}; null:
    metadata.jsonl of their folder, where there is one.
    """

    name: str
    kind: str
    path: str
    prompts: str | None

    def __post_init__(self) -> None:
        one_of("kind", self.kind, ("images", "lora", "embedding", "pipeline"))
        if not re.fullmatch(r"[\w-][\w.+-]*", self.name):
            raise UserError(f"--name is {self.name!r}; it names a folder: use letters, digits, '_', '-', '+' and '.'")


@dataclass(frozen=True)
class Cell:
    """One point of a grid: everything a run needs. metrics: kind -> that metric's settings.

    threads: on the CPU, where they are part of a key; null: OMP_NUM_THREADS, else one for each core. deterministic:
    the same bits from the same run on an accelerator too, at some cost in speed; the CPU gives them anyway.
    """

    model: ModelSettings
    subject: SubjectSettings
    method: MethodSettings
    prompts: PromptSettings
    sampler: SamplerSettings
    sample: SampleSettings
    train: TrainSettings
    metrics: dict[str, Any]
    tracker: dict[str, Any]
    sweep: SweepSettings
    study: str
    store: str
    device: str
    threads: int | None
    deterministic: bool
