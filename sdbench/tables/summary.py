"""The summary, from which every other table is made: a row per leaderboard row.

A leaderboard row is one (subject, model, method, parameters); cells that differ only in `train.seed` are replicates
and share it. The best cell of a method is chosen on validation seeds, everything reported is from test seeds. A row
of which any replicate diverged or failed has that status and cause and no scores: a configuration that works
sometimes is not averaged over the times it worked. Clusters of the intervals: see sdbench.stats.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sdbench.records import FAILED, STOPPED
from sdbench.results import ROW, Results
from sdbench.stats import mean_interval
from sdbench.tables.clusters import clustered, on_test_seeds
from sdbench.tables.costs import BYTES_AND_COUNTS, row_costs

STATUSES = [*FAILED, "diverged", STOPPED, "done"]  # the worst of a row's replicates is the row's
ENDS = ["", "_low", "_high", "_n", "_n_unscored", "_clusters"]


def summarise(results: Results) -> pd.DataFrame:
    """A row per leaderboard row, in the study's order: identity, status, n, scores on test seeds, costs, and more.

    More, for choosing and drawing: row, kind, context, lr, steps, clusters, label (method, and model or subject where
    there are several), `validation` (mean of the study's `select` on validation seeds), and of trained rows `best` (is
    it its method's best by that mean; the first of equals) and `equals` (how many of its method have the best mean).
    """
    table = pd.DataFrame([_summary(results, cells) for _, cells in results.cells.groupby("row")])
    table = table.astype(dict.fromkeys(BYTES_AND_COUNTS, "Int64")).copy()  # hundreds of columns, in one piece again
    several = [key for key in ("method", "model", "subject") if key == "method" or table[key].nunique() > 1]
    table["label"] = table[several].agg(", ".join, axis=1)
    chosen = table[(table["kind"] == "trained") & table["validation"].notna()]
    score = chosen["validation"] * (-1.0 if lower_is_better(results) else 1.0)
    method = [chosen[key] for key in ROW[:3]]
    by_method = score.groupby(method, sort=False)
    equals = (score == by_method.transform("max")).groupby(method, sort=False).transform("sum")
    return table.assign(best=table.index.isin(by_method.idxmax().tolist()), equals=equals)


def lower_is_better(results: Results) -> bool:
    """Of the metric that the study selects by."""
    return results.select in results.cards and results.cards[results.select].direction == "lower"


def _summary(results: Results, cells: pd.DataFrame) -> dict[str, Any]:
    first = cells.iloc[0]
    images = results.images[results.images["row"] == first["row"]]
    test = on_test_seeds(results).loc[lambda table: table["row"] == first["row"]]
    validation = results.values.reindex(columns=[results.select]).loc[images.index[images["validation"].astype(bool)]]
    scores: dict[str, Any] = {}
    for metric in results.cards:
        got = mean_interval(*clustered(results, test, metric))
        numbers = (got.value, got.low, got.high, got.n, got.n_unscored, got.clusters)
        scores |= {f"{metric}{end}": number for end, number in zip(ENDS, numbers, strict=True)}
    return {
        "study": results.name,
        **first[ROW],
        "status": min(cells["status"], key=STATUSES.index),
        "cause": _cause(cells),
        "n": int((test["asked"] == "").sum()),
        **scores,
        **row_costs(cells),
        **first[["row", "kind", "context", "lr", "steps"]],
        "clusters": test.loc[test["asked"] == "", "sample_id"].nunique(),
        "validation": validation[results.select].mean(),
    }


def _cause(cells: pd.DataFrame) -> str | None:
    bad = cells[cells["status"] != "done"]
    if len(cells) == 1:
        return cells["cause"].iloc[0] if len(bad) else None
    return "; ".join(f"train seed {cell.train_seed:g}: {cell.cause}" for cell in bad.itertuples()) or None
