"""Pictures of a study as PNG: loss curves, score against learning rate, prompts x methods. Never torch.

One house style. Colours run from dark to light in the order of the data, and markers or line styles differ too, so
that a figure can be read in greyscale. The same frames give the same bytes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont

from sdbench.records import Card

STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "0.9",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.4,
    "savefig.dpi": 110,
}
MARKERS = "osD^vP*X<>"
LINES = ["-", "--", "-.", ":"]
REFERENCE_LINES = {"base": "--", "base_raw": "-.", "real": ":"}
TILE_PX, LABEL_PX, HEADER_PX, GAP_PX = 128, 170, 34, 4


def _colours(count: int) -> list[Any]:
    return list(matplotlib.colormaps["viridis"](np.linspace(0.0, 0.82, max(count, 1))))


def _panels(count: int, legend_rows: int) -> tuple[Figure, list[Axes]]:
    columns = 2 if count in (2, 4) else min(count, 3)
    rows = -(-count // columns)
    height = 2.6 * rows + 0.3 + 0.2 * legend_rows
    figure = Figure(figsize=(3.4 * columns, height), layout="constrained")
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for spare in axes[count:]:
        spare.set_visible(False)
    return figure, axes[:count]


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})


def loss_curves(losses: pd.DataFrame, summary: pd.DataFrame, path: Path) -> None:
    """A panel per method, a curve per parameters and training seed, as a moving mean over a twentieth of the steps.

    losses: row, train_seed, step, loss. summary: row, label, parameters, status. The loss axis ends where the runs
    that finished do, so a run that diverged leaves through the top.
    """
    trained = summary[summary["row"].isin(losses["row"])]
    curves = {key: _smooth(part) for key, part in losses.groupby(["row", "train_seed"], sort=True)}
    done = trained.loc[trained["status"] == "done", "row"].tolist()
    tops = [curve.quantile(0.98) for (row, _), curve in curves.items() if row in done or not done]
    with matplotlib.rc_context(STYLE):
        labels = list(trained["label"].unique())
        figure, axes = _panels(len(labels), 0)
        for axis, label in zip(axes, labels, strict=True):
            rows = trained[trained["label"] == label]
            for index, (row, colour) in enumerate(zip(rows.itertuples(), _colours(len(rows)), strict=True)):
                name = f"{row.parameters}{'' if row.status == 'done' else f' ({row.status})'}"
                for curve in (curve for (number, _), curve in curves.items() if number == row.row):
                    axis.plot(curve.index, curve, LINES[index % 4], color=colour, label=name)
                    name = "_"  # replicates share one legend entry
            axis.set(title=label, xlabel="training step", ylabel="loss, moving mean")
            axis.set_ylim(0, 1.25 * float(max(tops)))
            axis.legend(fontsize=7)
        _save(figure, path)


def _smooth(part: pd.DataFrame) -> pd.Series:
    loss = part.set_index("step")["loss"]
    return loss.rolling(max(1, len(loss) // 20), center=True, min_periods=1).mean()


def score_vs_lr(summary: pd.DataFrame, cards: Sequence[Card], path: Path) -> None:
    """A panel per metric: each method's rows at their learning rate with 95 % intervals; untuned and real as lines.

    summary: label, kind, lr and per metric `<metric>`, `_low`, `_high`. The line joins the means at a learning rate.
    """
    trained = summary[(summary["kind"] == "trained") & summary["lr"].notna()]
    labels = list(trained["label"].unique())
    references = summary[summary["kind"].isin(list(REFERENCE_LINES))]
    with matplotlib.rc_context(STYLE):
        figure, axes = _panels(len(cards), 2)
        for axis, card in zip(axes, cards, strict=True):
            for index, (label, colour) in enumerate(zip(labels, _colours(len(labels)), strict=True)):
                spread = 1.12 ** (index - (len(labels) - 1) / 2)  # beside each other, not on top
                _points(axis, trained[trained["label"] == label], card.name, spread, MARKERS[index % 10], colour, label)
            for row in references.dropna(subset=[card.name]).to_dict("records"):
                style = REFERENCE_LINES[row["kind"]]
                axis.axhline(row[card.name], color="0.45", linestyle=style, linewidth=1, label=row["label"])
                if pd.notna(row[f"{card.name}_low"]):
                    axis.axhspan(
                        row[f"{card.name}_low"], row[f"{card.name}_high"], color="0.45", alpha=0.1, linewidth=0
                    )
            better = {"higher": "higher is better", "lower": "lower is better"}.get(card.direction, "")
            unit = f" [{card.unit}]" if card.unit else ""
            axis.set(title=card.title, xlabel="learning rate", ylabel=", ".join(filter(None, ["mean" + unit, better])))
            axis.set_xscale("log")
            axis.set_xlim(trained["lr"].min() / 1.6, trained["lr"].max() * 1.6)
        entries = {label: line for axis in axes for line, label in zip(*axis.get_legend_handles_labels(), strict=True)}
        figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=min(len(entries), 4) or 1)
        _save(figure, path)


def _points(axis: Axes, rows: pd.DataFrame, metric: str, spread: float, marker: str, colour: Any, label: str) -> None:
    rows = rows.dropna(subset=[metric])
    centre = rows.groupby("lr")[metric].mean()
    axis.plot(centre.index * spread, centre, color=colour, linewidth=1)
    low, high = (rows[f"{metric}{end}"].astype(float).fillna(rows[metric]) for end in ("_low", "_high"))
    reach = [(rows[metric] - low).clip(lower=0), (high - rows[metric]).clip(lower=0)]
    axis.errorbar(
        rows["lr"] * spread, rows[metric], reach, fmt=marker, color=colour, capsize=2, markersize=5, label=label
    )


def image_grid(images: pd.DataFrame, path: Path) -> None:
    """Rows are prompts at an image seed, columns are labels; the same prompt and seed stand beside each other.

    images: label, sample_id, text (of the row), path; columns and rows keep the order of appearance. An image that
    a column lacks leaves its place empty. Images are shown at 128 px: small ones in whole multiples of their pixels.
    """
    columns, rows = list(images["label"].unique()), images.drop_duplicates("sample_id")
    step = TILE_PX + GAP_PX
    sheet = Image.new("RGB", (LABEL_PX + step * len(columns), HEADER_PX + step * len(rows)), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for column, label in enumerate(columns):
        place = (LABEL_PX + step * column + TILE_PX // 2, HEADER_PX // 2)
        draw.text(place, textwrap.fill(label, 20), "black", font, anchor="mm", align="center")
    for row, (sample_id, text) in enumerate(zip(rows["sample_id"], rows["text"], strict=True)):
        top = HEADER_PX + step * row
        draw.text(
            (4, top + TILE_PX // 2),
            "\n".join(textwrap.fill(line, 24) for line in text.split("\n")),
            "black",
            font,
            anchor="lm",
        )
        for found in images[images["sample_id"] == sample_id].itertuples():
            sheet.paste(_tile(Path(str(found.path))), (LABEL_PX + step * columns.index(found.label), top))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, optimize=True)


def _tile(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    tile = Image.new("RGB", (TILE_PX, TILE_PX), "white")
    side = max(image.size)
    factor = TILE_PX // side if side <= TILE_PX else TILE_PX / side
    size = (round(image.width * factor), round(image.height * factor))
    image = image.resize(size, Image.Resampling.NEAREST if side <= TILE_PX else Image.Resampling.LANCZOS)
    tile.paste(image, ((TILE_PX - size[0]) // 2, (TILE_PX - size[1]) // 2))
    return tile
