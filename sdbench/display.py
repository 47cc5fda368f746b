"""Tables as a person reads them: rounded, intervals and counts beside the numbers, marks where they need care.

Frames of text or None, for Markdown and LaTeX alike. Marks: † few clusters, ‡ the metric failed its audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sdbench.browse import COSTS
from sdbench.records import Card
from sdbench.results import AVERAGE, ROW, THESIS, Results
from sdbench.stats import FEW
from sdbench.tables import Tables
from sdbench.tables.costs import GRID_GRAMS_PER_KWH, GRID_SOURCE

FEW_MARK, FLAG_MARK = "†", "‡"
COST_NOTE = (
    "Peak memory is of training alone. Energy is read from the counters of the processor or GPU, whoever else uses "
    f"them, and is a dash where there are none. CO2 is modelled: energy at {GRID_GRAMS_PER_KWH:g} g per kWh "
    f"({GRID_SOURCE})."
)


def interval(value: Any, low: Any, high: Any, clusters: Any) -> str | None:
    """`0.725 [0.681, 0.769]`, the ends where there are any, marked where they rest on few clusters."""
    if pd.isna(value):
        return None
    shown = [None if pd.isna(number) else f"{round(number, 3) + 0.0:.3f}" for number in (value, low, high)]  # no -0.000
    if None in shown:
        return shown[0]
    return f"{shown[0]} [{shown[1]}, {shown[2]}]{FEW_MARK if clusters < FEW else ''}"


def score(row: Mapping[Any, Any], name: str) -> str | None:
    """A mean with its interval, and its own counts where they are not the row's n."""
    value, low, high, clusters = (row.get(f"{name}{end}") for end in ("", "_low", "_high", "_clusters"))
    n, lost = row.get(f"{name}_n"), row.get(f"{name}_n_unscored")
    said = interval(value, low, high, clusters)
    if said is None:
        return None
    counts = [f"n {n}"] if n != row["n"] or lost else []
    return " ".join([said, ", ".join([*counts, *([f"{lost} unscored"] if lost else [])])]).strip()


def title(results: Results, card: Card) -> str:
    """`Spelling [exact] ↑`, marked where it failed its audit."""
    arrow = {"higher": " ↑", "lower": " ↓"}.get(card.direction, "")
    return f"{card.title}{f' [{card.unit}]' if card.unit else ''}{arrow}{_flag(results, card.name)}"


def _flag(results: Results, metric: str) -> str:
    return FLAG_MARK if metric in results.flagged else ""


def headline(results: Results) -> list[Card]:
    """The metrics of the tables that a person reads; the CSV files have all."""
    return [c for c in results.cards.values() if c.headline and (c.name != AVERAGE or has_average(results))]


def has_average(results: Results) -> bool:
    """Whether the study asks for both halves of the thesis's score; a study of no logo does not."""
    return {"ocr", "yolo"} <= set(results.cards)


def _keys(frame: pd.DataFrame) -> list[str]:
    return [key for key in ROW if key in frame and (key in ("method", "parameters") or frame[key].nunique() > 1)]


