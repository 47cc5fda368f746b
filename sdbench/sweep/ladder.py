"""Which cells of a study with `sweep.early_stopping` may be trained by now, and why others are not. Never torch.

The rungs are the values of `train.steps`, which all settings of a method share; a candidate is one of these settings,
with all of its training seeds. It goes on from a rung where sdbench.halving says so, by the mean of the metric on
validation seeds, as a best cell is chosen; where it was drawn in several ways, the best of them counts. All is decided
from records, so that every worker, and a command that is repeated, may ask at any time.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

from sdbench import halving, results
from sdbench.errors import UserError, nearest
from sdbench.halving import EarlyStoppingSettings
from sdbench.records import DONE, Card
from sdbench.rows import Row
from sdbench.stages import Chain, Stage

Record = Mapping[str, Any]  # a cell.json; empty where there is none


@dataclass(frozen=True)
class Place:
    """A cell's. group: its subject, model and method, within which candidates compete. training: of one seed.

    row: its leaderboard row.
    """

    group: str
    candidate: str
    training: str
    row: str
    steps: int


@dataclass(frozen=True)
class Ladder:
    """places: by the cell's name, in the study's order, which settles ties."""

    settings: EarlyStoppingSettings
    higher_is_better: bool
    places: dict[str, Place]

    @staticmethod
    def read(content: Mapping[str, Any]) -> Ladder:
        """From `dataclasses.asdict` of one."""
        places = {cell: Place(**place) for cell, place in content["places"].items()}
        return Ladder(EarlyStoppingSettings(**content["settings"]), content["higher_is_better"], places)

    def of_group(self, cells: Iterable[str]) -> Ladder | None:
        """What these cells' candidates compete in; None of cells that are on no ladder."""
        groups = {self.places[cell].group for cell in cells if cell in self.places}
        mine = {cell: place for cell, place in self.places.items() if place.group in groups}
        return replace(self, places=mine) if mine else None

    def never_past(self) -> dict[str, int]:
        """Groups with too few candidates for so many rungs -> steps past which none of them is trained."""
        found = {}
        for group, (rungs, candidates) in self.groups().items():
            counts = halving.least(len(candidates), len(rungs), self.settings.reduction_factor)
            if 0 in counts:
                found[group] = rungs[counts.index(0) - 1]
        return found

    def groups(self) -> dict[str, tuple[list[int], dict[str, list[str]]]]:
        """Group -> its rungs in steps, and its candidates with their cells."""
        found: dict[str, tuple[list[int], dict[str, list[str]]]] = {}
        for cell, place in self.places.items():
            rungs, candidates = found.setdefault(place.group, ([], {}))
            candidates.setdefault(place.candidate, []).append(cell)
            rungs[:] = sorted({*rungs, place.steps})
        return found


def of(pairs: Iterable[tuple[Row, Chain]]) -> Ladder | None:
    """The study's; None where early stopping is not wanted. UserError where it cannot be."""
    trained = [(row, chain) for row, chain in pairs if row.kind == "trained"]
    wanted = {row.cell.sweep.early_stopping for row, _ in trained}
    if wanted <= {None}:
        return None
    settings = _checked(wanted)
    if any(row.cell.train.schedule != "constant" for row, _ in trained):
        remedy = "so fewer steps tell nothing of more; set train.schedule=constant"
        raise UserError(f"sweep.early_stopping cannot judge a training whose learning rate looks ahead, {remedy}")
    if any(row.cell.sweep.pack for row, _ in trained):
        raise UserError("sweep.early_stopping ends trainings one by one, which a pack cannot; set sweep.pack=null")
    judged_alike = {tuple(row.cell.metrics): (row, chain) for row, chain in trained}
    cards = [_card(settings.metric, row, chain) for row, chain in judged_alike.values()]
    ladder = Ladder(settings, cards[0].direction == "higher", {row.name: _place(row, chain) for row, chain in trained})
    _check_rungs(ladder)
    return ladder


