"""What the studies' tables share: their form, who stands in them, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sdbench import latex, markdown
from sdbench.plots import factors
from sdbench.results import ROW, Results


@dataclass(frozen=True)
class StudyTable:
    """frame: plain numbers, for CSV. shown: the same as words, for Markdown and LaTeX. note: how to read it."""

    title: str
    frame: pd.DataFrame
    shown: pd.DataFrame
    note: str


def best_cells(results: Results, summary: pd.DataFrame) -> Iterator[tuple[dict[Any, Any], str | None]]:
    """Each method's best cell in the study's order, and None; or its first row, and why none of them could be chosen.

    Such a row has no parameters and no scores: it only stands for its method.
    """
    for _, rows in summary[summary["kind"] == "trained"].groupby(ROW[:3], sort=False):
        if rows["best"].any():
            yield rows[rows["best"]].to_dict("records")[0], None
        else:
            row = rows.to_dict("records")[0]
            yield {**row, "parameters": None}, why(results, results.select, rows["row"].tolist())


def why(results: Results, metric: str, rows: Sequence[int]) -> str:
    """Why leaderboard rows have no score of a metric: what became of their cells, or what the metric says."""
    cells = results.cells[results.cells["row"].isin(rows)]
    ended = [f"{cell.status}: {cell.cause}" for cell in cells.itertuples() if cell.status != "done"]
    if ended or metric not in results.cards:
        return "; ".join(dict.fromkeys(ended)) or f"{metric} is not among the study's metrics"
    images = results.images[results.images["row"].isin(rows)]
    return "; ".join(dict.fromkeys(results.reasons.loc[images.index, metric].dropna())) or f"{metric} has no score"


def reference(summary: pd.DataFrame, label: str, kind: str) -> dict[Any, Any] | None:
    """The `base`, `sibling` or `real` row that a label's best cell is compared with."""
    rows = factors.references(summary, label)
    found = rows[rows["kind"] == kind].to_dict("records")
    return found[0] if found else None


def size(count: Any) -> str | None:
    """Bytes as a person says them."""
    if pd.isna(count):
        return None
    power = next((p for p in (3, 2, 1) if count >= 1000**p), 0)
    return f"{count / 1000**power:.3g} {('B', 'kB', 'MB', 'GB')[power]}"


def duration(seconds: Any) -> str | None:
    """Seconds as a person says them."""
    if pd.isna(seconds):
        return None
    return next((f"{seconds / unit:.3g} {word}" for unit, word in ((3600, "h"), (60, "min")) if seconds >= 1.5 * unit),
                f"{seconds:.3g} s")  # fmt: skip


def write(folder: Path, name: str, table: StudyTable, published: Mapping[str, pd.DataFrame]) -> str:
    """Write `name`.md, .csv and .tex; returns the section of the study's page. published: caption -> table."""
    beside = "".join(f"\n\n{caption}:\n\n{markdown.table(frame)}" for caption, frame in published.items())
    body = f"{markdown.table(table.shown)}\n\n{table.note}{beside}"
    (folder / f"{name}.md").write_text(f"{body}\n")
    table.frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    papers = [latex.table(table.shown, [table.title, *table.note.splitlines()])]
    papers += [latex.table(frame, [caption]) for caption, frame in published.items()]
    (folder / f"{name}.tex").write_text("\n".join(papers))
    return f"## {table.title}\n\n{body}\n\n[CSV]({name}.csv), [LaTeX]({name}.tex)"
