"""The score stage: a folder of samples in, a value or a reason for each of them out.

Scoring in a run and scoring later are this same call.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, overload

import pandas as pd

from sdbench import pictures
from sdbench.metrics.base import Judged
from sdbench.records import Card, Sample, Score
from sdbench.subjects import Subject

NO_PROMPT = "its prompt is not known; say it in metadata.jsonl, as file_name, prompt and seed"
_METRICS: dict[Any, Any] = {}


@dataclass(frozen=True)
class Drawn:
    """A samples folder to judge. base: the untuned base's, of the same prompts and seeds. asked: the prompt set.

    decoded: its pictures, each decoded once whatever the number of metrics.
    """

    folder: Path
    base: Path | None = None
    asked: str = ""
    decoded: pictures.Decoded = field(default_factory=pictures.Decoded, compare=False)


class Images(Sequence[Judged]):
    """The images of samples folders, read from disk as they are asked for."""

    def __init__(self, rows: list[tuple[Drawn, Sample]]) -> None:
        self.rows = rows

    @staticmethod
    def of(drawn: Sequence[Drawn]) -> Images:
        return Images([(one, sample) for one in drawn for sample in _samples(one.folder)])

    def split(self, seeds: Sequence[int]) -> list[Images]:
        """Those of `seeds` and the others."""
        parts = ([row for row in self.rows if (row[1].seed in seeds) == inside] for inside in (True, False))
        return [Images(rows) for rows in parts if rows]

    def damaged(self) -> dict[int, str]:
        """Rows whose image, or what it is compared with, cannot be read, and why."""
        files = [[one.folder, *([one.base] if one.base else [])] for one, _ in self.rows]
        found = [[d.decoded.why_not(f / s.file) for f in fs] for fs, (d, s) in zip(files, self.rows, strict=True)]
        return {i: f"image cannot be read: {why}" for i, reasons in enumerate(found) for why in reasons if why}

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Judged: ...
    @overload
    def __getitem__(self, index: slice) -> list[Judged]: ...
    def __getitem__(self, index: int | slice) -> Judged | list[Judged]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        drawn, sample = self.rows[index]
        base = drawn.decoded.opened(drawn.base / sample.file) if drawn.base else None
        return Judged(sample, drawn.decoded.opened(drawn.folder / sample.file), drawn.asked, base)


def _samples(folder: Path) -> list[Sample]:
    rows = pd.read_parquet(folder / "samples.parquet").to_dict("records")
    return [Sample(**{str(key): value for key, value in row.items()}) for row in rows]


def metric(kind: str, settings: Any, subject: Subject) -> Any:
    """The judge; what it has loaded stays for the next cell of this process that asks for the same."""
    key = (kind, repr(settings), subject.identity, subject.detector)
    if key not in _METRICS:
        _METRICS[key] = importlib.import_module(f"sdbench.metrics.{kind}").create(settings, subject)
    return _METRICS[key]


def score(
    kind: str, settings: Any, subject: Subject, drawn: Sequence[Drawn], validation_seeds: Sequence[int], folder: Path
) -> None:
    """What metric `kind` says of the images of finished generate stages: `scores.parquet` and `cards.json`.

    settings: of the metric's own `Settings`. validation_seeds: what a metric that compares images with each other
    judges apart from the rest. Raises UserError where a judge's weights are missing.
    """
    judge, images = metric(kind, settings, subject), Images.of(drawn)
    damaged = images.damaged()
    sound = Images([row for index, row in enumerate(images.rows) if index not in damaged])
    parts = sound.split(validation_seeds) if judge.grouped else [sound]
    scores = [score for part in parts for score in judge.score(part)]
    unprompted = {sample.sample_id for _, sample in sound.rows if not sample.prompt}
    scores = [_no_prompt(s) if s.sample_id in unprompted and s.metric in judge.of_prompts else s for s in scores]
    for (one, sample), why in ((images.rows[index], why) for index, why in damaged.items()):
        scores += [Score(sample.sample_id, c.name, None, why) for c in judge.cards if c.prompts == one.asked]
    check_whole([(one.asked, sample) for one, sample in images.rows], judge.cards, scores)
    write(folder, judge.cards, scores)


def _no_prompt(score: Score) -> Score:
    return Score(score.sample_id, score.metric, None, NO_PROMPT)


def unscored(kind: str, settings: Any, subject: Subject, drawn: Sequence[Drawn], why: str, folder: Path) -> None:
    """As `score`, where the judge has no weights on this machine: a reason for every image."""
    cards = metric(kind, settings, subject).cards
    images = [(one.asked, sample) for one, sample in Images.of(drawn).rows]
    write(folder, cards, [
        Score(sample.sample_id, card.name, None, why)
        for asked, sample in images for card in cards if card.prompts == asked
    ])  # fmt: skip


def check_whole(samples: Sequence[tuple[str, Sample]], cards: Sequence[Card], scores: Sequence[Score]) -> None:
    """Raises ValueError unless each sample has one score of each card of its prompts: a reason, or a value in range."""
    wanted = sorted((s.sample_id, card.name) for asked, s in samples for card in cards if card.prompts == asked)
    if sorted((s.sample_id, s.metric) for s in scores) != wanted:
        raise ValueError(f"{[c.name for c in cards]} did not give every one of {len(samples)} samples one score each")
    ranges = {card.name: (card.low, card.high) for card in cards}
    for s in scores:
        low, high = ranges[s.metric]
        if s.value is not None and not (math.isfinite(s.value) and low <= s.value <= high):
            raise ValueError(f"{s.metric} of {s.sample_id} is {s.value}, outside of its card's {low} to {high}")


def write(folder: Path, cards: Sequence[Card], scores: Sequence[Score]) -> None:
    columns = [field.name for field in dataclasses.fields(Score)]
    table = pd.DataFrame([asdict(s) for s in scores], columns=columns).astype({"value": float, "reason": "string"})
    table.to_parquet(folder / "scores.parquet", index=False)
    (folder / "cards.json").write_text(json.dumps([asdict(card) for card in cards], indent=1))
