"""A step of Textual Inversion (arXiv 2208.01618): one vector, one prompt, as diffusers' script trains.

The script learns the whole table of embeddings and puts all other rows back; it does not clip gradients, and has no
flag for embeddings made beforehand, which cannot be.
"""

from __future__ import annotations

from sdbench.bench.results import Found
from sdbench.bench.rows.base import Training, step
from sdbench.bench.settings import Bench

UNCLIPPED = 1e9
TRAINING = Training(
    "Textual Inversion step",
    ["method=textual_inversion", "method.captions=instance", "method.adapters.embedding.vectors=1",
     "method.adapters.embedding.initializer=logo", f"train.max_grad_norm={UNCLIPPED}", "train.lr=5e-3"],
    "textual_inversion/textual_inversion.py",
    flags=(),
)  # fmt: skip


def measure(bench: Bench) -> Found:
    return step(bench, TRAINING, "embedding_step")
