"""Methods over several subjects: means of their best cells, with intervals that speak of other subjects too."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sdbench.results import Results
from sdbench.stats import mean_interval
from sdbench.tables.clusters import clustered, on_test_seeds
from sdbench.tables.contests import ALL, Contest
from sdbench.tables.summary import ENDS


def across(results: Results, found: list[Contest]) -> pd.DataFrame:
    """A row per method, base among them: subjects, n, per metric value and interval by (subject, prompt and seed).

    Empty for a study of one subject. `_clusters` is the number of subjects where those are fewer.
    """
    test, records = on_test_seeds(results), []
    field = next((contest.entrants for contest in found if contest.subject == ALL), None)
    for name, rows in field.groupby("name", sort=False) if field is not None else ():
        images = test[test["row"].isin(rows["row"])]
        record: dict[str, Any] = {"study": results.name, "method": name, "subjects": rows["subject"].nunique()}
        for metric in results.cards:
            got = mean_interval(*clustered(results, images, metric, by_subject=True))
            numbers = (got.value, got.low, got.high, got.n, got.n_unscored, got.clusters)
            record |= {f"{metric}{end}": number for end, number in zip(ENDS, numbers, strict=True)}
        records.append({**record, "n": int((images["asked"] == "").sum())})
    scores = [f"{metric}{end}" for metric in results.cards for end in ENDS]
    return pd.DataFrame(records, columns=["study", "method", "subjects", "n", *scores])
