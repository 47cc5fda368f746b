"""Distances between the images of a group, and what follows from them: arrays in, numbers out."""

from __future__ import annotations

import numpy as np

ALONE = "only one image of its prompt is here, and diversity is between images"


def squared_distances(vectors: np.ndarray) -> np.ndarray:
    """(n, n) squared Euclidean distances of (n, d) vectors; of unit vectors twice 1 - cosine."""
    return np.stack([np.square(vectors - row, dtype=np.float64).sum(-1) for row in vectors])


def to_others(distances: np.ndarray) -> list[float]:
    """Of each of n >= 2 the mean distance to the others, for (n, n) distances that are 0 on the diagonal."""
    return [float(total) / (len(distances) - 1) for total in distances.sum(1)]


def vendi(kernel: np.ndarray) -> float:
    """exp of the entropy of the eigenvalues of K / n: 1 for n equal images, n for n that share nothing.

    kernel: (n, n), positive semi-definite, 1 on the diagonal. Friedman and Dieng 2022, arXiv 2210.02410.
    """
    shares = np.linalg.eigvalsh(kernel.astype(np.float64) / len(kernel))
    shares = shares[shares > 0] / shares[shares > 0].sum()
    return max(1.0, float(np.exp(-(shares * np.log(shares)).sum())))
