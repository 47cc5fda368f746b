"""Curves: the loss while training, and a metric along learning rate, training steps or inference steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sdbench.plots import factors, style
from sdbench.plots.knee import knee
from sdbench.plots.style import Look
from sdbench.records import Card

POINTS = 500  # of a loss curve: about as many as its panel has pixels
KNEE = "over-training knee"


def loss_curves(losses: pd.DataFrame, summary: pd.DataFrame, path: Path) -> None:
    """A panel per method, a curve per training and seed, as a moving mean over a twentieth of the steps.

    losses: row, train_seed, step, loss. summary: row, label, parameters, kind, lr, steps, status. Of rows that differ
    in steps and inference steps only, which share a training, the longest is drawn. The loss axis ends where the runs
    that finished do, so a run that diverged leaves through the top; a mark stands where it ended.
    """
    rows = factors.trained(summary[summary["row"].isin(losses["row"])])
    rows = rows.sort_values(["steps", "inference_steps"], kind="stable", na_position="first")
    rows = rows.drop_duplicates(["label", "lr", "rest"], keep="last").sort_index()
    parts = losses[losses["row"].isin(rows["row"])].groupby(["row", "train_seed"], sort=True)
    curves = {key: curve for key, part in parts if len(curve := _smooth(part))}
    done = rows.loc[rows["status"] == "done", "row"].tolist()
    tops = [float(curve.quantile(0.98)) for (row, _), curve in curves.items() if row in done or not done]
    top = 1.25 * max((one for one in tops if one > 0), default=1.0)
    names = sorted(set(zip(rows["lr"], rows["rest"], strict=True)))
    look = style.looks(names)
    with style.house():
        figure, axes = style.panels(rows["label"].nunique(), foot=style.foot(len(names) + 1))
        style.entries(axes[0], {_name(*key): shown for key, shown in look.items()})
        for axis, (label, mine) in zip(axes, rows.groupby("label", sort=False), strict=True):
            for row in mine.sort_values(["lr", "rest"]).itertuples():
                shown = look[row.lr, row.rest]
                for curve in (curve for (number, _), curve in curves.items() if number == row.row):
                    axis.plot(curve.index, curve, shown.line, color=shown.colour)
                    style.ended(axis, curve.index[-1], min(float(curve.iloc[-1]), top), str(row.status), shown.colour)
            axis.set(title=label, xlabel="training step", ylabel="loss, moving mean")
            axis.set_ylim(0, top)
        style.bad_entries(axes[0], rows["status"])
        style.legend(figure, axes)
        style.save(figure, path)


def _name(lr: float, rest: str = "") -> str:
    return f"lr {lr:g} {rest}".strip()


def _smooth(part: pd.DataFrame) -> pd.Series:
    loss = part.set_index("step")["loss"].replace([np.inf, -np.inf], np.nan)
    smooth = loss.rolling(max(1, len(loss) // 20), center=True, min_periods=1).mean()
    return smooth.iloc[np.unique(np.linspace(0, len(smooth) - 1, POINTS).round().astype(int))].dropna()


def score_vs_lr(summary: pd.DataFrame, cards: Sequence[Card], path: Path) -> None:
    """A panel per metric: each method along its learning rates with 95 % intervals; floors and ceiling as lines.

    summary: as sdbench.tables.summarise gives it. Steps and all else are those of the method's best cell.
    """
    _methods_along("lr", summary, cards, path)


def score_vs_inference_steps(summary: pd.DataFrame, cards: Sequence[Card], path: Path) -> None:
    """The same along the inference steps, at the learning rate and training steps of each method's best cell."""
    _methods_along("inference_steps", summary, cards, path)