def thesis(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """sdbench.tables.thesis, the reasons only where there are any."""
    names = {name: f"{name}{_flag(results, metric)}" for metric, name in THESIS.items()}
    rows = [{**row, **{shown: score(row, name) for name, shown in names.items()}} for row in frame.to_dict("records")]
    keys = [key for key in ROW if key in frame]
    reason = ["reason"] if frame["reason"].notna().any() else []
    return pd.DataFrame(rows, columns=[*keys, *names.values(), "n", *reason])


def leaderboard(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """sdbench.tables.leaderboard: the headline metrics, a similarity with its place from floor to ceiling."""
    keys, rows = _keys(frame), []
    for row in frame.to_dict("records"):
        status = row["status"] if row["status"] == "done" else f"{row['status']}: {row['cause']}"
        shown = {title(results, card): _with_share(row, card) for card in headline(results)}
        rows.append({key: row[key] for key in keys} | {"status": status, "n": row["n"]} | shown)
    table = pd.DataFrame(rows)
    return table.drop(columns="status") if (table["status"] == "done").all() else table


def is_similarity(card: Card) -> bool:
    """A cosine that is better the higher it is: means little without its floor and its ceiling."""
    return "cosine" in card.unit and card.direction == "higher"


def _with_share(row: Mapping[Any, Any], card: Card) -> str | None:
    said, share = score(row, card.name), row.get(f"{card.name}_rescaled")
    return f"{said} ({share:.2f})" if said and is_similarity(card) and pd.notna(share) else said


def compare(results: Results, frame: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    """Every pair by these metrics: difference, on how many of the prompts and seeds first is better, verdict."""
    rows = []
    for row in frame[frame["metric"].isin(metrics)].to_dict("records"):
        gap = interval(row["difference"], row["low"], row["high"], row["clusters"])
        share = interval(row["improvement"], row["improvement_low"], row["improvement_high"], row["clusters"])
        p = None if pd.isna(row["p_adjusted"]) else f"{row['p_adjusted']:.4f}"
        names = {"subject": row["subject"], "metric": title(results, results.cards[row["metric"]])}
        counts = {"pairs": f"{row['n']}" + (f", {row['n_unscored']} unpaired" if row["n_unscored"] else "")}
        tested = {"first - second": gap, "first better": share, "p": p, "first is": row["verdict"]}
        rows.append({**names, "first": row["first"], "second": row["second"], **tested, **counts})
    columns = ["subject", "metric", "first", "second", "first - second", "first better", "p", "first is", "pairs"]
    table = pd.DataFrame(rows, columns=columns)
    spare = [key for key in ("subject", "metric") if table[key].nunique() < 2]
    return table.drop(columns=spare)


def ranks(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """A row per method, a column per headline metric: `1–2 ab · 0.98`, places, letters, share better than base."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    shown = {card.name: title(results, card) for card in headline(results) if card.name in set(frame["metric"])}
    mine = frame[frame["metric"].isin(shown)]
    first = (mine["metric"] != results.select).sort_values(kind="stable").index  # the selecting metric gives the order
    for row in mine.loc[first].to_dict("records"):
        places = f"{row['rank_low']}" + (f"–{row['rank_high']}" if row["rank_high"] > row["rank_low"] else "")
        share = "" if pd.isna(row["better_than_base"]) else f" · {row['better_than_base']:.2f}"
        few = FEW_MARK if row["clusters"] < FEW else ""
        cells = rows.setdefault((row["subject"], row["method"]), {})
        cells[shown[row["metric"]]] = f"{places} {row['letters']}{share}{few}"
    named = [{"subject": subject, "method": method, **found} for (subject, method), found in rows.items()]
    table = pd.DataFrame(named, columns=["subject", "method", *shown.values()])
    return table.drop(columns="subject") if table["subject"].nunique() < 2 else table


def across(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """sdbench.tables.across: the headline metrics."""
    cards = headline(results)
    rows = [
        {key: row[key] for key in ("method", "subjects", "n")}
        | {title(results, card): score(row, card.name) for card in cards}
        for row in frame.to_dict("records")
    ]
    return pd.DataFrame(rows)


def noise(results: Results, frame: pd.DataFrame) -> pd.DataFrame:
    """sdbench.tables.noise: the headline metrics."""
    rows = []
    for row in frame.to_dict("records"):
        card = results.cards[row["metric"]]
        spread = interval(row["deviation"], row["low"], row["high"], row["repeats"])
        means = f"means of {row['runs']} trainings"
        least = {"two trainings": f"{row['least_difference']:.3f}", means: f"{row['least_difference_of_means']:.3f}"}
        if card.headline:
            rows.append({"metric": title(results, card), "deviation": spread, "trainings": row["repeats"], **least})
    return pd.DataFrame(rows)


def tuning(curves: pd.DataFrame, sensitivity: pd.DataFrame) -> pd.DataFrame:
    """A row per method: trials, the score to expect after 1, 2, 4, .. and all of them, what the median one loses."""
    rows = []
    for lost in sensitivity.to_dict("records"):
        mine = curves[curves["label"] == lost["label"]].set_index("k")
        after = {
            f"best of {k}": interval(*mine.loc[k, ["expected", "low", "high", "clusters"]]) if k in mine.index else None
            for k in _powers(int(curves["k"].max()))
        }
        median = None if pd.isna(lost["lost_by_median"]) else f"{lost['lost_by_median']:.2f}"
        head = {"method": lost["label"], "trials": lost["trials"], "without a score": lost["n_unscored"]}
        whole = {"best of all": interval(*mine.iloc[-1][["expected", "low", "high", "clusters"]])}
        rows.append({**head, **after, **whole, "lost by the median trial": median})
    return pd.DataFrame(rows)


def _powers(most: int) -> list[int]:
    return [2**i for i in range(most.bit_length()) if 2**i <= most][:5]


def costs(tables: Tables) -> pd.DataFrame:
    """What each method's best cell and the untuned bases cost."""
    summary = tables.summary
    rows = []
    for row in summary[summary["best"] | (summary["kind"] == "base")].to_dict("records"):
        amounts = {shown: _scaled(row[column], unit) for column, shown, unit in COSTS}
        rows.append({key: row[key] for key in _keys(summary)} | amounts)
    return pd.DataFrame(rows)


def _scaled(value: Any, unit: float) -> str | None:
    if pd.isna(value):
        return None
    if isinstance(value, int):
        return f"{value:,}" if unit == 1 else _scaled(float(value), unit)
    return f"{value / unit:.3g}" if value / unit < 100 else f"{value / unit:.0f}"
