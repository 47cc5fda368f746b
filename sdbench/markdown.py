"""Tables as a person reads them in Markdown: rounded, intervals beside the numbers, a dash for what is missing."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sdbench.records import Card
from sdbench.results import ROW, THESIS, Results

NONE = "–"


def escape(text: Any) -> str:
    """`text` as one Markdown table cell that shows it literally; `–` for a missing value."""
    if pd.isna(text):
        return NONE
    return html.escape(" ".join(str(text).split()), quote=False).replace("|", "\\|") or NONE


def table(frame: pd.DataFrame) -> str:
    """A table in Markdown, cells escaped."""
    lines = [list(frame.columns), ["---"] * len(frame.columns), *frame.itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(escape, line)) + " |" for line in lines)


def with_interval(row: Mapping[Any, Any], name: str) -> str | None:
    """`0.725 [0.681, 0.769]`, the interval where there is one, and how many were unscored where any was."""
    if pd.isna(row.get(name)):
        return None
    ends = [row[f"{name}_low"], row[f"{name}_high"]]
    interval = "" if pd.isna(ends).any() else " [{:.3f}, {:.3f}]".format(*ends)
    lost = row.get(f"{name}_n_unscored", 0)
    return f"{row[name]:.3f}{interval}" + (f", {lost} unscored" if lost else "")


def thesis(frame: pd.DataFrame) -> str:
    """sdbench.tables.thesis, the reasons only where there are any."""
    scores = list(THESIS.values())
    rows = [{**row, **{name: with_interval(row, name) for name in scores}} for row in frame.to_dict("records")]
    keys = [key for key in ROW if key in frame]
    reason = ["reason"] if frame["reason"].notna().any() else []
    return table(pd.DataFrame(rows, columns=[*keys, *scores, "n", *reason]))


def leaderboard(results: Results, frame: pd.DataFrame) -> str:
    """sdbench.tables.leaderboard: the metrics whose cards say headline, and the costs."""
    keys = _keys(frame)
    rows = []
    for row in frame.to_dict("records"):
        status = row["status"] if row["status"] == "done" else f"{row['status']}: {row['cause']}"
        scores = {_title(card): with_interval(row, card.name) for card in results.cards.values() if card.headline}
        costs = {
            "train s": _scaled(row["train_seconds"], 1),
            "generate s": _scaled(row["generate_seconds"], 1),
            "peak MB": _scaled(row["peak_memory_bytes"], 1e6),
            "trainable": None if pd.isna(row["trainable_parameters"]) else f"{row['trainable_parameters']:,}",
            "weights MB": _scaled(row["weight_bytes"], 1e6),
        }
        rows.append({key: row[key] for key in keys} | {"status": status, "n": row["n"]} | scores | costs)
    return table(pd.DataFrame(rows))


def paired(results: Results, frame: pd.DataFrame) -> str:
    """sdbench.tables.paired for the metrics whose cards say headline."""
    keys = _keys(frame)
    rows = []
    for row in frame.to_dict("records"):
        card = results.cards[row["metric"]]
        if card.headline:
            named = {"d": row["difference"], "d_low": row["low"], "d_high": row["high"]}
            numbers = {"difference": with_interval(named, "d"), "pairs": row["n"], "verdict": row["verdict"]}
            rows.append({key: row[key] for key in keys} | {"metric": _title(card)} | numbers)
    return table(pd.DataFrame(rows, columns=[*keys, "metric", "difference", "pairs", "verdict"]))


def _keys(frame: pd.DataFrame) -> list[str]:
    return [key for key in ROW if key in ("method", "parameters") or frame[key].nunique() > 1]


def _title(card: Card) -> str:
    arrow = {"higher": " ↑", "lower": " ↓"}.get(card.direction, "")
    return f"{card.title}{f' [{card.unit}]' if card.unit else ''}{arrow}"


def _scaled(value: Any, unit: float) -> str | None:
    if pd.isna(value):
        return None
    return f"{value / unit:.3g}" if value / unit < 100 else f"{value / unit:.0f}"
