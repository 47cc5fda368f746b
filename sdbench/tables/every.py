"""All tables of a study at once, each made once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sdbench.results import ROW, Results
from sdbench.tables.across import across
from sdbench.tables.board import leaderboard, metrics, thesis, unscored
from sdbench.tables.contests import compare, contests, paired, ranked
from sdbench.tables.noise import noise
from sdbench.tables.rescaled import rescaled
from sdbench.tables.summary import summarise
from sdbench.tables.tuning import tuning


@dataclass(frozen=True)
class Tables:
    """Each as the function of that name describes it; `rescaled` with the columns that name a row."""

    summary: pd.DataFrame
    leaderboard: pd.DataFrame
    thesis: pd.DataFrame
    paired: pd.DataFrame
    compare: pd.DataFrame
    ranks: pd.DataFrame
    across: pd.DataFrame
    rescaled: pd.DataFrame
    noise: pd.DataFrame
    tuning: pd.DataFrame
    sensitivity: pd.DataFrame
    metrics: pd.DataFrame
    unscored: pd.DataFrame


def every(results: Results) -> Tables:
    """Every table of a study."""
    summary = summarise(results)
    found, trials = contests(results, summary), tuning(results, summary)
    shares = summary[["study", *ROW, "row"]].merge(rescaled(results, summary), on="row").drop(columns="row")
    return Tables(
        summary=summary,
        leaderboard=leaderboard(results, summary),
        thesis=thesis(results, summary),
        paired=paired(results, found),
        compare=compare(results, found),
        ranks=ranked(results, found),
        across=across(results, found),
        rescaled=shares,
        noise=noise(results),
        tuning=trials.curves,
        sensitivity=trials.sensitivity,
        metrics=metrics(results),
        unscored=unscored(results),
    )
