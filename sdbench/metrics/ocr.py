"""Whether the lettering can be read, and is spelled right: the thesis's mean_ocr_score, reader by reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sdbench.metrics.base import Judged, Metric, unscored
from sdbench.metrics.base.spelling import Reading, best_window, plain
from sdbench.metrics.base.spelling import Settings as Settings
from sdbench.needs import Need
from sdbench.records import Card, Score
from sdbench.subjects import Subject

VERSION = 1


class Ocr(Metric):
    """Exact spelling and edit similarity by the default reader, exact spelling by each of the others."""

    def __init__(self, settings: Settings, lettering: str | None) -> None:
        self.settings, self.lettering, self.reading = settings, lettering, Reading(settings)
        self._others = [name for name in settings.readers if name != settings.default]
        large = settings.preprocessing

        def card(name: str, title: str, unit: str, reader: str, source: str) -> Card:
            mean = "mean; an image in which nothing is read counts as 0"
            return Card(name, title, unit, "higher", 0.0, 1.0, reader, large, mean, VERSION, source, name == "ocr",
                        judges="spelling")  # fmt: skip

        thesis = "the thesis's mean_ocr_score: one line equals the lettering"
        self.cards = (
            card("ocr", "Spelling", "exact", settings.default, thesis),
            card("ocr_edit", "Spelling, best window", "edit similarity", settings.default, "Levenshtein 1966"),
            *(card(f"ocr_{name}", f"Spelling ({name})", "exact", name, thesis) for name in self._others),
        )

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return self.reading.judge(identity)

    def needs(self) -> list[Need]:
        return self.reading.needs()

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        if not self.lettering:
            return unscored(judged, self.cards, "subject has no lettering")
        said = self.reading.said(item.image for item in judged)
        return [score for item, s in zip(judged, said, strict=True) for score in self._spelled(item, s, self.lettering)]

    def _spelled(self, item: Judged, said: dict[str, list[str] | str], lettering: str) -> list[Score]:
        evidence = {n: {"lines": s, "no_text": not s} for n, s in said.items() if isinstance(s, list)}
        wanted, scores = plain(lettering, self.settings.case), []
        for card in self.cards:
            lines = said[card.backbone]
            if isinstance(lines, str):
                scores.append(Score(item.sample.sample_id, card.name, None, lines))
                continue
            read = [plain(line, self.settings.case) for line in lines]
            value = best_window(wanted, read) if card.name == "ocr_edit" else float(wanted in read)
            kept = evidence if card.name == "ocr" else {card.backbone: evidence[card.backbone]}
            scores.append(Score(item.sample.sample_id, card.name, value, evidence=json.dumps(kept, ensure_ascii=False)))
        return scores


def create(settings: Settings, subject: Subject) -> Ocr:
    return Ocr(settings, subject.lettering)
