"""The best cell of every method, and the untuned base, against each other on the same prompts and image seeds.

A contest is one metric of one subject, or of all of a study's subjects together. Its pairs are one family: verdicts
are corrected for all of them at once (Holm), while each interval stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sdbench.records import Card
from sdbench.results import ROW, Results
from sdbench.stats import Interval
from sdbench.stats.pairs import Comparison
from sdbench.stats.pairs import compare as every_pair
from sdbench.stats.ranks import ranks
from sdbench.tables.clusters import clustered, on_test_seeds
from sdbench.tables.rescaled import BESIDE

ALL = "all subjects"
PAIR = ["difference", "low", "high", "n", "n_unscored", "clusters"]
SHARE = ["improvement", "improvement_low", "improvement_high"]
DECIDED = ["p", "p_adjusted", "verdict", "audit"]


@dataclass(frozen=True)
class Contest:
    """subject: one, or ALL. entrants: rows of the summary with `name`, which is one row's but for ALL, and `base`, the
    name of the untuned base beside it (its own name where it is one). pairs: every two names, in their order.
    """

    subject: str
    card: Card
    entrants: pd.DataFrame
    pairs: tuple[Comparison, ...]


def contests(results: Results, summary: pd.DataFrame) -> list[Contest]:
    """For every subject, and for ALL where there are several, a contest per metric."""
    test, found = on_test_seeds(results), []
    for subject, entrants in _fields(summary):
        images = {str(name): test[test["row"].isin(rows["row"])] for name, rows in entrants.groupby("name", sort=False)}
        for metric, card in results.cards.items():
            scores = {name: clustered(results, mine, metric, subject == ALL) for name, mine in images.items()}
            judged = {name: one for name, one in scores.items() if len(one[0])}
            found.append(Contest(subject, card, entrants, every_pair(judged)))
    return found


def _fields(summary: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Who meets whom: methods in the study's order, then the bases that are beside their best cells."""
    best = summary[summary["best"]]
    base = summary[summary["kind"] == "base"].merge(best[BESIDE].drop_duplicates(), on=BESIDE)
    entrants = pd.concat([best, base], ignore_index=True)
    several = ["method", *(["model"] if entrants["model"].nunique() > 1 else [])]
    names = entrants[several].agg(", ".join, axis=1) if len(entrants) else entrants["method"]
    twice = names.groupby([entrants["subject"], names]).transform("size") > 1
    entrants["name"] = names.where(~twice, names + ", " + entrants["parameters"])
    bases = entrants[entrants["kind"] == "base"].set_index(BESIDE)["name"]
    entrants["base"] = [bases.get(tuple(place)) for place in entrants[BESIDE].to_numpy().tolist()]
    for subject, mine in entrants.groupby("subject", sort=False):
        yield str(subject), mine.reset_index(drop=True)
    if entrants["subject"].nunique() > 1:
        yield ALL, entrants


def compare(results: Results, found: list[Contest]) -> pd.DataFrame:
    """Every pair of every contest: first against second.

    verdict: first is `better` or `worse` (by the metric's direction; `higher`, `lower` where it has none) than second,
    or `tie`, after Holm's correction; empty below two pairs. improvement: on which share of prompts and seeds first is
    the better (or higher) one, ties one half. audit: `failed: why` of a metric that did not pass.
    """
    records = [_record(results, contest, pair) for contest in found for pair in contest.pairs]
    names = ["first", "first_parameters", "second", "second_parameters"]
    return pd.DataFrame(records, columns=["study", "subject", "metric", *names, *PAIR, *SHARE, *DECIDED])


def _record(results: Results, contest: Contest, pair: Comparison) -> dict[str, Any]:
    parameters = contest.entrants.groupby("name")["parameters"].agg(lambda each: "; ".join(dict.fromkeys(each)))
    names = {"first": pair.first, "first_parameters": parameters[pair.first]}
    names |= {"second": pair.second, "second_parameters": parameters[pair.second]}
    where = {"study": results.name, "subject": contest.subject, "metric": contest.card.name}
    return where | names | _numbers(results, contest.card, pair)


def _numbers(results: Results, card: Card, pair: Comparison) -> dict[str, Any]:
    gap, share = pair.difference, _better(pair.improvement, card)
    values = (gap.value, gap.low, gap.high, gap.n, gap.n_unscored, gap.clusters, *share)
    flag = f"failed: {results.flagged[card.name]}" if card.name in results.flagged else None
    decided = (pair.p, pair.p_adjusted, _verdict(pair, card), flag)
    return dict(zip([*PAIR, *SHARE, *DECIDED], [*values, *decided], strict=True))


def _better(share: Interval, card: Card) -> tuple[float | None, float | None, float | None]:
    """The share of clusters on which first is better, where lower is better: those on which it is not higher."""
    if card.direction != "lower":
        return share.value, share.low, share.high
    value, low, high = (None if end is None else 1 - end for end in (share.value, share.high, share.low))
    return value, low, high


def _verdict(pair: Comparison, card: Card) -> str | None:
    if pair.verdict in (None, "tie") or card.direction == "none":
        return pair.verdict
    return "better" if pair.verdict == card.direction else "worse"


def paired(results: Results, found: list[Contest]) -> pd.DataFrame:
    """Each method's best cell against the untuned base beside it, for every metric: those pairs of `compare`."""
    records = []
    for contest in found:
        pairs = {(pair.first, pair.second): pair for pair in contest.pairs}
        trained = contest.entrants[contest.entrants["kind"] == "trained"]
        for entrant in trained.to_dict("records") if contest.subject != ALL else ():
            record = {"study": results.name, **{key: entrant[key] for key in ROW}, "versus": "base"}
            pair = pairs.get((entrant["name"], entrant["base"]))
            said = _numbers(results, contest.card, pair) if pair else {"n": 0, "n_unscored": 0, "clusters": 0}
            records.append({**record, "metric": contest.card.name, **said})
    columns = ["study", *ROW, "versus", "metric", *PAIR, *DECIDED]
    return pd.DataFrame(records, columns=columns)


def ranked(results: Results, found: list[Contest]) -> pd.DataFrame:
    """The place of every entrant that a metric with a direction scored: its range, its letters, and against base.

    Entrants that share a letter cannot be told apart; `rank_low` to `rank_high` are the places that one may have, with
    95 % for all of a contest at once. better_than_base: on which share of prompts and seeds it beats its base.
    clusters: of the pair that has the fewest.
    """
    records = []
    for contest in found:
        if contest.card.direction not in ("higher", "lower"):
            continue
        scored = [pair for pair in contest.pairs if pair.difference.value is not None]
        entrants = contest.entrants.drop_duplicates("name").set_index("name")
        shares = {(pair.first, pair.second): _better(pair.improvement, contest.card) for pair in scored}
        flag = f"failed: {results.flagged[contest.card.name]}" if contest.card.name in results.flagged else None
        for place in ranks(scored, contest.card.direction == "higher"):
            share = shares.get((place.name, str(entrants.loc[place.name, "base"])), (None, None, None))
            where = (results.name, contest.subject, contest.card.name, place.name)
            fewest = min(pair.difference.clusters for pair in scored if place.name in (pair.first, pair.second))
            records.append((*where, place.rank, place.low, place.high, place.letters, *share, fewest, flag))
    against = [f"better_than_base{end}" for end in ("", "_low", "_high")]
    columns = ["study", "subject", "metric", "method", "rank", "rank_low", "rank_high", "letters", *against]
    columns += ["clusters", "audit"]
    return pd.DataFrame(records, columns=columns).astype(dict.fromkeys(against, np.float64))
