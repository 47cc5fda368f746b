"""Images of the untuned base, drawn as sdbench draws them; a step is an image. flags: how many at a time."""

from __future__ import annotations

from dataclasses import replace

from sdbench import backbones, generate, prompts
from sdbench.bench.side import Pace, Spec
from sdbench.bench.sides.base import cell_of


def run(spec: Spec, pace: Pace) -> None:
    pace.spent("import")
    cell, subject = cell_of(spec)
    backbone = backbones.load(cell.model, cell.device)
    pace.spent("load")
    sampler = replace(cell.sampler, batch_size=int(spec.flags[0]))
    asked = prompts.load(cell.prompts)
    pace.ready()
    seed = 0
    while True:  # as many seeds at a time as fill every batch
        seeds = range(seed, seed + sampler.batch_size)
        wanted = prompts.requests(asked, seeds, subject.class_words, subject.class_words)
        for _ in generate.draw(backbone, sampler, wanted):
            pace.step()
        seed += sampler.batch_size