def _methods_along(factor: str, summary: pd.DataFrame, cards: Sequence[Card], path: Path) -> None:
    rows, references = factors.at_best(summary, [factor]), factors.references(summary, along=[factor])
    look = style.looks(rows["label"])
    places = np.log10(rows[factor]) if factor == "lr" else rows[factor]
    apart = 0.012 * float(places.max() - places.min() or 1)  # beside each other, not on top
    with style.house():
        figure, axes = style.panels(len(cards), foot=style.foot(len(look) + 6))
        for axis, card in zip(axes, cards, strict=True):
            for index, (label, shown) in enumerate(look.items()):
                mine = rows[rows["label"] == label].sort_values(factor)
                x = places[mine.index] + apart * (index - (len(look) - 1) / 2)
                x = 10**x if factor == "lr" else x
                _series(axis, x, mine, card.name, shown, label)
                style.bad_marks(axis, x, mine["status"], shown.colour)
            if factor == "lr":
                axis.set_xscale("log")
                axis.set_xlim(rows["lr"].min() / 1.6, rows["lr"].max() * 1.6)
                style.reference_lines(axis, references, card.name)
            else:
                _reference_curves(axis, references, card.name)
            axis.set(title=card.title, xlabel=factors.NAMES[factor], ylabel=style.words(card))
        style.bad_entries(axes[0], rows["status"])
        style.legend(figure, axes)
        style.save(figure, path)


def _reference_curves(axis: Axes, references: pd.DataFrame, metric: str) -> None:
    """Floors and ceiling where they too differ with the inference steps."""
    for label, rows in references.sort_values("inference_steps").groupby("label", sort=False):
        how = style.REFERENCE_LINES[rows["kind"].iloc[0]]
        axis.plot(rows["inference_steps"], rows[metric], linestyle=how, color="0.45", linewidth=1, label=label)


def _series(axis: Axes, x: pd.Series, rows: pd.DataFrame, metric: str, look: Look, label: str) -> None:
    """Means joined by a line, which is broken where a row has none, each with its interval."""
    axis.plot(x, rows[metric], look.line, color=look.colour, linewidth=1)
    axis.errorbar(
        x, rows[metric], style.reach(rows, metric), fmt=look.marker, color=look.colour, capsize=2, label=label
    )


def score_vs_steps(summary: pd.DataFrame, card: Card, path: Path) -> None:
    """A panel per method: the metric along the training steps, a line per learning rate with its interval as a band.

    A ring marks the over-training knee (sdbench.plots.knee). Inference steps and all else are those of the method's
    best cell; runs that diverged or failed have marks at the panel's foot.
    """
    rows = factors.at_best(summary, ["lr", "steps"])
    look = style.looks(sorted(rows["lr"].unique()))
    with style.house():
        figure, axes = style.panels(rows["label"].nunique(), foot=style.foot(len(look) + 7))
        style.entries(axes[0], {_name(lr): shown for lr, shown in look.items()}, marked=True)
        for axis, (label, mine) in zip(axes, rows.groupby("label", sort=False), strict=True):
            bad = sorted(mine.loc[mine["status"] != "done", "lr"].unique())
            for lr, line in mine.sort_values("steps").groupby("lr"):
                _band(axis, line, card, look[lr])
                style.bad_marks(axis, line["steps"], line["status"], look[lr].colour, bad.index(lr) if lr in bad else 0)
            style.reference_lines(axis, factors.references(summary, str(label)), card.name)
            axis.set(title=label, xlabel="training steps", ylabel=f"{card.title}\n{style.words(card)}")
            axis.sharey(axes[0])
        style.bad_entries(axes[0], rows["status"])
        style.legend(figure, axes)
        style.save(figure, path)


def _band(axis: Axes, line: pd.DataFrame, card: Card, look: Look) -> None:
    low, mean, high = (line[f"{card.name}{end}"].astype(float) for end in ("_low", "", "_high"))
    axis.fill_between(line["steps"], low, high, color=look.colour, alpha=0.13, linewidth=0)
    axis.plot(line["steps"], mean, look.line, marker=look.marker, markersize=3, color=look.colour)
    beyond = knee(line["steps"].tolist(), mean, low, high, card.direction)
    if beyond is not None:
        at = mean[line["steps"] == beyond]
        axis.plot(beyond, at, "o", color="black", markerfacecolor="none", markersize=10, linestyle="none", label=KNEE)