def _checked(wanted: set[EarlyStoppingSettings | None]) -> EarlyStoppingSettings:
    settings = next(iter(wanted))
    if settings is None or len(wanted) > 1:
        raise UserError("sweep.early_stopping differs between cells of the study; set it once, for all of them")
    if settings.reduction_factor < 2:
        key = "sweep.early_stopping.reduction_factor"
        raise UserError(f"{key} is {settings.reduction_factor}; give 2, to train one in two settings further, or more")
    return settings


def _place(row: Row, chain: Chain) -> Place:
    assert chain.trajectory is not None
    said = chain.trajectory.settings
    candidate = {**said, "train": {key: value for key, value in said["train"].items() if key != "seed"}}
    group = ", ".join([row.cell.subject.name, row.cell.model.name, row.cell.method.name])
    return Place(group, Stage("trajectory", candidate).key, chain.trajectory.key, row.parameters, row.cell.train.steps)


def _card(metric: str, row: Row, chain: Chain) -> Card:
    cards: dict[str, Card] = {}
    for kind, settings in row.cell.metrics.items():
        made = importlib.import_module(f"sdbench.metrics.{kind}").create(settings, chain.subject)
        cards |= {card.name: card for card in made.cards}
    if {"ocr", "yolo"} <= set(cards):
        cards[results.AVERAGE] = results.AVERAGE_CARD
    key = f"sweep.early_stopping.metric is {metric!r}, which"
    if metric not in cards:
        raise UserError(f"{key} no metric of {row.name} gives{nearest(metric, list(cards))}")
    if cards[metric].direction not in ("higher", "lower"):
        raise UserError(f"{key} says not which way is better; name one that does")
    return cards[metric]


def _check_rungs(ladder: Ladder) -> None:
    groups = ladder.groups()
    if all(len(rungs) < 2 for rungs, _ in groups.values()):
        grid = "a grid of train.steps, e.g. train.steps=100,200,400"
        raise UserError(f"sweep.early_stopping has no checkpoints to judge by; give {grid}, or set it to null")
    for group, (rungs, candidates) in groups.items():
        for cells in candidates.values():
            if {ladder.places[cell].steps for cell in cells} != set(rungs):
                raise UserError(
                    f"sweep.early_stopping compares settings at the same steps, and {cells[0]} has not all of the "
                    f"train.steps of {group}: {', '.join(map(str, rungs))}; give all settings of a method the same"
                )


