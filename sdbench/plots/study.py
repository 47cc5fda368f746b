"""Which pictures a study's data has enough of, drawn into one folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sdbench.plots import curves, factors, forest, grids, heatmap, pareto
from sdbench.records import Card

PAIRS = [("steps", "lr"), ("inference_steps", "steps")]  # of an image grid: along x, along y


def draw(
    summary: pd.DataFrame, cards: Mapping[str, Card], losses: pd.DataFrame, images: pd.DataFrame, folder: Path
) -> dict[str, str]:
    """Draw what there is data for; file -> caption, in the order in which a page shows them.

    summary: as sdbench.tables.summarise gives it; cards: those of the study; losses: as sdbench.results.losses does;
    images: row, sample_id, class_prompt, seed, path of test images, for grids of the first of them.
    """
    figures: dict[str, str] = {}
    trained = factors.trained(summary)
    shown = [card for card in cards.values() if card.headline and trained[card.name].notna().any()]
    if shown:
        figures |= _scores(summary, shown, folder)
    if losses["row"].isin(trained["row"]).any():
        curves.loss_curves(losses, summary, folder / "loss.png")
        figures["loss.png"] = (
            "Training loss, moving mean over a twentieth of the steps; the axis ends a quarter above the 98th "
            "percentile of the runs that finished"
        )
    for along in PAIRS:
        if factors.varies(summary, *along):
            figures |= _grids(summary, images, along, folder)
    return figures


def _scores(summary: pd.DataFrame, cards: list[Card], folder: Path) -> dict[str, str]:
    figures = {"intervals.png": "The best cell of each method on the test seeds, with 95 % intervals"}
    forest.intervals(summary, cards, folder / "intervals.png")
    fixed = "; all else as in each method's best cell"
    curves.score_vs_lr(summary, cards, folder / "score_vs_lr.png")
    figures["score_vs_lr.png"] = f"Score against learning rate on the test seeds, with 95 % intervals{fixed}"
    if factors.varies(summary, "inference_steps"):
        curves.score_vs_inference_steps(summary, cards, folder / "score_vs_inference_steps.png")
        figures["score_vs_inference_steps.png"] = f"Score against inference steps{fixed}"
    for card in cards:
        name = slug(card.name)
        if factors.varies(summary, "steps"):
            curves.score_vs_steps(summary, card, folder / f"steps_{name}.png")
            figures[f"steps_{name}.png"] = (
                f"{card.title} against training steps{fixed}. A ring, where scores fall again: the last step that is "
                "not worse than the best one, interval against interval"
            )
        if factors.varies(summary, "lr", "steps"):
            heatmap.lr_by_steps(summary, card, folder / f"lr_by_steps_{name}.png")
            figures[f"lr_by_steps_{name}.png"] = f"{card.title} by learning rate and training steps{fixed}"
    judged = [card for card in cards if card.direction in ("higher", "lower")]
    for cost, (title, _) in pareto.COSTS.items():
        if judged and factors.trained(summary)[cost].nunique() > 1:
            pareto.quality_vs_cost(summary, judged, cost, folder / f"quality_vs_{cost}.png")
            figures[f"quality_vs_{cost}.png"] = (
                f"Quality against cost ({title}); dimmed: beaten on both. Hypervolume: area between the front and "
                "the point in brackets, cost in decades"
            )
    return figures


def slug(metric: str) -> str:
    """A metric's name as part of a file's."""
    return re.sub(r"\W+", "_", metric).strip("_")


def _grids(summary: pd.DataFrame, images: pd.DataFrame, along: tuple[str, str], folder: Path) -> dict[str, str]:
    """One grid per method that has both axes, of the first prompt and image seed."""
    figures, titles = {}, (factors.NAMES[along[0]], factors.NAMES[along[1]])
    for label, rows in factors.at_best(summary, along).groupby("label", sort=False):
        mine = images[images["row"].isin(rows["row"])]
        if len(mine) and rows[along[0]].nunique() > 1 and rows[along[1]].nunique() > 1:
            file = f"grid_{along[1]}_{along[0]}_{slug(str(label))}.webp"
            tiles = tiles_of(rows, mine, along)
            grids.xy_grid(tiles, folder / file, titles, {v: f"{v:g}" for v in [*tiles["x"], *tiles["y"]]})
            first = mine.iloc[0]
            figures[file] = f"{label}, {titles[1]} by {titles[0]}: {first['class_prompt']}, seed {first['seed']}"
    return figures


def tiles_of(rows: pd.DataFrame, images: pd.DataFrame, along: tuple[str, str]) -> pd.DataFrame:
    """x, y, path, word for sdbench.plots.grids.xy_grid: rows by two factors, which grow to the right and
    upwards as on a chart, at one sample.

    rows: row, status and the factors. images: row, sample_id, path; it is the sample of the first of them that is
    shown, of replicates the first.
    """
    same = images[images["sample_id"] == images["sample_id"].iloc[0]]
    path = rows["row"].map(same.drop_duplicates("row").set_index("row")["path"])
    word = rows["status"].where(rows["status"] != "done", "no picture")
    x, y = (pd.Categorical(rows[f], sorted(rows[f].unique(), reverse=f == along[1])) for f in along)
    return pd.DataFrame({"x": x, "y": y, "path": path, "word": word}, index=rows.index)
