"""What the votes on a study say: `reports/<study>/votes.md`, and its two tables as CSV. A reader; never torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sdbench import display, markdown, votes
from sdbench.results import ROW, Results, load
from sdbench.stats import FEW, Interval, mean_interval
from sdbench.stats.agreement import krippendorff_alpha

AGREEMENT = ["metric", "title", "agreement", "low", "high", "n", "metric_ties", "n_unscored", "reason"]
PAGE = """# Votes on {name}

Two images of the same prompt and image seed, side by side, whose methods the rater was not told.

{missing}## Visual quality

The share of pairs that a configuration wins against the others compared here, by a Bradley-Terry model in which a tie
is half a win (sdbench/stats/bradley_terry.py): 0.5 is as good as the others on the average. In brackets the 95 %
interval, a bootstrap over raters and prompts.{few}

{scores}

## Raters

A rater who passes fewer than {passed:.0%} of the attention checks (a picture beside its own pixels shuffled, or the
same picture twice) is left out. Stale: answers about images that have been made anew since.

{raters}

{left_out} of {n_raters} raters left out. Votes that count: {n_votes}, of which {n_ties} are ties.

Agreement between raters on the same pair (Krippendorff's alpha of first, second, tie; 1 is always, 0 is chance):
{alpha}

## Agreement with the metrics

Of the pairs that a rater decided and where the metric sees a difference: the share where it prefers the same image,
with the 95 % interval over raters and prompts. 0.5 is chance.

{metrics}
"""


def render(study: str, runs: Path, out: Path) -> Path:
    """Write `out/<study>/votes.md`, votes.csv and votes_metrics.csv, and return the first.

    The same votes and runs give the same bytes. UserError where the study has no results or a file of votes is
    damaged.
    """
    results, found, scores = load(study, runs), votes.load(study, runs), votes.scores(study, runs)
    agreement = with_metrics(results, found.votes)
    folder = out / study
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (("votes", scores), ("votes_metrics", agreement)):
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    raters, given = found.raters, found.votes
    numbered = raters.assign(rater=range(1, len(raters) + 1))  # in order of name; names are nobody's business
    page = PAGE.format(
        name=study,
        missing=f"**No votes:** {found.reason}; `sdbench vote {study}` asks for them.\n\n" if found.reason else "",
        few=_few(given),
        scores=_scores(scores),
        passed=votes.PASSED,
        raters=markdown.table(numbered.assign(kept=numbered["kept"].map({True: "yes", False: "no"}))),
        left_out=int((~raters["kept"].astype(bool)).sum()),
        n_raters=len(raters),
        n_votes=len(given),
        n_ties=int((given["answer"] == "tie").sum()),
        alpha=_alpha(between_raters(given)),
        metrics=_agreement(agreement),
    )
    (folder / "votes.md").write_text(page, encoding="utf-8")
    return folder / "votes.md"


def between_raters(given: pd.DataFrame) -> Interval:
    """Krippendorff's alpha of the answers to the same pair, whichever side its images stood on."""
    first = given["left_cell"] < given["right_cell"]
    turned = given["answer"].map({"left": "right", "right": "left", "tie": "tie"})
    return krippendorff_alpha(given["answer"].where(first, turned).groupby(given["id"]).agg(list).tolist())


def with_metrics(results: Results, given: pd.DataFrame) -> pd.DataFrame:
    """How often each metric prefers the image that a rater preferred; columns AGREEMENT.

    n: decided pairs in which the metric sees a difference. metric_ties: where it sees none; n_unscored: where it has
    no value for one of the two. Neither is part of the share.
    """
    decided = given[given["answer"] != "tie"]
    images = results.images[results.images["asked"] == ""]
    place = pd.Series(images.index, pd.MultiIndex.from_frame(images[["cell", "sample_id"]]))
    sides = [
        place.reindex(pd.MultiIndex.from_frame(decided[[f"{side}_cell", "sample_id"]])) for side in ("left", "right")
    ]
    clusters = decided[["rater", "prompt_id"]].to_numpy(dtype=str).reshape(-1, 2)
    rows = []
    for card in results.cards.values():
        row: dict[str, Any] = {"metric": card.name, "title": card.title}
        why = None if len(decided) else "no pair was decided"
        if card.direction not in ("higher", "lower"):
            why = "neither more nor less of it is better"
        elif card.prompts or card.per != "image":
            why = "it does not judge the images that were voted on one by one"
        if why:
            rows.append({**row, "reason": why})
            continue
        left, right = (results.values[card.name].reindex(side.to_numpy()).to_numpy() for side in sides)
        gap = (left - right) * (1 if card.direction == "higher" else -1)
        agrees = np.where(gap == 0, np.nan, (gap > 0) == (decided["answer"] == "left").to_numpy())
        got = mean_interval(np.where(np.isnan(gap), np.nan, agrees), clusters)
        counts = {"n": got.n, "metric_ties": int((gap == 0).sum()), "n_unscored": int(np.isnan(gap).sum())}
        reason = None if got.n else "it has no value, or no difference, for any decided pair"
        rows.append({**row, "agreement": got.value, "low": got.low, "high": got.high, **counts, "reason": reason})
    frame = pd.DataFrame(rows, columns=AGREEMENT)
    return frame.astype(dict.fromkeys(["n", "metric_ties", "n_unscored"], "Int64"))


def _few(given: pd.DataFrame) -> str:
    counts = {"raters": given["rater"].nunique(), "prompts": given["prompt_id"].nunique()}
    few = [f"{n} {name if n > 1 else name[:-1]}" for name, n in counts.items() if 0 < n < FEW]
    alone = " One rater shows nothing of how others would vote." if counts["raters"] == 1 else ""
    return f" It rests on {' and '.join(few)} only, and may be off.{alone}" if few else ""


def _scores(scores: pd.DataFrame) -> str:
    rows = [
        {**{key: row[key] for key in ROW}, "visual quality": _interval(row, "visual_quality"),
         "votes": row["votes"], "reason": row["reason"]}
        for row in scores.to_dict("records")
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=[*ROW, "visual quality", "votes", "reason"])
    return markdown.table(frame if frame["reason"].notna().any() else frame.drop(columns="reason"))


def _interval(row: Mapping[Any, Any], value: str) -> str | None:
    """Without the mark for few clusters: the report says in words how few raters and prompts there are."""
    return display.interval(row[value], row["low"], row["high"], FEW)


def _agreement(table: pd.DataFrame) -> str:
    rows = [
        {"metric": row["title"], "same image preferred": _interval(row, "agreement"),
         "pairs": row["n"], "the metric ties": row["metric_ties"], "unscored": row["n_unscored"],
         "reason": row["reason"]}
        for row in table.to_dict("records")
    ]  # fmt: skip
    return markdown.table(pd.DataFrame(rows))


def _alpha(got: Interval) -> str:
    if got.value is None:
        return "–, for no two raters answered the same pair, or all answers are the same."
    ends = "" if got.low is None else f" [{got.low:.3f}, {got.high:.3f}]"
    return f"{got.value:.3f}{ends}, over {got.n} pairs that several raters answered."