class Standing:
    """The ladder at one moment. recorded: what a cell's cell.json says."""

    def __init__(self, ladder: Ladder, recorded: Callable[[str], Record]) -> None:
        self.ladder, self.groups = ladder, ladder.groups()
        self.records = {cell: recorded(cell) for cell in ladder.places}
        self._scores: dict[tuple[str, int], dict[str, float | None]] = {}

    def may_run(self, cell: str) -> bool:
        """Whether it is on the lowest rung, or its candidate goes on to its rung; one that once went on stays there."""
        place = self.ladder.places[cell]
        rungs, candidates = self.groups[place.group]
        at = rungs.index(place.steps)
        begun = (other for other in candidates[place.candidate] if self.ladder.places[other].steps >= place.steps)
        return at == 0 or any(map(self._ended, begun)) or place.candidate in self._best(place.group, rungs[at - 1])

    def is_open(self, cell: str) -> bool:
        """Whether it is to be run now: nobody has, and it may."""
        return cell in self.ladder.places and not self.records[cell] and self.may_run(cell)

    def turns(self) -> list[str]:
        """Cells that are to be run by now, the next one first: of the highest rung, and there of the best candidate.

        Algorithm 2's get_job. It is a function of the records alone, so one worker that is killed goes on as it would.
        """
        found = []
        for cell, place in self.ladder.places.items():
            if self.is_open(cell):
                at = self.groups[place.group][0].index(place.steps)
                best = self._best(place.group, self.groups[place.group][0][at - 1]) if at else []
                found.append((-at, best.index(place.candidate) if place.candidate in best else len(best), cell))
        return [cell for *_, cell in sorted(found, key=lambda one: one[:2])]

    def stopped(self) -> dict[str, str]:
        """Cells that end without having been run, and why; none of a group in which a cell may still be run."""
        open_groups = {place.group for cell, place in self.ladder.places.items() if self.is_open(cell)}
        whys = {cell: self._why(cell, place) for cell, place in self.ladder.places.items()
                if place.group not in open_groups and not self.records[cell]}  # fmt: skip
        return {cell: why for cell, why in whys.items() if why}

    def reached(self, group: str, steps: int) -> dict[str, float | None]:
        """Candidates of which every cell at these steps has ended, in the study's order, with their scores."""
        if (group, steps) not in self._scores:
            found = {}
            for candidate, cells in self.groups[group][1].items():
                here = [cell for cell in cells if self.ladder.places[cell].steps == steps]
                if all(map(self._ended, here)):
                    found[candidate] = self._score(here)
            self._scores[group, steps] = found
        return self._scores[group, steps]

    def least_steps(self) -> int:
        """Steps that are still to be trained at the least, if no training diverges or fails."""
        total, factor = 0, self.ladder.settings.reduction_factor
        for group, (rungs, candidates) in self.groups.items():
            mine = {cell: place for cell, place in self.ladder.places.items() if place.group == group}
            seeds = len({place.training for place in mine.values()}) // len(candidates)
            lowest = [0, *rungs]
            for i, count in enumerate(halving.least(len(candidates), len(rungs), factor)):
                there = {p.training for cell, p in mine.items() if p.steps == rungs[i] and self._ended(cell)}
                total += max(0, count * seeds - len(there)) * (rungs[i] - lowest[i])
        return total

    def _best(self, group: str, steps: int) -> list[str]:
        scores, ladder = self.reached(group, steps), self.ladder
        return halving.best(scores, ladder.settings.reduction_factor, ladder.higher_is_better)

    def _ended(self, cell: str) -> bool:
        return bool(self.records[cell]) and self.records[cell]["status"] in DONE

    def _score(self, cells: list[str]) -> float | None:
        """Of the best leaderboard row; a row of which a replicate diverged has none."""
        rows: dict[str, list[Record]] = {}
        for cell in cells:
            rows.setdefault(self.ladder.places[cell].row, []).append(self.records[cell])
        whole = [mine for mine in rows.values() if all(record["status"] == "done" for record in mine)]
        metric = self.ladder.settings.metric
        scores = [results.validation_mean([dict(record) for record in mine], metric) for mine in whole]
        known = [score for score in scores if score is not None]
        return (max if self.ladder.higher_is_better else min)(known, default=None)

    def _why(self, cell: str, place: Place) -> str | None:
        """None of a candidate that waits for a cell of its own that failed, which the next run tries again."""
        rungs, candidates = self.groups[place.group]
        below = [s for s in rungs if s < place.steps and place.candidate in self.reached(place.group, s)]
        if not below:
            return None
        after = rungs[rungs.index(below[-1]) + 1]
        if any(self.may_run(c) for c in candidates[place.candidate] if self.ladder.places[c].steps == after):
            return None
        return self._sentence(place, below[-1])

    def _sentence(self, place: Place, steps: int) -> str:
        scores, best = self.reached(place.group, steps), self._best(place.group, steps)
        score, metric, factor = scores[place.candidate], *astuple(self.ladder.settings)
        cells = [c for c in self.groups[place.group][1][place.candidate] if self.ladder.places[c].steps == steps]
        if any(self.records[cell]["status"] == "diverged" for cell in cells):
            return f"its training had diverged by {steps} steps"
        had = f"at {steps} steps " + (f"it had no {metric}" if score is None else f"its {metric} was {score:.4g}")
        if not best:
            return f"{had}, and of {len(scores)} settings none goes on: 1 in {factor} does"
        equal = ", the first of equals" if scores[best[-1]] == score else ""
        return f"{had}, and the best {len(best)} of {len(scores)} had {scores[best[-1]]:.4g} or better{equal}"
