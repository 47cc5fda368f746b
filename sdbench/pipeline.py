"""From a row of a study to its scores: the stages in order, on one screen."""

from __future__ import annotations

import gc
import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import torch

from sdbench import generate, score
from sdbench.errors import UserError
from sdbench.generate import Source
from sdbench.metrics.base.encoder import NotHere
from sdbench.records import PICTURES, Sample
from sdbench.rows import Row
from sdbench.score import Drawn
from sdbench.settings import Cell, SamplerSettings
from sdbench.stages import Chain, Chains, Stage, given, prompt_sets
from sdbench.store import Store
from sdbench.trained import Tell, Warm, checkpoint, together


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
                ended = _ended(store.root / stage)
            if ended["status"] != "done":
                return {"status": ended["status"], "cause": ended["cause"], "stages": stages}
    return {"status": "done", "cause": None, "stages": stages}


def train(row: Row, store: Store, previews: Path, tell: Tell, warm: Warm) -> None:
    """Make the row's training alone where it is missing. warm: as in `checkpoint`. Raises as `run` does."""
    chain = Chains(store.identity).of(row)
    prepare(row.cell)
    _check(row, chain)
    checkpoint((row, chain, previews), store, tell, warm)


def train_together(rows: Sequence[Row], store: Store, previews: Sequence[Path], tell: Tell) -> None:
    """Make what is missing of the trainings and images of rows that are to share a pack; all else is `run`'s.

    Raises as `run` does. What was finished before stays.
    """
    chains = Chains(store.identity)
    prepare(rows[0].cell)
    wanted = [(row, chains.of(row), folder) for row, folder in zip(rows, previews, strict=True)]
    for row, chain, _ in wanted:
        _check(row, chain)
    together(wanted, store, tell)
    try:
        _draw_together([(row, chain) for row, chain, _ in wanted], store, tell)
    except torch.OutOfMemoryError:
        traceback.print_exc()  # a row that cannot be drawn by itself either will say so
    gc.collect()  # seats and their base hold each other, and so a GPU's memory


def _draw_together(rows: Sequence[tuple[Row, Chain]], store: Store, tell: Tell) -> None:
    """What is missing of the images by what was trained, in common batches where the sampler is the same.

    Once another process has made one of them first it is at the others too, and each row waits for it by itself.
    """
    left: dict[str, dict[str, tuple[Source, Stage, list[Sample]]]] = {}
    with ExitStack() as held:
        for row, chain in rows:
            assert chain.train is not None
            trained = store.root / chain.train.path
            held.enter_context(store.reading(trained))
            if not store.serves(trained, whole=True) or _ended(trained)["status"] != "done":
                continue
            source = Source(row.cell, chain.subject, chain.base, trained, in_seats=True)
            asked = ((one.generate, one.wanted) for one in chain.asked.values())
            for stage, wanted in [(chain.generate, chain.wanted), *asked]:
                if not store.finished(stage.name, stage.key):
                    left.setdefault(repr(row.cell.sampler), {})[stage.key] = (source, stage, wanted)
        for parts in left.values():
            sources, stages, wanted_by = zip(*parts.values(), strict=True)
            sampler = sources[0].cell.sampler
            samples_by, images = generate.together(sources, sampler, wanted_by)
            for i, (stage, samples) in enumerate(zip(stages, samples_by, strict=True), start=1):
                tell(f"images of a pack: cell {i} of {len(stages)}")
                is_mine = Event()
                _make(store, stage, partial(_write_share, is_mine, images, samples, sampler))
                if not is_mine.is_set():
                    return


def _write_share(
    is_mine: Event, images: Iterator[generate.Timed], samples: list[Sample], sampler: SamplerSettings, folder: Path
) -> None:
    is_mine.set()
    generate.write(islice(images, len(samples)), samples, sampler, folder, slots=sampler.batch_size)


def _ended(trained: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((trained / "result.json").read_text())
    return result


def _check(row: Row, chain: Chain) -> None:
    """Whether every judge can do its work: better known before an hour of training."""
    for kind, settings in row.cell.metrics.items():
        score.metric(kind, settings, chain.subject).check()


def each_stage(row: Row, chain: Chain, store: Store, previews: Path, tell: Tell) -> Any:
    """Class images -> train -> generate -> score; each stage reused where the store has it."""
    cell, subject = row.cell, chain.subject
    _check(row, chain)
    source = Source(cell, subject, chain.base)
    ours = replace(source, external=row.external, base=chain.generate.settings.get("base", chain.base),
                   in_seats=chain.is_packed)  # fmt: skip

    def draw(folder: Path) -> None:
        tell("images")
        if row.kind in PICTURES:
            generate.shown(row.kind, subject, cell.model.resolution_px, folder)
        elif row.is_given:
            generate.given(given(row, subject), folder)
        else:
            generate.generate(replace(ours, trained=trained), cell.sampler, chain.wanted, folder)

    trained = None
    if chain.train is not None and chain.trajectory is not None:
        trained = checkpoint((row, chain, previews), store, tell)
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


def prepare(cell: Cell) -> None:
    """The process as the cell's keys say it is. Raises UserError where torch has no such device."""
    kind = cell.device.split(":")[0]
    if not {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}.get(kind, True):
        raise UserError(f"device is {cell.device!r}, and this torch cannot use it; set device=cpu")
    if kind == "cuda":
        torch.cuda.set_device(torch.device(cell.device).index or 0)  # whichever card the last cell was on
    if cell.threads:
        torch.set_num_threads(cell.threads)
    torch.use_deterministic_algorithms(cell.deterministic and kind != "cpu")
    # Else it fills every new tensor too, for who reads what was never written.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
