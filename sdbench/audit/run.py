"""Every metric of a study audited: `runs/<study>/audit.json` for tables, `reports/<study>/audit.md` to read."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sdbench import markdown, results, subjects
from sdbench.audit import judgement, kept
from sdbench.audit.judgement import Check, Verdict
from sdbench.config import Study
from sdbench.errors import UserError
from sdbench.records import Card
from sdbench.store import Store
from sdbench.subjects import Subject

STATUSES = ("passed", "failed", "not audited")
PAGE = """# Audit of the metrics of {name}

Whether each metric measures what it says, asked before any leaderboard is read: images that must not score, images
degraded in steps, renders whose truth is known, and another backbone. Nothing is tuned to pass; what fails is marked
in every table that it appears in. What each check and its threshold means: `sdbench/audit/judgement.py` and
`families.py`.

{verdicts}

{details}
"""


@dataclass
class Audited:
    """One metric's checks, over all the study's subjects. seconds, speed: not written into what must be the same."""

    card: Card
    checks: list[Check] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        return judgement.verdict(self.checks)


@dataclass(frozen=True)
class Audit:
    """metrics: by name. speeds: kind of metric -> images per second; None where it could not be judged."""

    study: str
    metrics: dict[str, Audited]
    speeds: dict[str, float | None]
    seconds: float


def audit(study: Study, runs: Path) -> Audit:
    """Ask every distinct (kind, settings, subject) of the study's cells. runs: where the study's images may be."""
    began, found, speeds = time.perf_counter(), dict[str, Audited](), dict[str, float | None]()
    several = len({cell.subject.name for _, cell in study.cells}) > 1
    for kind, settings, subject, store in _judges(study):
        asked = kept.asked(kind, settings, subject, store)
        prefix = f"{subject.name}: " if several else ""
        for card, checks in asked.cards:
            named = [replace(check, name=prefix + check.name) for check in checks]
            found.setdefault(card.name, Audited(card)).checks.extend(named)
        speeds[kind] = asked.speed
    if (made := _made(study.name, runs)) is not None:
        of_images(made, found)
    return Audit(study.name, found, speeds, time.perf_counter() - began)


def _judges(study: Study) -> Iterator[tuple[str, Any, Subject, Store]]:
    seen = set()
    for _, cell in study.cells:
        for kind, settings in cell.metrics.items():
            key = (kind, repr(settings), repr(cell.subject))
            if key not in seen:
                seen.add(key)
                yield kind, settings, subjects.load(cell.subject, cell.model.resolution_px), Store(cell.store)


def _made(name: str, runs: Path) -> results.Results | None:
    """The study's images and scores; an audit can come before there are any."""
    try:
        return results.load(name, runs)
    except UserError:
        return None


def of_images(made: results.Results, found: dict[str, Audited]) -> None:
    """Figures from the study's own images: a logo's false positives on the untuned base, and ranks of methods."""
    kinds = made.images["row"].map(made.cells.drop_duplicates("row").set_index("row")["kind"])
    means = made.values[kinds == "trained"].groupby(made.images["row"]).mean()
    judged = {name: one for name, one in found.items() if name in made.values}
    for name, one in judged.items():
        if one.card.judges == "presence":
            of_base = made.values.loc[kinds == "base", name].dropna()
            said = "images of the untuned base: mean"
            one.checks.append(judgement.figure(said, "score", float(of_base.mean()), len(of_base)))
        if one.card.judges == "identity":
            for other, its in judged.items():
                if other > name and its.card.judges == "identity" and its.card.backbone != one.card.backbone:
                    mine, theirs = means[name].to_numpy(), means[other].to_numpy()
                    one.checks.append(judgement.agrees(f"ranks of cells, as {other}", mine, theirs))


def write(audit: Audit, runs: Path, reports: Path) -> Path:
    """Both files; the page's path. The same audit gives the same bytes. What could not be asked has not passed."""
    content = {
        name: {"passed": one.verdict.passed, "why": _why(one.verdict), "status": one.verdict.status,
               "checks": [_plain(check) for check in one.checks]}
        for name, one in audit.metrics.items() if one.checks
    }  # fmt: skip
    for folder in (runs / audit.study, reports / audit.study):
        folder.mkdir(parents=True, exist_ok=True)
    (runs / audit.study / "audit.json").write_text(json.dumps(content, indent=1, allow_nan=False) + "\n")
    path = reports / audit.study / "audit.md"
    path.write_text(page(audit))
    return path


def _why(verdict: Verdict) -> str:
    return verdict.why if verdict.status != "not audited" else f"not audited: {verdict.why}"


def _plain(check: Check) -> dict[str, Any]:
    finite = check.value is not None and math.isfinite(check.value)
    return {**asdict(check), "value": check.value if finite else None}


def page(audit: Audit) -> str:
    rows = [
        {"metric": name, "judges": one.card.judges or "nothing with a truth", "backbone": one.card.backbone,
         "verdict": one.verdict.status, "why": one.verdict.why}
        for name, one in audit.metrics.items()
    ]  # fmt: skip
    details = [f"## {name}\n\n{_table(one.checks)}" for name, one in audit.metrics.items() if one.checks]
    return PAGE.format(name=audit.study, verdicts=markdown.table(pd.DataFrame(rows)), details="\n\n".join(details))


def _table(checks: list[Check]) -> str:
    words = {True: "passed", False: "**failed**", None: ""}
    rows = [
        {"check": c.name, "statistic": c.statistic, "value": _value(c), "n": c.n, "wanted": c.wanted,
         "outcome": words[c.passed] or c.note or "a figure, decides nothing"}
        for c in checks
    ]  # fmt: skip
    return markdown.table(pd.DataFrame(rows))


def _value(check: Check) -> str | None:
    if check.value is None:
        return None
    interval = "" if check.low is None else f" [{check.low:.3f}, {check.high:.3f}]"
    return f"{check.value:.3f}{interval}" if np.isfinite(check.value) else "a score came or went"


def text(audit: Audit) -> str:
    """For a terminal: who passed, who failed, who could not be asked, and how fast each kind was.

    Seconds are no part of the page, which is the same for the same inputs.
    """
    by = {status: [n for n, one in audit.metrics.items() if one.verdict.status == status] for status in STATUSES}
    lines = [f"{status} {len(names)}: {', '.join(names)}" for status, names in by.items() if names]
    speeds = ", ".join(f"{kind} {speed:.3g}" for kind, speed in audit.speeds.items() if speed is not None)
    return "\n".join([f"audit of {audit.study}, {audit.seconds:.0f} s", *lines, f"images/s: {speeds}"])
