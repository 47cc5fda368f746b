"""The finished training of a row, or of many that are packed: class images, weights, previews on the way."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from sdbench import adapters, backbones, generate, packed, parallel, precision, prompts, train
from sdbench.adapters.base import Adapter
from sdbench.backbones.base import Backbone
from sdbench.generate import Source
from sdbench.prompts import requests
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chain, Stage
from sdbench.store import Store
from sdbench.trajectory import Trajectory

Tell = Callable[[str], None]  # what is being worked on, in words
Wanted = tuple[Row, Chain, Path]  # a row, its stages, and the folder for pictures drawn while it trains


@dataclass
class Warm:
    """A training that this process keeps in memory after a checkpoint, for who asks for a later one next.

    trajectory: what it is a run of, in `store`.
    """

    run: train.Run | None = None
    trajectory: Stage | None = None
    store: Store | None = None

    def leave(self) -> None:
        """Let go of it. Its state is written only now, as each is three times the weights that learn.

        Not where another process is training the same: that one leaves states of its own.
        """
        run, self.run = self.run, None
        if run is None or not run.record.finite:
            return
        assert self.store is not None and self.trajectory is not None
        with self.store.claim(self.trajectory.name, self.trajectory.key, wait=False) as mine:
            states = Trajectory(self.store.root / self.trajectory.path)
            if mine and states.step(sys.maxsize) < run.step:
                with states.writing() as save:
                    save(run.state())


def checkpoint(wanted: Wanted, store: Store, tell: Tell, warm: Warm | None = None) -> Path:
    """The row's training, made where it is missing, or where weights were let go and are needed again.

    warm: what it may go on from, and is put into, which leaves the state at its end; not where several processes share
    the training.
    """
    row, chain, _ = wanted
    assert chain.train is not None and chain.trajectory is not None
    if chain.is_packed:
        together([wanted], store, tell)
        return store.root / chain.train.path
    if row.cell.train.processes > 1:
        warm = None
    if warm is not None:
        another = warm.trajectory is None or warm.trajectory.key != chain.trajectory.key
        if another or (warm.run is not None and warm.run.step > row.cell.train.steps):
            warm.leave()
        warm.trajectory, warm.store = chain.trajectory, store
    class_images = _class_images(row, chain, store, tell)

    def build(folder: Path) -> None:
        assert chain.trajectory is not None
        with store.claim(chain.trajectory.name, chain.trajectory.key):
            trajectory, processes = Trajectory(store.root / chain.trajectory.path), row.cell.train.processes
            fit = partial(_fit, wanted, warm, class_images, trajectory, folder)
            if processes > 1:
                parallel.run(fit, processes, row.cell.device, tell)
            else:
                fit(tell)

    return _make(store, chain.train, build, _needs_weights(chain, store))


def _fit(
    wanted: Wanted, warm: Warm | None, class_images: Path | None, trajectory: Trajectory, folder: Path, tell: Tell
) -> None:
    row, chain, previews = wanted
    run = None
    if warm is not None:
        run, warm.run = warm.run, None  # gone for good where the training is interrupted
    if run is None or trajectory.step(row.cell.train.steps) > run.step:
        run = None  # before another takes as much memory
        base = backbones.load(row.cell.model, row.cell.device, chain.base)
        run = train.Run(row.cell, chain.subject, base, class_images)
    train.go_on(run, row.cell, trajectory, folder, _watch(row, chain, previews, tell), end_state=warm is None)
    if warm is not None:
        warm.run = run


def together(wanted: Sequence[Wanted], store: Store, tell: Tell) -> None:
    """What is missing of the rows' trainings, in one pack; rows of one trajectory are one arm.

    Trajectories are claimed in the order of their keys, and a checkpoint only by who holds its trajectory: two packs
    with arms in common do not wait for each other.
    """
    arms: dict[str, list[Wanted]] = {}
    for one in sorted(wanted, key=lambda one: one[0].cell.train.steps):
        assert one[1].trajectory is not None
        arms.setdefault(one[1].trajectory.key, []).append(one)
    with ExitStack() as held:
        for key in sorted(arms):
            held.enter_context(store.claim("trajectory", key))
        left = [[one for one in arm if _is_missing(one[1], store)] for arm in arms.values()]
        orders = [_order(arm, store, tell, held) for arm in left if arm]
        if orders:
            chain = wanted[0][1]
            assert chain.packing is not None and chain.packing.slots is not None
            packed.train(orders, chain.base, chain.packing.slots, tell)
            gc.collect()  # a pack and its arms hold each other, and so a GPU's memory


def _order(arm: list[Wanted], store: Store, tell: Tell, held: ExitStack) -> packed.Order:
    row, chain, previews = arm[0]
    assert chain.trajectory is not None
    class_images = _class_images(row, chain, store, tell)
    if class_images is not None:
        held.enter_context(store.reading(class_images))
        store.check(class_images)
    stages = {one.cell.train.steps: (chain.train, _needs_weights(chain, store)) for one, chain, _ in arm}
    cells = {one.cell.train.steps: one.cell for one, *_ in arm}  # rows may differ in how they are drawn alone

    def keep(cell: Cell, build: Callable[[Path], None]) -> None:
        stage, whole = stages[cell.train.steps]
        assert stage is not None
        _make(store, stage, build, whole)

    trajectory = Trajectory(store.root / chain.trajectory.path)
    preview = _watch(row, chain, previews, tell)
    return packed.Order(list(cells.values()), chain.subject, class_images, trajectory, keep, preview)


def _is_missing(chain: Chain, store: Store) -> bool:
    assert chain.train is not None
    return not store.serves(store.root / chain.train.path, _needs_weights(chain, store))


def _needs_weights(chain: Chain, store: Store) -> bool:
    """Whether images are still to be drawn with them."""
    drawn = (chain.generate, *(asked.generate for asked in chain.asked.values()))
    return not all(store.finished(stage.name, stage.key) for stage in drawn)


def _class_images(row: Row, chain: Chain, store: Store, tell: Tell) -> Path | None:
    if chain.class_images is None or row.cell.method.prior is None:
        return None
    tell("class images")
    source = Source(row.cell, chain.subject, chain.base)
    draw = partial(generate.generate, source, row.cell.method.prior.sampler, chain.class_wanted)
    return _make(store, chain.class_images, draw)


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
        half = precision.DTYPES.get(cell.train.mixed_precision, getattr(torch, cell.model.dtype))
        mixed = torch.autocast(cell.device.split(":")[0], half, half != torch.float32)  # what learns is in float32
        with mixed, precision.unmixed(backbone.pipeline.vae):
            for sample, image in zip(wanted, generate.draw(backbone, cell.sampler, wanted), strict=True):
                image.save(previews / f"{step:06d}-{sample.sample_id}.png")

    return on_step
