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
from sdbench.store import Store
from sdbench.subjects import Subject

VERSION = 1


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


def check(store: Store, subject: Subject, kind: str, settings: Any) -> None:
    """Raises UserError where a metric could not judge this subject for want of weights."""
    importlib.import_module(f"sdbench.metrics.{kind}").create(settings, subject).judge(store.identity)


def score(store: Store, samples: Path, subject: Subject, kind: str, settings: Any) -> Path:
    """The folder with the scores that metric `kind` gives to the images of a finished generate stage.

    samples: that stage's folder, its name its key. settings: of the metric's own `Settings`. Writes `scores.parquet`
    (columns of `Score`) and `cards.json`. Raises UserError where a judge's weights are missing.
    """
    module = importlib.import_module(f"sdbench.metrics.{kind}")
    metric = module.create(settings, subject)
    key = {
        "kind": kind,
        "settings": asdict(settings),
        "metric_version": module.VERSION,
        "judge": metric.judge(store.identity),
        "subject": subject.identity,
        "generate": samples.name,
    }

    def build(folder: Path) -> None:
        judged = Samples(samples)
        scores = metric.score(judged)
        check_whole(judged.samples, metric.cards, scores)
        write(folder, metric.cards, scores)

    return store.make("score", VERSION, key, build)


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
