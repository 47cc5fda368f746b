"""The report as one short page of Markdown: best cells, ranks, leaderboard, tuning, cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from sdbench import display, markdown
from sdbench.records import STOPPED
from sdbench.results import AVERAGE, ROW, Results
from sdbench.tables import Tables

ROWS = 8  # of the leaderboard, besides floors, ceilings and best cells; all are in leaderboard.md

INTERVALS = """Means over the images of the test seeds; in brackets the 95 % interval, a bootstrap over clusters. A
cluster is one prompt with one image seed: {clusters} of them per row. Prompts are the study's fixed conditions, image
seeds its random draws; images of replicates (other training seeds) fall into the same cluster, so the spread between
trainings is averaged, not shown. An image that could not be judged is left out and counted, never 0."""

MARKS = """† from fewer than 10 clusters: may be too narrow. ‡ failed its audit: point at the title to see why."""

CORRECTED = """Intervals are uncorrected: each stands for itself. Verdicts (`p`, and so places and letters) are
corrected for all pairs of a metric at once (Holm's correction of sign-flip tests; over several subjects of Student's
t): with 95 % they are right about all of them."""

PAGE = """# {name}

{question}

{caveats}{missing}<details><summary>Made with</summary>

{made_with}

</details>

Every number with the images behind it: open [index.html](index.html) in a browser, from disk.

## Best cell of each method

Chosen by the mean of `{select}` on the validation seeds; the numbers are from the test seeds, which the choice did
not see. For papers: [thesis.tex](thesis.tex).

{best}

{equals}{intervals}

{published}{studies}## Who is ahead

{ranks}

{across}{compare}

{corrected} All metrics: [compare.md](compare.md), [compare.csv](compare.csv), [compare.tex](compare.tex),
[ranks.csv](ranks.csv); against base alone: [paired.csv](paired.csv).

## Leaderboard

By `{select}`. {floors}{rest}

{leaderboard}

{noise}

All metrics and counts: [leaderboard.csv](leaderboard.csv), [leaderboard.tex](leaderboard.tex); the metrics
themselves: [metrics.csv](metrics.csv); images that could not be judged, and why: [unscored.csv](unscored.csv);
between floor and ceiling: [rescaled.csv](rescaled.csv).

## Tuning

{tuning}

## Cost

{costs}

## Pictures

{pictures}
"""


def write(results: Results, tables: Tables, parts: Mapping[str, str]) -> str:
    """The page. parts: made_with, published, studies, pictures, each Markdown as it is to stand there, or empty."""
    return PAGE.format(
        name=results.name,
        question=markdown.escape(results.question),
        select=results.select,
        caveats="".join(f"{note}\n\n" for note in caveats(results)),
        missing=f"**Not run yet:** {', '.join(results.missing)}\n\n" if results.missing else "",
        best=_best(results, tables),
        equals=_equals(tables.summary),
        intervals=intervals(tables.summary),
        ranks=_ranks(results, tables),
        across=_across(results, tables),
        compare=_compare(results, tables),
        corrected=CORRECTED,
        floors=floors(tables.summary),
        rest=_rest(tables),
        leaderboard=board(results, tables, shortened(tables)),
        noise=noise(results, tables),
        tuning=_tuning(results, tables),
        costs=f"{markdown.table(display.costs(tables))}\n\n{display.COST_NOTE}",
        **parts,
    )


def caveats(results: Results) -> list[str]:
    """What is to be said above every table."""
    return [f"**{markdown.escape(said)}**" for said in results.caveats]


def floors(summary: pd.DataFrame) -> str:
    """What the rows are that methods are compared with, of those that the study has."""
    sibling = ", `sibling` are pictures of another of the subject's class" if "sibling" in set(summary["kind"]) else ""
    return (
        f"`base` is the untuned model asked with the class words, `base_raw` with the raw prompt{sibling} (floors); "
        "`real` are held-out pictures of the subject (ceiling)."
    )


def _best(results: Results, tables: Tables) -> str:
    """The thesis's columns where they are asked for, and where nothing else is there, else the leaderboard's."""
    best = tables.leaderboard.merge(tables.summary.loc[tables.summary["best"], ROW], on=ROW)
    if display.has_average(results) or best.empty:
        return noted(results, tables, display.thesis(results, tables.thesis), [AVERAGE, "ocr", "yolo"])
    return board(results, tables, best)


def _equals(summary: pd.DataFrame) -> str:
    """Where the choice was none: of a method's settings with the same mean the first of the grid is taken."""
    tied = summary[summary["best"] & (summary["equals"] > 1)]
    said = [f"{count:.0f} of {label}" for label, count in zip(tied["label"], tied["equals"], strict=True)]
    return f"Settings with the same best mean, of which the first stands here: {', '.join(said)}.\n\n" if said else ""


def intervals(summary: pd.DataFrame) -> str:
    """How the intervals were made, and from how many clusters."""
    return INTERVALS.format(clusters=_span(summary.loc[summary["n"] > 0, "clusters"]))


def _span(counts: Iterable[int]) -> str:
    low, high = min(counts, default=0), max(counts, default=0)
    return f"{low}" if low == high else f"{low} to {high}"


def noted(results: Results, tables: Tables, frame: pd.DataFrame, metrics: Sequence[str]) -> str:
    """A table in Markdown with the notes that its marks call for."""
    return "\n\n".join([markdown.table(frame), *map(markdown.escape, notes(results, tables, frame, metrics))])


