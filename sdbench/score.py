"""The score stage: a folder of samples in, a value or a reason for each of them out.

Scoring in a run and scoring later are this same call.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, overload

import pandas as pd
from PIL import Image

from sdbench.metrics.base import Judged
from sdbench.records import Card, Sample, Score
from sdbench.subjects import Subject

_METRICS: dict[Any, Any] = {}


class Samples(Sequence[Judged]):
    """The images of a samples folder, read from disk as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        rows = pd.read_parquet(folder / "samples.parquet").to_dict("records")
        self.samples = [Sample(**{str(key): value for key, value in row.items()}) for row in rows]

    def __len__(self) -> int:
        return len(self.samples)

    @overload
    def __getitem__(self, index: int) -> Judged: ...
    @overload
    def __getitem__(self, index: slice) -> list[Judged]: ...
    def __getitem__(self, index: int | slice) -> Judged | list[Judged]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        sample = self.samples[index]
        with Image.open(self.folder / sample.file) as image:
            return Judged(sample, image.convert("RGB"))


def metric(kind: str, settings: Any, subject: Subject) -> Any:
    """The judge; what it has loaded stays for the next cell of this process that asks for the same."""
    key = (kind, repr(settings), subject.identity, subject.detector)
    if key not in _METRICS:
        _METRICS[key] = importlib.import_module(f"sdbench.metrics.{kind}").create(settings, subject)
    return _METRICS[key]


def score(kind: str, settings: Any, subject: Subject, samples: Path, folder: Path) -> None:
    """What metric `kind` says of the images of a finished generate stage: `scores.parquet` and `cards.json`.

    settings: of the metric's own `Settings`. Raises UserError where a judge's weights are missing.
    """
    judge, judged = metric(kind, settings, subject), Samples(samples)
    scores = judge.score(judged)
    check_whole(judged.samples, judge.cards, scores)
    write(folder, judge.cards, scores)


def check_whole(samples: Sequence[Sample], cards: Sequence[Card], scores: Sequence[Score]) -> None:
    """Raises ValueError unless every sample has one score of every card, a reason or a value in the card's range."""
    wanted = sorted((sample.sample_id, card.name) for sample in samples for card in cards)
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
