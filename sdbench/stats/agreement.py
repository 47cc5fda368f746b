"""Do raters agree? Krippendorff's alpha for named answers, with an interval over what was rated. Pure.

Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: 1 - observed / expected disagreement, from the
coincidences of answers within a unit. 1: raters agree always, 0: as often as chance would have it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdbench.stats import Interval, expanded_tail
from sdbench.stats.clusters import Floats, cluster_draws


def krippendorff_alpha(
    units: Sequence[Sequence[str]], seed: int = 0, level: float = 0.95, resamples: int = 2000
) -> Interval:
    """Alpha over `units`, the answers that each got; its interval draws units (Hayes & Krippendorff 2007).

    Units with fewer than two answers say nothing of agreement: n counts the others, n_unscored these. No value where
    no two raters answered the same, or where every answer is the same one, for then chance agrees as well.
    """
    rated = sorted(tuple(sorted(unit)) for unit in units if len(unit) > 1)
    names = sorted({answer for unit in rated for answer in unit})
    alone = len(units) - len(rated)
    if len(names) < 2:
        return Interval(None, None, None, len(rated), alone, len(rated))
    tables = np.array([_coincidences(unit, names) for unit in rated])
    value = float(_alpha(tables.sum(0)[None])[0])
    if len(rated) < 2:
        return Interval(value, None, None, len(rated), alone, len(rated))
    drawn = _alpha(np.einsum("ru,uab->rab", cluster_draws(len(rated), seed, resamples), tables))
    tail = expanded_tail(len(rated), level)
    low, high = np.quantile(drawn[np.isfinite(drawn)], [tail, 1 - tail])
    return Interval(value, float(low), float(high), len(rated), alone, len(rated))


def _coincidences(unit: Sequence[str], names: Sequence[str]) -> Floats:
    counts = np.array([unit.count(name) for name in names], dtype=np.float64)
    return (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)


def _alpha(tables: Floats) -> Floats:
    """(r, c, c) -> (r,); NaN where only one answer occurs."""
    totals = tables.sum(-1)
    n = totals.sum(-1)
    observed = n - np.trace(tables, axis1=-2, axis2=-1)
    expected = (n**2 - (totals**2).sum(-1)) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha: Floats = 1 - observed / expected
    return alpha
