"""From a row of a study to its scores: the stages in order, on one screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from sdbench import adapters, backbones, generate, prompts, score, train
from sdbench.adapters.base import Adapter
from sdbench.backbones.base import Backbone
from sdbench.errors import UserError
from sdbench.generate import Source
from sdbench.metrics.base.encoder import NotHere
from sdbench.prompts import requests
from sdbench.records import PICTURES
from sdbench.rows import Row
from sdbench.score import Drawn
from sdbench.settings import Cell
from sdbench.stages import Chain, Chains, Stage, given, prompt_sets
from sdbench.store import Store
from sdbench.trajectory import Trajectory

Tell = Callable[[str], None]  # what is being worked on, in words


def run(row: Row, store: Store, previews: Path, tell: Tell) -> dict[str, Any]:
    """Make what is missing of a row: {"status", "cause", "stages"}; a training that diverged is a result too.

    previews: folder for pictures drawn while it trains. Raises UserError, StoreError, torch.OutOfMemoryError.
    """
    chain, stages = Chains(store.identity).of(row), {}
    prepare(row.cell)
    for name, stage in each_stage(row, chain, store, previews, tell):
        stages[name] = stage
        if name == "train":
            with store.reading(store.root / stage):
                ended = json.loads((store.root / stage / "result.json").read_text())
            if ended["status"] != "done":
                return {"status": ended["status"], "cause": ended["cause"], "stages": stages}
    return {"status": "done", "cause": None, "stages": stages}


def each_stage(row: Row, chain: Chain, store: Store, previews: Path, tell: Tell) -> Any:
    """Class images -> train -> generate -> score; each stage reused where the store has it."""
    cell, subject = row.cell, chain.subject
    for kind, settings in cell.metrics.items():
        score.metric(kind, settings, subject).check()  # better known before an hour of training
    source = Source(cell, subject, chain.base)
    ours = replace(source, external=row.external, base=chain.generate.settings.get("base", chain.base))

    def draw_class_images(folder: Path) -> None:
        assert cell.method.prior is not None
        tell("class images")
        generate.generate(source, cell.method.prior.sampler, chain.class_wanted, folder)

    def train_adapters(folder: Path) -> None:
        assert chain.trajectory is not None
        with store.claim(chain.trajectory.name, chain.trajectory.key):
            base = backbones.load(cell.model, cell.device, chain.base)
            trajectory = Trajectory(store.root / chain.trajectory.path)
            watch = _watch(row, chain, previews, tell)
            train.train(cell, subject, base, class_images, trajectory, folder, watch)

    def draw(folder: Path) -> None:
        tell("images")
        if row.kind in PICTURES:
            generate.shown(row.kind, subject, cell.model.resolution_px, folder)
        elif row.is_given:
            generate.given(given(row, subject), folder)
        else:
            generate.generate(replace(ours, trained=trained), cell.sampler, chain.wanted, folder)

    class_images, trained = None, None
    if chain.class_images is not None:
        class_images = _make(store, chain.class_images, draw_class_images)
    if chain.train is not None and chain.trajectory is not None:
        wanted = (chain.generate, *(asked.generate for asked in chain.asked.values()))
        whole = not all(store.finished(stage.name, stage.key) for stage in wanted)  # weights let go are trained anew
        trained = _make(store, chain.train, train_adapters, whole)
        yield "trajectory", chain.trajectory.path
        yield "train", chain.train.path
    drawn = {"": Drawn(_make(store, chain.generate, draw))}
    for name, asked in chain.asked.items():
        tell(f"images of {name}")
        base = _make(store, asked.base, partial(generate.generate, source, cell.sampler, asked.base_wanted))
        mine = partial(generate.generate, replace(ours, trained=trained), cell.sampler, asked.wanted)
        drawn[name] = Drawn(_make(store, asked.generate, mine), base, name)
    scored = dict(chain.score)
    for kind, stage in chain.score.items():
        tell(f"scores: {kind}")
        settings = cell.metrics[kind]
        images = [drawn[one.name] for one in prompt_sets(settings)] or [drawn[""]]
        validation = stage.settings.get("validation_seeds", [])
        try:
            _make(store, stage, partial(score.score, kind, settings, subject, images, validation))
        except NotHere as why:  # another key: once the weights are there, the score is made
            scored[kind] = replace(stage, settings={**stage.settings, "unscored": str(why)})
            _make(store, scored[kind], partial(score.unscored, kind, settings, subject, images, str(why)))
    yield from replace(chain, score=scored).judged_paths().items()


def _make(store: Store, stage: Stage, build: Callable[[Path], None], whole: bool = False) -> Path:
    return store.make(stage.name, stage.version, stage.settings, build, whole=whole)


def _watch(row: Row, chain: Chain, previews: Path, tell: Tell) -> train.OnStep:
    """Says how far training is; every `train.preview_every` steps draws prompts into `previews`."""
    cell = row.cell

    def on_step(backbone: Backbone, learning: list[Adapter], step: int) -> None:
        tell(f"training step {step} of {cell.train.steps}")
        if not cell.train.preview_every or step % cell.train.preview_every:
            return
        previews.mkdir(parents=True, exist_ok=True)
        words = adapters.words(learning, chain.subject.identifier)
        asked = prompts.load(cell.prompts)[:4]
        wanted = requests(asked, cell.sample.validation_seeds[:1], words, chain.subject.class_words)
        half = cell.model.dtype != "float32"  # and trainables are float32
        with torch.autocast(cell.device.split(":")[0], getattr(torch, cell.model.dtype) if half else None, half):
            for sample, image in zip(wanted, generate.draw(backbone, cell.sampler, wanted), strict=True):
                image.save(previews / f"{step:06d}-{sample.sample_id}.png")

    return on_step


def prepare(cell: Cell) -> None:
    """The process as the cell's keys say it is. Raises UserError where torch has no such device."""
    kind = cell.device.split(":")[0]
    if not {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}.get(kind, True):
        raise UserError(f"device is {cell.device!r}, and this torch cannot use it; set device=cpu")
    if cell.threads:
        torch.set_num_threads(cell.threads)
    torch.use_deterministic_algorithms(cell.deterministic and kind != "cpu")
