"""Pros and cons of each method, every one of them with the number that made it one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sdbench.results import Results
from sdbench.studies.base import StudyTable, best_cells, reference, size, verdicts, why

COPIES = "memorization"  # the metric
NO_WAY = "held-out pictures score no higher than the untuned base, so this metric has no way to measure along"


@dataclass(frozen=True)
class Entry:
    """One method judged by one rule. verdict: None where the number is missing, which `reason` says. words: as shown.

    value: memorization, a score, bytes or a spread; low, high: its interval, where the rule is about one.
    """

    aspect: str
    verdict: verdicts.Verdict | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""
    reason: str | None = None


@dataclass(frozen=True)
class Beside:
    """A method's best cell and what it is compared with. every: bytes of all methods' best cells."""

    results: Results
    cell: dict[Any, Any]
    base: dict[Any, Any] | None
    real: dict[Any, Any] | None
    every: list[float]

    def missing(self, metric: str, *rows: dict[Any, Any] | None) -> str | None:
        """Why the metric cannot be compared between these rows."""
        for row in rows:
            if row is None:
                return "the row to compare it with has not run"
            if pd.isna(row.get(metric)):
                return why(self.results, metric, [row["row"]])
        return None

    def way(self) -> tuple[float, float] | str:
        """Floor and ceiling of the study's select metric, or why there is no way between them."""
        metric = self.results.select
        gap = self.missing(metric, self.cell, self.base, self.real)
        if gap is not None or self.base is None or self.real is None:
            return gap or ""
        if self.results.cards[metric].direction != "higher":
            return f"{metric} is not a score of which more is better"
        floor, ceiling = self.base[metric], self.real[metric]
        return (floor, ceiling) if floor < ceiling else NO_WAY


def make(results: Results, summary: pd.DataFrame, _runs: Path) -> StudyTable:
    """A row per method and rule in the CSV; as shown, a row per method with its pros and its cons."""
    cells = list(best_cells(results, summary))
    every = [float(cell["weight_bytes"]) for cell, lost in cells if lost is None and pd.notna(cell["weight_bytes"])]
    rows, shown = [], []
    for cell, lost in cells:
        label = cell["label"]
        beside = Beside(results, cell, reference(summary, label, "base"), reference(summary, label, "real"), every)
        entries = [Entry(aspect, None, reason=lost) if lost else judge(beside) for aspect, judge in ASPECTS.items()]
        rows += [{"method": label, "parameters": cell["parameters"], **asdict(entry)} for entry in entries]
        shown.append({"method": label, "parameters": cell["parameters"], **_by_verdict(entries)})
    frame = pd.DataFrame(rows).drop(columns="words").assign(rule=[verdicts.RULES[row["aspect"]] for row in rows])
    return StudyTable("Pros and cons, each with its number", frame, pd.DataFrame(shown), _note(results))


def overfits(beside: Beside) -> Entry:
    gap = beside.missing(COPIES, beside.cell, beside.real)
    if gap is not None or beside.real is None:
        return Entry("overfits", None, reason=gap)
    value, low, high = _interval(beside.cell, COPIES)
    if pd.isna(low):
        return Entry("overfits", None, value, reason="too few images for an interval")
    held_out = beside.real[COPIES]
    words = f"memorization {value:.2f} [{low:.2f}, {high:.2f}], held-out pictures {held_out:.2f}"
    return Entry("overfits", verdicts.overfits(low, high, held_out), value, low, high, words)


def captures_detail(beside: Beside) -> Entry:
    way = beside.way()
    if isinstance(way, str):
        return Entry("captures detail", None, reason=way)
    value, low, high = _interval(beside.cell, beside.results.select)
    if pd.isna(low):
        return Entry("captures detail", None, value, reason="too few images for an interval")
    floor, ceiling = way
    share = (value - floor) / (ceiling - floor)
    words = f"{value:.3f} [{low:.3f}, {high:.3f}], {share:.0%} of the way from {floor:.3f} to {ceiling:.3f}"
    return Entry("captures detail", verdicts.captures_detail(low, high, *way), value, low, high, words)


def storage(beside: Beside) -> Entry:
    count = beside.cell["weight_bytes"]
    if pd.isna(count):
        return Entry("storage", None, reason="its training says no size")
    words = f"{size(count)}, {float(count) / max(beside.every):.2g} of the heaviest"
    return Entry("storage", verdicts.storage(float(count), beside.every), float(count), words=words)


def consistency(beside: Beside) -> Entry:
    way = beside.way()
    if isinstance(way, str):
        return Entry("consistency", None, reason=way)
    floor, ceiling = way
    if beside.cell[beside.results.select] <= floor:
        return Entry("consistency", None, reason="it does not rise above the untuned base")
    means = draws(beside.results, beside.cell["row"])
    if len(means) < 2:
        return Entry("consistency", None, reason="one draw has no spread")
    share = verdicts.spread(means, floor, ceiling)
    words = f"spread {share:.2f} over {len(means)} draws"
    return Entry("consistency", verdicts.consistency(share), share, words=words)


ASPECTS: dict[str, Callable[[Beside], Entry]] = {
    "overfits": overfits, "captures detail": captures_detail, "storage": storage, "consistency": consistency,
}  # fmt: skip


def draws(results: Results, row: int) -> list[float]:
    """Mean of the select metric over the prompts, for each training seed and test image seed."""
    images = results.images
    prompts = results.cards[results.select].prompts
    mine = images[(images["row"] == row) & images["test"].astype(bool) & (images["asked"] == prompts)]
    values = results.values.loc[mine.index, results.select]
    means: list[float] = values.groupby([mine["cell"], mine["seed"]]).mean().dropna().tolist()
    return means


def _interval(row: dict[Any, Any], metric: str) -> tuple[float, float, float]:
    return row[metric], row[f"{metric}_low"], row[f"{metric}_high"]


def _by_verdict(entries: list[Entry]) -> dict[str, str]:
    columns = {"pros": "pro", "cons": "con", "neither": "neither"}
    said = {c: "; ".join(f"{e.aspect}: {e.words}" for e in entries if e.verdict == v) for c, v in columns.items()}
    return said | {"not judged": "; ".join(f"{e.aspect}: {e.reason}" for e in entries if e.verdict is None)}


def _note(results: Results) -> str:
    rules = "\n".join(f"- {aspect}: {rule}." for aspect, rule in verdicts.RULES.items())
    return (
        f"Of each method's best cell; the score of its detail is `{results.select}`. An interval that holds the border "
        f"is neither. The rules:\n\n{rules}\n\nThe lines are drawn by convention; the numbers are measured on the test "
        "seeds."
    )
