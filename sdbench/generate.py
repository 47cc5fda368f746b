"""Images for prompts x seeds. An image depends on its own prompt, seed and sampler, not on what else is drawn.

Each image has a generator of its own, and every call to the pipeline has the same, padded batch shape: then an image
is the same bit for bit whatever is drawn beside it. Another batch size moves a channel by a few of its 255 levels at
most (tests/test_generate.py).
"""

from __future__ import annotations

import inspect
import json
import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from PIL import Image, PngImagePlugin

from sdbench import adapters, backbones, external, precision
from sdbench.backbones.base import Backbone, square
from sdbench.errors import UserError
from sdbench.external import Given
from sdbench.records import Sample
from sdbench.seats import Arm, Seats
from sdbench.settings import SCHEDULERS, Cell, External, SamplerSettings
from sdbench.subjects import Subject

Timed = tuple[Image.Image, float]  # and the seconds that it took
RESCALED = "rescale_betas_zero_snr"  # of a base's noise schedule (arXiv 2305.08891)


@dataclass(frozen=True)
class Source:
    """What draws: a cell's base model, or with `trained`, a folder of the train stage, its adapters on it.

    base: identity of the base's weights. external: what others trained, on that base or in its place. in_seats: whether
    it was trained in a pack, and is drawn as `sdbench.seats` says.
    """

    cell: Cell
    subject: Subject
    base: str
    trained: Path | None = None
    external: External | None = None
    in_seats: bool = False

    def load(self) -> tuple[Backbone, str]:
        """And the words that stand for the subject in prompts to it."""
        cell, words, model = self.cell, self.subject.identifier, self.cell.model
        if self.external and self.external.kind == "pipeline":
            model = replace(model, path=self.external.path, revision=None)
        if self.trained and self.in_seats:
            seats = Seats(cell, self.base)
            arm = seats.arm(cell, self.subject, self.trained)
            seats.seat([arm])
            return seats.backbone, arm.words
        backbone = backbones.load(model, cell.device, self.base)
        if self.trained:
            learnt = adapters.create(cell.method, self.subject, cell.train.seed)
            for adapter in learnt:
                adapter.load(backbone, self.trained)
            words = adapters.words(learnt, words)
        elif self.external and model is cell.model:
            words = external.put_into(backbone, self.external, words)
        return backbone, words

    def asked(self, wanted: list[Sample], words: str) -> list[Sample]:
        """With the words that stand for the subject in place of its identifier."""
        return [replace(s, prompt=s.prompt.replace(self.subject.identifier, words)) for s in wanted]


def generate(source: Source, sampler: SamplerSettings, wanted: list[Sample], folder: Path) -> None:
    """Draw `wanted` into `folder`: images/, samples.parquet and result.json."""
    backbone, words = source.load()
    asked = source.asked(wanted, words)
    write(_timed(draw(backbone, sampler, asked)), asked, sampler, folder)


def together(
    sources: Sequence[Source], sampler: SamplerSettings, wanted: Sequence[list[Sample]]
) -> tuple[list[list[Sample]], Iterator[Timed]]:
    """Draw for several cells of one pack in common batches: each one's samples as `generate` asks for them, and the
    images of all, one cell's after the other's. They are those that `generate` draws.
    """
    seats, known = Seats(sources[0].cell, sources[0].base), dict[Path, Arm]()
    for one in sources:
        if one.trained and one.trained not in known:
            known[one.trained] = seats.arm(one.cell, one.subject, one.trained)
    arms = [known[one.trained] for one in sources if one.trained]
    asked = [one.asked(samples, arm.words) for one, samples, arm in zip(sources, wanted, arms, strict=True)]
    return asked, _draw_seated(seats, sampler, [(arm, s) for arm, mine in zip(arms, asked, strict=True) for s in mine])


def _draw_seated(seats: Seats, sampler: SamplerSettings, asked: list[tuple[Arm, Sample]]) -> Iterator[Timed]:
    """Each image with its share of its batch's seconds."""
    for first in range(0, len(asked), sampler.batch_size):
        batch = asked[first : first + sampler.batch_size]
        arms, began = [arm for arm, _ in batch], time.perf_counter()
        seats.seat(arms + arms[-1:] * (sampler.batch_size - len(arms)))
        images = list(draw(seats.backbone, sampler, [sample for _, sample in batch]))
        share = (time.perf_counter() - began) / len(batch)
        yield from ((image, share) for image in images)


