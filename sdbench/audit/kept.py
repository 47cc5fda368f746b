"""What was asked of one metric on one subject, kept in the store: asked once, whatever the studies that share it."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sdbench.audit import asking
from sdbench.audit.judgement import Check
from sdbench.audit.panel import Panel
from sdbench.errors import UserError
from sdbench.records import Card
from sdbench.stages import VERSIONS, judge
from sdbench.store import Store
from sdbench.subjects import Subject

FILE = "checks.json"


@dataclass(frozen=True)
class Asked:
    """cards: each with its checks. speed: images per second; None where it could not be judged."""

    cards: list[tuple[Card, list[Check]]]
    speed: float | None


def asked(kind: str, settings: Any, subject: Subject, store: Store) -> Asked:
    """Of a metric whose weights are not here every card says so, and nothing is kept."""
    cards = [Card(kind, kind, "", "none", 0, 0, "", "", "", 0, "")]
    try:
        metric = importlib.import_module(f"sdbench.metrics.{kind}").create(settings, subject)
        cards = metric.cards
        by, _ = judge(kind, settings, subject, store.identity)
        of = {**by, "subject": subject.identity}
        folder = store.make("audit", VERSIONS["audit"], of, _ask(kind, settings, subject))
    except UserError as why:
        unasked = Check("weights", "", None, note=" ".join(str(why).split()))
        return Asked([(card, [unasked]) for card in cards], None)
    with store.reading(folder):
        kept = json.loads((folder / FILE).read_text())
    return Asked([(Card(**one["card"]), [Check(**c) for c in one["checks"]]) for one in kept["cards"]], kept["speed"])


def _ask(kind: str, settings: Any, subject: Subject) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        panel = Panel(kind, settings, subject)
        cards = [
            {"card": asdict(c), "checks": [asdict(k) for k in asking.checks(panel, c)]} for c in panel.metric.cards
        ]
        (folder / FILE).write_text(json.dumps({"cards": cards, "speed": panel.images_per_second()}, indent=1))

    return build
