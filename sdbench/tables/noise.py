"""The noise floor of a study's own replicates: how far apart trainings fall that differ in `train.seed` only."""

from __future__ import annotations

import pandas as pd

from sdbench.results import Results
from sdbench.stats.noise_floor import noise_floor
from sdbench.tables.clusters import judged, on_test_seeds


def noise(results: Results) -> pd.DataFrame:
    """A row per metric that some row's replicates were scored by; none where no row has two trainings that ended.

    deviation, low, high: between trainings of one row, pooled over rows. repeats, configurations: what it rests on.
    least_difference: the least between two trainings that means something; least_difference_of_means: between two
    rows of `runs` trainings each, the fewest that a row with replicates has.
    """
    trained = results.cells[results.cells["kind"] == "trained"]
    test, records = on_test_seeds(results), []
    repeats = trained[trained["cell"].isin(test["cell"])].groupby("row").size()
    runs = int(repeats[repeats > 1].min()) if (repeats > 1).any() else 1
    for metric in results.cards:
        means = judged(results, test, metric).groupby("cell")["value"].mean()
        floor = noise_floor(trained["cell"].map(means).to_numpy(dtype=float), trained["row"].tolist())
        if floor.deviation is not None:
            known = (floor.deviation, floor.low, floor.high, floor.repeats, floor.configurations, floor.n_unscored)
            least = (floor.least_difference(), runs, floor.least_difference(runs))
            records.append((results.name, metric, *known, *least))
    numbers = ["deviation", "low", "high", "repeats", "configurations", "n_unscored"]
    least_names = ["least_difference", "runs", "least_difference_of_means"]
    return pd.DataFrame(records, columns=["study", "metric", *numbers, *least_names])