def notes(results: Results, tables: Tables, frame: pd.DataFrame, metrics: Sequence[str]) -> list[str]:
    """What the marks in a table mean, and why a metric has no score in any row. metrics: those that it shows."""
    known = tables.metrics[tables.metrics["name"].isin(list(metrics))].set_index("name")
    said = []
    if frame.astype(str).apply(lambda column: column.str.contains(display.FEW_MARK, regex=False)).to_numpy().any():
        said.append(f"{display.FEW_MARK} from fewer than 10 clusters (of a noise floor: trainings): may be too narrow.")
    for name in known.index.intersection(list(results.flagged)):
        said.append(f"{display.FLAG_MARK} {known.loc[name, 'title']} failed its audit: {results.flagged[name]}")
    for row in known.dropna(subset=["reason"]).to_dict("records"):
        lost = f" ({row['n_unscored']} images)" if row["n_unscored"] else ""
        said.append(f"{row['title']} has no score: {row['reason']}{lost}.")
    return said


def board(results: Results, tables: Tables, rows: pd.DataFrame) -> str:
    """The leaderboard, or some rows of it, with its notes."""
    shown = [card.name for card in display.headline(results)]
    table = noted(results, tables, display.leaderboard(results, rows), shown)
    return "\n\n".join([table, *_shares(results, tables)])


def _shares(results: Results, tables: Tables) -> list[str]:
    """What the numbers in parentheses are, and which similarities have none, and why."""
    cards = [card for card in display.headline(results) if display.is_similarity(card)]
    mine = tables.rescaled[tables.rescaled["metric"].isin([card.name for card in cards])]
    said = []
    if mine["rescaled"].notna().any():
        known = mine.loc[mine["rescaled"].notna(), "sibling"].notna().any()
        more = " Up to the share of `sibling` it may be any of the subject's class." if known else ""
        said.append(
            f"In parentheses: where a similarity lies from its floor (`base`, 0) to its ceiling (`real`, 1).{more}"
        )
    for card in cards:
        lost = mine[(mine["metric"] == card.name) & mine["value"].notna() & mine["reason"].notna()]
        for reason in lost["reason"].unique():
            said.append(f"{markdown.escape(card.title)} is not rescaled: {markdown.escape(reason)}.")
    return said


def shortened(tables: Tables) -> pd.DataFrame:
    """The leaderboard's first rows, and floors, ceilings and best cells wherever they are."""
    full = tables.leaderboard
    kept = tables.summary[tables.summary["best"] | (tables.summary["kind"] != "trained")]
    always = full[ROW].merge(kept[ROW], on=ROW, how="left", indicator=True)["_merge"].eq("both").to_numpy()
    return full[always | (full.index < ROWS)]


def _rest(tables: Tables) -> str:
    hidden = tables.leaderboard.drop(index=shortened(tables).index)
    statuses = tables.leaderboard["status"]
    stopped, bad = int((statuses == STOPPED).sum()), int((~statuses.isin(["done", STOPPED])).sum())
    words = f"{bad} of {len(statuses)} rows failed or diverged. " if bad else ""
    words += f"{stopped} of {len(statuses)} rows were stopped early. " if stopped else ""
    more = f"{len(hidden)} more rows are in [leaderboard.md](leaderboard.md)." if len(hidden) else ""
    return f" {words}{more}".rstrip()


def noise(results: Results, tables: Tables) -> str:
    """The noise floor of the study's replicates, or how to get one."""
    if tables.noise.empty:
        return (
            "**Noise floor:** unknown, for no row was trained more than once; add `train.seed=0,1,2` to the study's "
            "grid. Until then a difference between two trainings may be luck, however narrow the intervals are."
        )
    said = (
        "**Noise floor:** the standard deviation between trainings that differ in `train.seed` only, with its 95 % "
        "interval, and the least difference that means something: between two trainings, and between two rows."
    )
    return f"{said}\n\n{noted(results, tables, display.noise(results, tables.noise), tables.noise['metric'].tolist())}"


def _ranks(results: Results, tables: Tables) -> str:
    if tables.ranks.empty:
        return "Nothing to rank: fewer than two methods have a score."
    shown = [card.name for card in display.headline(results)]
    said = (
        "The places that each best cell may have, with 95 %; methods that share a letter are tied; then on which share "
        "of the prompts and seeds it is better than `base` (ties one half)."
    )
    flagged = [name for name in shown if name in results.flagged]
    return f"{said}\n\n{noted(results, tables, display.ranks(results, tables.ranks), flagged)}"


def _compare(results: Results, tables: Tables) -> str:
    frame = display.compare(results, tables.compare, [results.select])
    if frame.empty:
        return f"No two methods have a `{results.select}` on the same prompts and seeds."
    flagged = [results.select] if results.select in results.flagged else []
    return f"Pair by pair, by `{results.select}`:\n\n{noted(results, tables, frame, flagged)}"


def _across(results: Results, tables: Tables) -> str:
    if tables.across.empty:
        return ""
    shown = [card.name for card in display.headline(results)]
    table = noted(results, tables, display.across(results, tables.across), shown)
    how = "intervals draw subjects, and prompts with seeds, anew"
    return f"Over all subjects ({how}; [across.csv](across.csv)):\n\n{table}\n\n"


def _tuning(results: Results, tables: Tables) -> str:
    if tables.tuning["expected"].isna().all():
        return "No trial has a score."
    if tables.tuning["k"].max() == 1:
        return "No method has had more than one trial: nothing was tuned, and what tuning would bring is not known."
    table = display.tuning(tables.tuning, tables.sensitivity)
    flagged = [results.select] if results.select in results.flagged else []
    said = (
        f"`{results.select}` to expect on the test seeds from the best of k trials drawn from a method's grid, chosen "
        "on validation seeds, of equals each as often. A trial that failed or diverged is a trial. Last column: what "
        "the median trial loses, as a share of the grid's spread. [tuning.csv](tuning.csv), "
        "[sensitivity.csv](sensitivity.csv)"
    )
    return f"{said}\n\n{noted(results, tables, table, flagged)}"
