"""The over-training knee of a curve of means with intervals. Numbers in, a step or None out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def knee(
    steps: Sequence[float], means: ArrayLike, lows: ArrayLike, highs: ArrayLike, direction: str = "higher"
) -> float | None:
    """The last step that is not told apart from the best one, where training on made the metric worse for good.

    The best step is the first of those with the best mean. A step is worse when its interval lies wholly on the worse
    side of the best step's; the knee is the last scored step, from the best on, that is not worse. None where no
    scored step follows it (the curve still holds, or recovered), where the best step has no interval, and where the
    metric has no direction. A step without an interval cannot be told apart and so counts as not worse; one without
    a mean counts as nothing.

    Two separate 95 % intervals are a stricter test than an interval of the difference, so a knee is found late rather
    than in noise. The idea is that of the one-standard-error rule (Breiman, Friedman, Olshen and Stone 1984,
    Classification and Regression Trees, section 3.4.3): the best and what cannot be told from it are one. It is not
    the point of greatest curvature that is called a knee elsewhere (Satopaa et al. 2011, Kneedle): every bent curve
    has that one, over-trained or not.

    steps, means, lows, highs: (n,), in any order; NaN is missing. direction: of the metric's card.
    """
    if direction not in ("higher", "lower"):
        return None
    table = np.column_stack([np.asarray(column, dtype=np.float64) for column in (steps, means, lows, highs)])
    table = table[np.isfinite(table[:, 1])]
    table = table[np.argsort(table[:, 0], kind="stable")]
    if not len(table):
        return None
    if direction == "lower":
        table = np.column_stack([table[:, 0], -table[:, 1], -table[:, 3], -table[:, 2]])
    tail = table[int(np.argmax(table[:, 1])) :]
    worse = tail[:, 3] < tail[0, 2]  # False where either is NaN
    last = int(np.flatnonzero(~worse)[-1])
    return float(tail[last, 0]) if last + 1 < len(tail) else None