def _timed(images: Iterator[Image.Image]) -> Iterator[Timed]:
    """Each with the seconds since the one before."""
    before = time.perf_counter()
    for image in images:
        now = time.perf_counter()
        yield image, now - before
        before = now


def write(
    images: Iterator[Timed], asked: list[Sample], sampler: SamplerSettings, folder: Path, slots: int | None = None
) -> None:
    """Images of `asked` into `folder`, as they are drawn. slots: of batches that other cells had a part in."""
    seconds = 0.0
    with ThreadPoolExecutor(1, "png") as thread:  # a batch is written while the next is drawn
        written: deque[Future[None]] = deque()
        for sample, (image, took) in zip(asked, images, strict=True):
            seconds += took
            written.append(thread.submit(save, image, folder / sample.file, sample, sampler))
            if len(written) > sampler.batch_size:
                written.popleft().result()
        for last in written:
            last.result()
    _write_table(folder, asked, seconds, **({"slots": slots} if slots else {}))


def draw(backbone: Backbone, sampler: SamplerSettings, wanted: list[Sample]) -> Iterator[Image.Image]:
    """Draw in batches of `sampler.batch_size`, the last one padded with repeats that are thrown away."""
    pipeline = backbone.pipeline
    own = pipeline.scheduler
    pipeline.scheduler = create_scheduler(sampler.scheduler, own.config)
    try:
        for first in range(0, len(wanted), sampler.batch_size):
            batch = wanted[first : first + sampler.batch_size]
            padded = batch + batch[-1:] * (sampler.batch_size - len(batch))
            with precision.drawing(backbone.denoiser):
                images = pipeline(
                    **backbone.asked([s.prompt for s in padded], sampler.negative_prompt),
                    generator=[torch.Generator().manual_seed(s.seed) for s in padded],
                    num_inference_steps=sampler.num_inference_steps,
                    guidance_scale=sampler.guidance_scale,
                    height=backbone.resolution_px,
                    width=backbone.resolution_px,
                ).images
            yield from images[: len(batch)]
    finally:
        pipeline.scheduler = own  # a preview must not decide what is saved


def create_scheduler(name: str, config: Any) -> Any:
    """A diffusers scheduler by its short name, on the base's noise schedule.

    Latents are never clipped: DDIM would clip them to [-1, 1] wherever the base's own config does not forbid it. Raises
    UserError where the schedule is rescaled to a zero terminal SNR, and this scheduler would leave it as it was.
    """
    import diffusers

    scheduler = getattr(diffusers, SCHEDULERS[name])
    if config.get(RESCALED) and RESCALED not in inspect.signature(scheduler).parameters:
        raise UserError(f"sampler.scheduler {name!r} knows no zero terminal SNR, which this base has; take ddim")
    return scheduler.from_config(config, clip_sample=False)


def shown(kind: str, subject: Subject, size_px: int, folder: Path) -> None:
    """Pictures as a samples folder, cropped to the model's size, so that their row is scored as any.

    kind: `real` for the held-out pictures of the subject, `sibling` for those of its sibling.
    """
    began, samples = time.perf_counter(), []
    (folder / "images").mkdir()
    for index, reference in enumerate({"real": subject.heldout, "sibling": subject.sibling}[kind]):
        worded = reference.caption.replace(subject.identifier, subject.class_words)
        sample = Sample(f"{kind}-{index}", kind, reference.caption, worded, index, f"images/{kind}-{index}.png")
        square(reference.path, size_px).save(folder / sample.file)
        samples.append(sample)
    _write_table(folder, samples, time.perf_counter() - began)


def given(images: list[Given], folder: Path) -> None:
    """Images that are there already, as a samples folder: their files as they are."""
    began = time.perf_counter()
    for one in images:
        (folder / one.sample.file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(one.path, folder / one.sample.file)
    _write_table(folder, [one.sample for one in images], time.perf_counter() - began)


def save(image: Image.Image, path: Path, sample: Sample, sampler: SamplerSettings) -> None:
    """PNG with the prompt, seed and sampler inside, as `sdbench` text."""
    info = PngImagePlugin.PngInfo()
    info.add_text("sdbench", json.dumps({"prompt": sample.prompt, "seed": sample.seed, **asdict(sampler)}))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, pnginfo=info)


def _write_table(folder: Path, samples: list[Sample], seconds: float, **more: int) -> None:
    pd.DataFrame([asdict(s) for s in samples]).to_parquet(folder / "samples.parquet", index=False)
    (folder / "result.json").write_text(json.dumps({"seconds": seconds, **more}))
