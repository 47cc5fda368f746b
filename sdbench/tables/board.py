"""The leaderboard, the thesis's table, the metrics as such, and what could not be scored."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from sdbench.results import AVERAGE, ROW, THESIS, Results
from sdbench.tables.clusters import on_test_seeds
from sdbench.tables.costs import COSTS
from sdbench.tables.rescaled import rescaled
from sdbench.tables.summary import ENDS, lower_is_better


def leaderboard(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """The published columns of every row, by the study's `select` on test seeds, best first, unscored last.

    Of a metric that has a floor and a ceiling somewhere, `<metric>_rescaled` follows its other columns. With early
    stopping the last column, `protocol`, says so.
    """
    shares = rescaled(results, summary)
    shares = shares[shares["floor"].notna() & shares["ceiling"].notna()]
    wide = shares.pivot(index="row", columns="metric", values="rescaled").add_suffix("_rescaled")
    known = summary.assign(**{results.select: summary.get(results.select)}).merge(wide, on="row", how="left")
    ranked = known.sort_values(results.select, ascending=lower_is_better(results), kind="stable")
    scores = [f"{metric}{end}" for metric in results.cards for end in [*ENDS, "_rescaled"]]
    kept = [column for column in scores if not column.endswith("_rescaled") or column in wide]
    board = ranked[["study", *ROW, "status", "cause", "n", *kept, *COSTS]].reset_index(drop=True)
    return board.assign(protocol=results.protocol) if results.protocol else board


def thesis(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """The thesis's table: each method's best cell, in the study's order; an empty score has its reason beside it.

    Columns: those published, n, then each one's interval and counts, reason; subject and model lead where there are
    several.
    """
    ends = [f"{column}{end}" for column in THESIS.values() for end in ENDS[1:]]
    records = []
    for _, rows in summary[summary["kind"] == "trained"].groupby(ROW[:3], sort=False):
        record = dict(rows.iloc[0][ROW[:3]])
        best = rows[rows["best"]]
        for row in best.to_dict("records"):
            record |= {"parameters": row["parameters"], "n": row["n"]}
            for metric, column in THESIS.items():
                record |= {f"{column}{end}": row.get(f"{metric}{end}") for end in ENDS}
        if pd.isna(record.get(AVERAGE)):
            record["reason"] = _why_empty(results, best if len(best) else rows)
        records.append(record)
    table = pd.DataFrame(records, columns=[*ROW, *THESIS.values(), "n", *ends, "reason"])
    counts = ["n", *(column for column in ends if column.endswith(("_n", "_n_unscored", "_clusters")))]
    table[counts] = table[counts].astype("Int64")
    return table.drop(columns=[key for key in ROW[:2] if table[key].nunique() < 2])


def _why_empty(results: Results, rows: pd.DataFrame) -> str:
    causes = [f"{row.status}: {row.cause}" for row in rows.itertuples() if row.status != "done"]
    images = results.images[results.images["row"].isin(rows["row"])]
    reasons = results.reasons.reindex(columns=list(dict.fromkeys([AVERAGE, results.select]))).loc[images.index]
    return "; ".join(dict.fromkeys([*causes, *reasons.stack().dropna()]))


def unscored(results: Results) -> pd.DataFrame:
    """How many test images each metric could not judge, and why: method, metric, reason, images."""
    test = on_test_seeds(results)
    methods = test["row"].map(results.cells.drop_duplicates("row").set_index("row")["method"])
    long = results.reasons.loc[test.index].assign(method=methods)
    long = long.melt("method", var_name="metric", value_name="reason").dropna(subset=["reason"])
    return long.groupby(["method", "metric", "reason"], sort=False).size().reset_index(name="images")


def metrics(results: Results) -> pd.DataFrame:
    """A row per metric: its card, how many test images it judged and could not, why it has none at all, its audit.

    reason: only where no image has a value; the reasons given, the most frequent first. audit: `failed: why`, or empty.
    """
    test = on_test_seeds(results).index
    records = []
    for name, card in results.cards.items():
        values, reasons = results.values.loc[test, name], results.reasons.loc[test, name].dropna()
        said = reasons.value_counts(sort=True).index.tolist() if not values.notna().any() else []
        failed = f"failed: {results.flagged[name]}" if name in results.flagged else None
        counts = {"n": int(values.notna().sum()), "n_unscored": len(reasons)}
        why = "; ".join(said) or (None if counts["n"] else "no image was to be judged")
        records.append({**asdict(card), **counts, "reason": why, "audit": failed})
    return pd.DataFrame(records)
