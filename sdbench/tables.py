"""A study's tables: leaderboard, the thesis's table, paired differences, what could not be scored. Never torch.

A leaderboard row is one (subject, model, method, parameters); cells that differ only in `train.seed` are replicates
and share it. The best cell of a method is chosen on validation seeds, everything reported is from test seeds. A row
of which any replicate diverged or failed has that status and cause and no scores: a configuration that works
sometimes is not averaged over the times it worked. Clusters of the intervals: see sdbench.stats.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sdbench.results import AVERAGE, ROW, THESIS, TRAIN_COSTS, Results
from sdbench.stats import Interval, mean_interval, paired_difference

STATUSES = ["failed", "diverged", "done"]  # the worst of a row's replicates is the row's
SECONDS, BYTES_AND_COUNTS = ["train_seconds", "generate_seconds"], TRAIN_COSTS[1:]
COSTS = SECONDS + BYTES_AND_COUNTS
ENDS = ["", "_low", "_high", "_n", "_n_unscored"]


def summarise(results: Results) -> pd.DataFrame:
    """A row per leaderboard row, in the study's order: identity, status, n, scores on test seeds, costs, and more.

    More, for choosing and drawing: row, kind, lr, steps, clusters, label (method, and model or subject where there
    are several), `validation` (mean of the study's `select` on validation seeds) and `best` (is it its method's best
    by that mean; the first of equals; trained rows only).
    """
    table = pd.DataFrame([_summary(results, cells) for _, cells in results.cells.groupby("row")])
    table = table.astype(dict.fromkeys(BYTES_AND_COUNTS, "Int64"))
    several = [key for key in ("method", "model", "subject") if key == "method" or table[key].nunique() > 1]
    table["label"] = table[several].agg(", ".join, axis=1)
    chosen = table[(table["kind"] == "trained") & table["validation"].notna()]
    direction = -1.0 if _lower_is_better(results) else 1.0
    best = (direction * chosen["validation"]).groupby([chosen[key] for key in ROW[:3]], sort=False).idxmax()
    return table.assign(best=table.index.isin(best.tolist()))


def _lower_is_better(results: Results) -> bool:
    return results.select in results.cards and results.cards[results.select].direction == "lower"


def _summary(results: Results, cells: pd.DataFrame) -> dict[str, Any]:
    first = cells.iloc[0]
    images = results.images[results.images["row"] == first["row"]]
    test = images[images["test"].astype(bool)]
    validation = results.values.reindex(columns=[results.select]).loc[images.index[images["validation"].astype(bool)]]
    scores: dict[str, Any] = {}
    for metric in results.cards:
        got = mean_interval(*_clustered(results, test, metric))
        numbers = (got.value, got.low, got.high, got.n, got.n_unscored)
        scores |= {f"{metric}{end}": number for end, number in zip(ENDS, numbers, strict=True)}
    return {
        "study": results.name,
        **first[ROW],
        "status": min(cells["status"], key=STATUSES.index),
        "cause": _cause(cells),
        "n": int((test["asked"] == "").sum()),
        **scores,
        **{cost: round(cells[cost].astype(float).mean(), 3 if cost in SECONDS else 0) for cost in COSTS},
        **first[["row", "kind", "lr", "steps"]],
        "clusters": test.loc[test["asked"] == "", "sample_id"].nunique(),
        "validation": validation[results.select].mean(),
    }


def _cause(cells: pd.DataFrame) -> str | None:
    bad = cells[cells["status"] != "done"]
    if len(cells) == 1:
        return cells["cause"].iloc[0] if len(bad) else None
    return "; ".join(f"train seed {cell.train_seed:g}: {cell.cause}" for cell in bad.itertuples()) or None


def leaderboard(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """The published columns of every row, by the study's `select` on test seeds, best first, unscored last."""
    known = summary.assign(**{results.select: summary.get(results.select)})
    ranked = known.sort_values(results.select, ascending=_lower_is_better(results), kind="stable")
    scores = [f"{metric}{end}" for metric in results.cards for end in ENDS]
    return ranked[["study", *ROW, "status", "cause", "n", *scores, *COSTS]].reset_index(drop=True)


