"""The bench as a page: reports/bench/<name>.md, and its comparisons as <name>.csv."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from sdbench import markdown
from sdbench.bench.measure import NOISE, Spread
from sdbench.bench.results import Found, Line
from sdbench.stats import Interval

HOW = (
    "Sides are processes of their own that take turns (A B B A); seconds are medians over blocks, with the least and "
    "the most. A ratio is the geometric mean over rounds, with a 95 % interval over rounds; "
    f"under {NOISE:.0%} it says nothing. *held* or *missed*: all of the interval is on that side of the bound. "
    "Processor ratio: the same of processor time, which other work on the machine disturbs less. Memory is the "
    "most that a side has held since before its first step. Speed counts only where losses are equal."
)


def frame(found: dict[str, Found]) -> pd.DataFrame:
    """A row for each comparison, every number as it is."""
    return pd.DataFrame([_row(name, line) for name, one in found.items() for line in one.lines])


def _row(name: str, line: Line) -> dict[str, Any]:
    spreads = {"ours": line.our_seconds, "reference": line.reference_seconds}
    ratios = {"ratio": line.ratio, "processor_ratio": line.cpu_ratio}
    return {
        "row": name, "what": line.what, "ours": line.ours, "reference": line.reference, "unit": line.unit,
        **{f"{side}_seconds{end}": getattr(one, key) for side, one in spreads.items()
           for end, key in (("", "median"), ("_low", "low"), ("_high", "high"), ("_n", "n"))},
        **{f"{name}{end}": getattr(one, key) for name, one in ratios.items()
           for end, key in (("", "value"), ("_low", "low"), ("_high", "high"))},
        "must": str(line.must or ""), "verdict": line.verdict,
        "ours_peak_bytes": line.our_peak_bytes, "reference_peak_bytes": line.reference_peak_bytes,
    }  # fmt: skip


def page(title: str, machine: dict[str, Any], found: dict[str, Found]) -> str:
    """All that was found, failures first: what is not equal has no ratio here."""
    parts = [f"# {title}", HOW, "## Machine", markdown.table(pd.DataFrame(_facts(machine))), "## Equal losses"]
    parts += [markdown.table(pd.DataFrame(_equalities(found))) if _equalities(found) else "Nothing was compared."]
    parts += ["## Speed"]
    lines = [_shown(line) for one in found.values() for line in one.lines]
    parts += [markdown.table(pd.DataFrame(lines)) if lines else "Nothing was timed."]
    if once := _once(found):
        parts += ["## Before the first step, in seconds", markdown.table(pd.DataFrame(once).astype(object))]
    if notes := [note for one in found.values() for note in one.notes]:
        parts += ["## Notes", "\n".join(f"- {note}" for note in notes)]
    return "\n\n".join(parts) + "\n"


def write(name: str, text: str, lines: pd.DataFrame, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines.to_csv(folder / f"{name}.csv", index=False)
    path = folder / f"{name}.md"
    path.write_text(text)
    return path


def _facts(machine: dict[str, Any]) -> list[dict[str, str]]:
    return [{"": key, " ": f"{v:.3g}" if isinstance(v, float) else str(v)} for key, v in machine.items()]


def _equalities(found: dict[str, Found]) -> list[dict[str, str]]:
    return [
        {"losses of": name, "steps": str(one.steps), "largest relative difference": f"{one.difference:.2g}",
         "allowed: single from double precision of the reference (twice, for packs)": f"{one.allowed:.2g}",
         "equal": "yes" if one.passed else "**no**"}
        for row in found.values() for name, one in row.equality.items()
    ]  # fmt: skip


def _shown(line: Line) -> dict[str, str]:
    return {
        "what": line.what, "sdbench": f"{line.ours}: {_seconds(line.our_seconds)}",
        "reference": f"{line.reference}: {_seconds(line.reference_seconds)}", "per": line.unit,
        "ratio": _ratio(line.ratio), "processor ratio": _ratio(line.cpu_ratio), "must": str(line.must or ""),
        "verdict": line.verdict,
        "peak memory, MB": ", ".join(map(_mb, (line.our_peak_bytes, line.reference_peak_bytes))),
    }  # fmt: skip


def _mb(size: float) -> str:
    return "–" if math.isnan(size) else f"{size / 1e6:.0f}"


def _seconds(one: Spread) -> str:
    return f"{one.median:.4g} s [{one.low:.4g}, {one.high:.4g}] n={one.n}"


def _ratio(one: Interval) -> str:
    if one.value is None:
        return markdown.NONE
    return f"{one.value:.2f}" + (f" [{one.low:.2f}, {one.high:.2f}]" if one.low is not None else "")


def _once(found: dict[str, Found]) -> list[dict[str, Any]]:
    rows = []
    for one in (once for row in found.values() for once in row.once):
        steps = markdown.NONE if one.break_even_steps is None else f"{one.break_even_steps:.0f}"
        parts = {name: f"{seconds:.2f}" for name, seconds in one.seconds.items()}
        total = f"{sum(one.seconds.values()):.2f}"
        rows.append({"what": one.what, "side": one.side, **parts, "all": total,
                     "break-even steps": steps if one.against else ""})  # fmt: skip
    return rows
