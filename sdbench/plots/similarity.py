"""Matrices of image-text similarity, side by side on one scale, every value written in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from sdbench.plots import style
from sdbench.plots.heatmap import LEVELS, ink

CELL_IN, TEXT_IN = 0.42, 3.0  # a cell's side, and what captions take


def heatmaps(matrices: Mapping[str, pd.DataFrame | None], path: Path) -> None:
    """A panel for each matrix (texts x pictures) under its title; None is left out, and one at least is not."""
    known = {title: matrix for title, matrix in matrices.items() if matrix is not None}
    values = np.concatenate([matrix.to_numpy().ravel() for matrix in known.values()])
    scale = ScalarMappable(Normalize(values.min(), values.max()), matplotlib.colormaps["viridis"].resampled(LEVELS))
    rows, columns = next(iter(known.values())).shape
    with style.house():
        width, height = len(known) * CELL_IN * columns + TEXT_IN, CELL_IN * rows + 1.5
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(1, len(known), squeeze=False, sharey=True)[0]
        for axis, (title, matrix) in zip(axes, known.items(), strict=True):
            _panel(axis, matrix, scale)
            axis.set_title(title)
        style.save(figure, path)


def _panel(axis: Axes, matrix: pd.DataFrame, scale: ScalarMappable) -> None:
    colours = scale.to_rgba(matrix.to_numpy())
    axis.pcolormesh(np.arange(matrix.shape[1] + 1) - 0.5, np.arange(len(matrix) + 1) - 0.5, colours)
    for y, row in enumerate(matrix.to_numpy()):
        for x, value in enumerate(row):
            axis.text(x, y, f"{value:.2f}", ha="center", va="center", size=7, color=ink(colours[y, x]))
    axis.set_xticks(range(matrix.shape[1]), list(matrix.columns), rotation=60, ha="right")
    axis.set_yticks(range(len(matrix)), list(matrix.index))
    axis.set_ylim(len(matrix) - 0.5, -0.5)
    axis.grid(False)
    axis.tick_params(length=0)
