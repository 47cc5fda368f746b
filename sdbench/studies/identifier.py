"""Every prompt once with the identifier and once without it: what was learnt, and what it did to the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sdbench.results import Results
from sdbench.stats import mean_interval
from sdbench.studies.base import StudyTable, best_cells, reference

NOTE = (
    "Of each method's best cell, over the test seeds; in brackets the 95 % interval. With the identifier: `{metric}` "
    "of the study's own prompts (the base is asked in class words). Without: how far images of the same scenes, asked "
    "in class words, have moved from the untuned base's, same prompt and seed; 0 where nothing "
    "has. Language drift is what moves without being asked."
)


def make(results: Results, summary: pd.DataFrame, _runs: Path) -> StudyTable:
    """A row per method and prompt. Scores with the identifier are of the select metric; without it, every metric that
    asks a prompt set of as many prompts in the same order, worded without the identifier.
    """
    cells = [cell for cell, _ in best_cells(results, summary)]
    bases = [base for cell in cells if (base := reference(summary, cell["label"], "base")) is not None]
    shown_rows = {cell["row"]: cell for cell in [*bases[:1], *cells]}.values()
    rows = [record for cell in shown_rows for record in _of_method(results, cell)]
    frame = pd.DataFrame(rows, columns=_columns(results))
    shown = frame[["method", "prompt"]].copy()
    for column in _columns(results)[2::4]:
        shown[column] = [_words(row, column) for row in frame.to_dict("records")]
    return StudyTable("With the identifier and without it", frame, shown, NOTE.format(metric=results.select))


def _without(results: Results) -> list[str]:
    """Metrics judged on as many prompts of their own as the study has."""
    trained = results.cells.loc[results.cells["kind"] == "trained", "row"]  # held-out pictures answer no prompt
    images = results.images[results.images["row"].isin(trained)]
    counts = images.drop_duplicates(["asked", "prompt_id"]).groupby("asked").size()
    own = [name for name, card in results.cards.items() if card.prompts and card.headline]
    return [name for name in own if counts.get(results.cards[name].prompts) == counts.get("")]


def _columns(results: Results) -> list[str]:
    metrics = [f"with: {results.select}", *(f"without: {name}" for name in _without(results))]
    return ["method", "prompt", *(f"{name}{end}" for name in metrics for end in ("", "_low", "_high", "_n"))]


def _of_method(results: Results, cell: dict[Any, Any]) -> list[dict[str, Any]]:
    images = results.images[(results.images["row"] == cell["row"]) & results.images["test"].astype(bool)]
    asked = {"with": images[images["asked"] == ""]}
    columns = {f"with: {results.select}": (results.select, asked["with"])}
    for name in _without(results):
        columns[f"without: {name}"] = (name, images[images["asked"] == results.cards[name].prompts])
    prompts = asked["with"].drop_duplicates("prompt_id")
    return [
        {"method": cell["label"], "prompt": prompt.class_prompt}
        | {key: value for column, (metric, mine) in columns.items() for key, value in _score(results, column, metric,
                                                                                             mine, place).items()}
        for place, prompt in enumerate(prompts.itertuples())
    ]  # fmt: skip


def _score(results: Results, column: str, metric: str, images: pd.DataFrame, place: int) -> dict[str, Any]:
    """Of the images of the prompt at that place of its set."""
    prompt = images["prompt_id"].drop_duplicates().tolist()[place : place + 1]
    mine = images[images["prompt_id"].isin(prompt)]
    got = mean_interval(results.values.loc[mine.index, metric].to_numpy(), mine["sample_id"].to_numpy(dtype=str))
    return {column: got.value, f"{column}_low": got.low, f"{column}_high": got.high, f"{column}_n": got.n}


def _words(row: dict[Any, Any], column: str) -> str | None:
    if pd.isna(row[column]):
        return None
    low, high = row[f"{column}_low"], row[f"{column}_high"]
    return f"{row[column]:.3f}" + ("" if pd.isna(low) else f" [{low:.3f}, {high:.3f}]")