def thesis(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """The thesis's table: each method's best cell, in the study's order; an empty score has its reason beside it.

    Columns: those published, n, the ends of the intervals, reason; subject and model lead where there are several.
    """
    ends = [f"{column}{end}" for column in THESIS.values() for end in ("_low", "_high")]
    records = []
    for _, rows in summary[summary["kind"] == "trained"].groupby(ROW[:3], sort=False):
        record = dict(rows.iloc[0][ROW[:3]])
        best = rows[rows["best"]]
        for row in best.to_dict("records"):
            record |= {"parameters": row["parameters"], "n": row["n"]}
            for metric, column in THESIS.items():
                record |= {f"{column}{end}": row.get(f"{metric}{end}") for end in ("", "_low", "_high")}
        if pd.isna(record.get(AVERAGE)):
            record["reason"] = _why_empty(results, best if len(best) else rows)
        records.append(record)
    table = pd.DataFrame(records, columns=[*ROW, *THESIS.values(), "n", *ends, "reason"])
    table["n"] = table["n"].astype("Int64")
    return table.drop(columns=[key for key in ROW[:2] if table[key].nunique() < 2])


def _why_empty(results: Results, rows: pd.DataFrame) -> str:
    causes = [f"{row.status}: {row.cause}" for row in rows.itertuples() if row.status != "done"]
    images = results.images[results.images["row"].isin(rows["row"])]
    reasons = results.reasons.reindex(columns=list(dict.fromkeys([AVERAGE, results.select]))).loc[images.index]
    return "; ".join(dict.fromkeys([*causes, *reasons.stack().dropna()]))


def paired(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """Each method's best cell against the untuned base: same prompts, same test seeds, for every metric.

    verdict: `better` or `worse` (by the metric's direction; `higher`, `lower` where it has none) when the interval
    excludes 0, `tie` when it does not, empty when there is no interval.
    """
    test = results.images[results.images["test"].astype(bool)]
    records = []
    for best in summary[summary["best"]].to_dict("records"):
        same = (summary["subject"] == best["subject"]) & (summary["model"] == best["model"])
        base = summary[same & (summary["kind"] == "base")]
        here, there = (test[test["row"].isin(rows)] for rows in ([best["row"]], base["row"]))
        for metric, card in results.cards.items():
            got = paired_difference(*_clustered(results, here, metric), *_clustered(results, there, metric))
            record = {"study": results.name, **{key: best[key] for key in ROW}, "versus": "base", "metric": metric}
            record |= {"difference": got.value, "low": got.low, "high": got.high, "n": got.n}
            records.append(record | {"n_unscored": got.n_unscored, "verdict": _verdict(got, card.direction)})
    columns = ["study", *ROW, "versus", "metric", "difference", "low", "high", "n", "n_unscored", "verdict"]
    return pd.DataFrame(records, columns=columns)


def _clustered(results: Results, images: pd.DataFrame, metric: str) -> tuple[Any, Any]:
    """Values and their clusters: a sample id is `<prompt_id>-<image seed>`, the same for every training seed.

    Where the images of a prompt have one score between them, it counts once, and the prompt is the cluster.
    """
    card = results.cards[metric]
    images = images[images["asked"] == card.prompts]
    if card.per == "prompt":
        images = images.drop_duplicates(["cell", "prompt_id"])
    clusters = images["prompt_id" if card.per == "prompt" else "sample_id"].to_numpy(dtype=str)
    return results.values.loc[images.index, metric].to_numpy(), clusters


def _verdict(got: Interval, direction: str) -> str | None:
    if got.low is None or got.high is None:
        return None
    if got.low <= 0 <= got.high:
        return "tie"
    if direction == "none":
        return "higher" if got.low > 0 else "lower"
    return "better" if (got.low > 0) == (direction == "higher") else "worse"


def unscored(results: Results) -> pd.DataFrame:
    """How many test images each metric could not judge, and why: method, metric, reason, images."""
    test = results.images[results.images["test"].astype(bool)]
    methods = test["row"].map(results.cells.drop_duplicates("row").set_index("row")["method"])
    long = results.reasons.loc[test.index].assign(method=methods)
    long = long.melt("method", var_name="metric", value_name="reason").dropna(subset=["reason"])
    return long.groupby(["method", "metric", "reason"], sort=False).size().reset_index(name="images")
