"""What a sweep is going to do, and about what it will cost, before anything runs. Never torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sdbench import config, devices, rows
from sdbench.config import Study
from sdbench.records import STOPPED
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chain, Chains, Stage
from sdbench.store import Store
from sdbench.sweep import costs, ladder, stopping
from sdbench.sweep.costs import Range
from sdbench.sweep.jobs import check_writable, finished, group
from sdbench.sweep.ladder import Ladder, Standing
from sdbench.trajectory import Trajectory


@dataclass(frozen=True)
class Plan:
    """A study's rows, floors included, with their chains. outcomes: of rows that have nothing left to make.

    ladder: of early stopping, null without it.
    """

    study: Study
    store: Store
    rows: list[Row]
    chains: list[Chain]
    outcomes: list[dict[str, Any] | None]
    ladder: Ladder | None

    @cached_property
    def jobs(self) -> list[list[Row]]:
        """Rows with something left, in groups that share work, or, with early stopping, that compete."""
        left = [pair for pair, ended in zip(self.rows_and_chains(), self.outcomes, strict=True) if not ended]
        jobs = group(left, self.trainings)
        return stopping.joined(jobs, self.ladder) if self.ladder else jobs

    def rows_and_chains(self) -> list[tuple[Row, Chain]]:
        return list(zip(self.rows, self.chains, strict=True))

    @cached_property
    def missing(self) -> dict[str, tuple[Stage, Chain]]:
        """Every folder that is still to be made, once."""
        found: dict[str, tuple[Stage, Chain]] = {}
        for chain, ended in zip(self.chains, self.outcomes, strict=True):
            for stage in () if ended else chain.all():
                if stage.path not in found and not self.store.finished(stage.name, stage.key):
                    found[stage.path] = (stage, chain)
        return found

    @cached_property
    def trainings(self) -> dict[str, list[Stage]]:
        """Trajectory -> its missing checkpoints, by step."""
        found: dict[str, list[Stage]] = {}
        for stage, chain in self.missing.values():
            if stage.name == "train" and chain.trajectory is not None:
                found.setdefault(chain.trajectory.path, []).append(stage)
        return {path: sorted(stages, key=_steps) for path, stages in found.items()}

    def steps(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Steps that each trajectory still takes, from its resume state on, with the settings of its training."""
        return [(self._left(path, stages), stages[0].settings) for path, stages in self.trainings.items()]

    def _left(self, path: str, stages: list[Stage]) -> int:
        total, at, trajectory = 0, 0, Trajectory(self.store.root / path)
        for wanted in map(_steps, stages):
            total += wanted - max(at, trajectory.step(wanted))
            at = wanted
        return total

    def images(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Images that are still to be drawn, which pictures are not, with the settings of their folder."""
        folders = (stage.settings for stage, _ in self.missing.values() if stage.name == "generate")
        return [(len(settings["samples"]), settings) for settings in folders if "samples" in settings]

    def checkpoints(self) -> list[tuple[int, Mapping[str, Any]]]:
        """How many of each trajectory's checkpoints stay on the disk, by `train.keep`."""
        keep = {chain.train.key: row.cell.train.keep for row, chain in self.rows_and_chains() if chain.train}
        stay = {"all": len, "best": lambda stages: 1, "last": lambda stages: 1, "scores": lambda stages: 0}
        return [(stay[keep[stages[0].key]](stages), stages[0].settings) for stages in self.trainings.values()]

    def judged(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Images of every score that is still to be made, with its settings."""
        scores = [(stage, chain) for stage, chain in self.missing.values() if stage.name == "score"]
        return [(_judged(chain, stage), stage.settings) for stage, chain in scores]

    def packs(self) -> list[int]:
        """Of each pack that is left to train, its arms."""
        arms = {r.name: c.trajectory.path for r, c in self.rows_and_chains() if c.trajectory and c.is_packed}
        packs = [{arms[row.name] for row in job if row.name in arms} & {*self.trainings} for job in self.jobs]
        return [len(pack) for pack in packs if pack]

    def solo(self) -> dict[str, int]:
        """Why trainings that are left run by themselves although packs are wanted -> how many of them."""
        chains = {c.trajectory.path: c for c in self.chains if c.trajectory}
        packings = [chains[path].packing for path in self.trainings]
        return dict(Counter(packing.solo for packing in packings if packing and packing.slots is None))

    def _early_stopping(self) -> dict[str, Any]:
        assert self.ladder is not None
        standing = _standing(self.ladder, self.rows, self.outcomes)
        least = min(standing.least_steps(), sum(steps for steps, _ in self.steps()))
        return {**asdict(self.ladder.settings), "training_steps_least": least, "never_past": self.ladder.never_past()}

    def summary(self) -> dict[str, Any]:
        """The plan as plain JSON. trainings, steps and images are what is left to do; reused counts folders."""
        distinct = {stage.path for chain in self.chains for stage in chain.all()}
        seconds, size = costs.estimate(self.store, self.steps(), self.images(), self.checkpoints(), self.judged())
        stopped = sum(ended is not None and ended["status"] == STOPPED for ended in self.outcomes)
        return {
            "study": self.study.name,
            "cells": len(self.rows),
            "cells_done": len(self.rows) - self.outcomes.count(None) - stopped,
            "cells_stopped": stopped,
            "early_stopping": self._early_stopping() if self.ladder else None,
            "jobs": len(self.jobs),
            "trainings": len(self.trainings),
            "packs": self.packs(),
            "solo": self.solo(),
            "checkpoints": sum(map(len, self.trainings.values())),
            "training_steps": sum(steps for steps, _ in self.steps()),
            "training_steps_unshared": sum(_steps(stage) for stages in self.trainings.values() for stage in stages),
            "images": sum(count for count, _ in self.images()),
            "reused": len(distinct) - len(self.missing),
            "seconds": asdict(seconds),
            "bytes": asdict(size),
        }


def _judged(chain: Chain, score: Stage) -> int:
    """Images that a score judges: of its own prompt sets, else the row's, which may be the subject's pictures."""
    keys, asked = score.settings["generate"], chain.asked.values()
    if isinstance(keys, list):
        return sum(len(one.wanted) for one in asked if one.generate.key in keys)
    made = chain.generate.settings
    pictures = chain.subject.sibling if "sibling" in made else chain.subject.heldout
    return len(made.get("samples", made.get("images", pictures)))


def _steps(stage: Stage) -> int:
    steps: int = stage.settings["train"]["steps"]
    return steps


def of(study: str | None, overrides: Sequence[str]) -> Plan:
    """The plan of experiments/<study>/study.yaml, or of the grid that `overrides` mean."""
    words = _of_cells(overrides)
    return make(config.load_study(study, words) if study else config.scratch_study(words, multirun=True))


def one_cell(overrides: Sequence[str]) -> None:
    """Raises UserError where the overrides mean several."""
    config.scratch_study(_of_cells(overrides), multirun=False)


def _of_cells(overrides: Sequence[str]) -> list[str]:
    """Without those of Hydra's own settings: a launcher, a sweeper."""
    return [word for word in overrides if not word.lstrip("+~").startswith(("hydra.", "hydra/"))]


def make(study: Study) -> Plan:
    """Every row of the study against what the store holds. Raises UserError naming what is wrong with a cell."""
    cells = [(overrides, placed(cell)) for overrides, cell in study.cells]
    wanted = rows.of_study(cells)
    stores = {cell.store: Store(cell.store) for _, cell in cells}
    for root in stores:
        check_writable(Path(root))
    chains = {root: Chains(store.identity) for root, store in stores.items()}
    made = [chains[row.cell.store].of(row) for row in wanted]
    outcomes = [finished(chain, stores[row.cell.store]) for row, chain in zip(wanted, made, strict=True)]
    competing = ladder.of(zip(wanted, made, strict=True))
    causes = _standing(competing, wanted, outcomes).stopped() if competing else {}
    outcomes = [
        stopping.outcome(causes[row.name]) if row.name in causes else ended
        for row, ended in zip(wanted, outcomes, strict=True)
    ]
    return Plan(study, stores[wanted[0].cell.store], wanted, made, outcomes, competing)


def _standing(competing: Ladder, rows: Sequence[Row], outcomes: Sequence[dict[str, Any] | None]) -> Standing:
    """By what the store holds, whatever records say: a cell that failed is to be tried again."""
    records = {
        row.name: {"cell": row.name, "kind": row.kind, "store": row.cell.store, **asdict(row.cell.sample), **ended}
        for row, ended in zip(rows, outcomes, strict=True) if ended
    }  # fmt: skip
    return Standing(competing, lambda cell: records.get(cell, {}))


def placed(cell: Cell) -> Cell:
    """A cell with the device and threads that this machine gives it, as they are part of keys."""
    device = devices.resolve(cell.device, cell.train.processes)
    return replace(cell, device=device, threads=devices.threads(cell.threads))


def text(summary: dict[str, Any]) -> str:
    """The plan in a few lines."""
    s = summary
    if s["cells_done"] == s["cells"]:
        return f"{s['study']}: all {s['cells']} cells are done; nothing to do"
    stopped = f", {s['cells_stopped']} stopped early" if s["cells_stopped"] else ""
    if s["cells_done"] + s["cells_stopped"] == s["cells"]:
        return f"{s['study']}: of {s['cells']} cells, {s['cells_done']} are done{stopped}; nothing to do"
    lines = [
        f"{s['study']}: {s['cells']} cells, {s['cells_done']} done{stopped}; {s['jobs']} jobs to run",
        f"  {s['trainings']} trainings with {s['checkpoints']} checkpoints: {s['training_steps']} steps"
        f" ({s['training_steps_unshared']} if each checkpoint were trained alone)",
        *_said_of_stopping(s["early_stopping"]),
        *(
            [f"  {sum(s['packs'])} of the trainings in packs of {', '.join(map(str, s['packs']))}"]
            if s["packs"]
            else []
        ),
        *(f"  {count} of the trainings by themselves: {why}" for why, count in s["solo"].items()),
        f"  {s['images']} images; {s['reused']} finished folders of the store are reused",
        f"  time: {_span(Range(**s['seconds']), _duration)}",
        f"  disk: {_span(Range(**s['bytes']), _size)}",
    ]
    return "\n".join(lines)


def _said_of_stopping(early: dict[str, Any] | None) -> list[str]:
    if early is None:
        return []
    rule = f"ASHA, {early['metric']}, 1 in {early['reduction_factor']} goes on"
    few = "has too few settings for so many rungs: none is trained past"
    return [
        f"  early stopping ({rule}): these are the most; at the least {early['training_steps_least']} steps",
        *(f"  {group} {few} {steps} steps" for group, steps in early["never_past"].items()),
    ]


def _span(wanted: Range, say: Callable[[float], str]) -> str:
    if wanted.high == 0:
        return f"unknown: {wanted.source}" if wanted.source else "nothing to train or to draw"
    if wanted.low is None or wanted.high is None:
        return f"unknown: {wanted.source.split('; ')[0]}"  # --json says them all
    return f"{say(wanted.low)} to {say(wanted.high)} ({wanted.source})"


def _duration(seconds: float) -> str:
    return (
        f"{seconds / 3600:.1f} h"
        if seconds >= 5400
        else f"{seconds / 60:.0f} min"
        if seconds >= 90
        else f"{seconds:.0f} s"
    )


def _size(count: float) -> str:
    power = next((p for p in (4, 3, 2, 1) if count >= 1000**p), 0)
    return f"{count / 1000**power:.3g} {('B', 'kB', 'MB', 'GB', 'TB')[power]}"
