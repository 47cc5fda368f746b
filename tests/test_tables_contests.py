"""Best cells against each other, in closed form: constant differences over 12 clusters, whose p is 2 / 2^12."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from study_folder import Folder, everywhere

from sdbench import tables
from sdbench.results import Results, load

SIX = [10, 11, 12, 13, 14, 15]  # with two prompts: 12 clusters
LEAST = 2 / 2**12


def contested(root: Path, audit: dict[str, dict[str, object]] | None = None) -> Results:
    """On `good` lora and dreambooth tie ahead of base; on `bad`, where lower is better, base is ahead of both."""
    folder = Folder(root, test=SIX, cards={"bad": {"direction": "lower"}, "size": {"direction": "none"}})
    base = {"good": everywhere(0.2), "bad": everywhere(0.0), "size": everywhere(1.0)}
    folder.cell("base", scores=base, kind="base")
    for name, bad in (("dreambooth", 0.5), ("lora", 0.25)):
        scores = {"good": everywhere(0.6), "bad": everywhere(bad), "size": everywhere(2.0)}
        folder.cell(name, "lr1", scores, lr=1.0, steps=1)
    runs = folder.finish("good")
    if audit is not None:
        (runs / "tiny/audit.json").write_text(json.dumps(audit))
    return load("tiny", runs)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return contested(tmp_path_factory.mktemp("contested"))


@pytest.fixture(scope="module")
def every(results: Results) -> tables.Tables:
    return tables.every(results)


def test_every_best_cell_meets_every_other_and_the_base_once_per_metric(every: tables.Tables) -> None:
    good = every.compare[every.compare["metric"] == "good"]
    met = list(zip(good["first"], good["second"], strict=True))
    assert met == [("dreambooth", "lora"), ("dreambooth", "base"), ("lora", "base")]
    assert every.compare["metric"].value_counts().to_dict() == {"good": 3, "bad": 3, "size": 3, "average(ocr, yolo)": 3}


def test_verdicts_are_corrected_for_all_pairs_of_a_metric_and_follow_its_direction(every: tables.Tables) -> None:
    pairs = every.compare.set_index(["metric", "first", "second"])
    won = pairs.loc[("good", "lora", "base")]
    assert (won["difference"], won["p"], won["verdict"]) == (pytest.approx(0.4), LEAST, "better")
    assert won["p_adjusted"] == pytest.approx(3 * LEAST)
    assert pairs.loc[("good", "dreambooth", "lora"), "verdict"] == "tie"
    assert pairs.loc[("bad", "lora", "base"), "verdict"] == "worse"
    assert pairs.loc[("bad", "dreambooth", "lora"), "verdict"] == "worse"
    assert pairs.loc[("size", "lora", "base"), "verdict"] == "higher"


def test_the_probability_of_improvement_is_of_being_better_not_of_being_higher(every: tables.Tables) -> None:
    pairs = every.compare.set_index(["metric", "first", "second"])
    shares = ["improvement", "improvement_low", "improvement_high"]
    up, down = pairs.loc[("good", "lora", "base"), shares], pairs.loc[("bad", "lora", "base"), shares]
    assert (up.iloc[0], up.iloc[2], down.iloc[0], down.iloc[1]) == (1.0, 1.0, 0.0, 0.0)
    assert down.iloc[2] == pytest.approx(1 - up.iloc[1])
    assert pairs.loc[("good", "dreambooth", "lora"), "improvement"] == 0.5


def test_ties_share_places_and_letters_and_each_metric_has_its_own_order(every: tables.Tables) -> None:
    ranks = every.ranks.set_index(["metric", "method"])
    places = ["rank", "rank_low", "rank_high", "letters"]
    assert ranks.loc["good", places].T.to_dict("list") == {
        "dreambooth": [1, 1, 2, "a"], "lora": [1, 1, 2, "a"], "base": [3, 3, 3, "b"]
    }  # fmt: skip
    assert ranks.loc["bad", "rank"].to_dict() == {"base": 1, "lora": 2, "dreambooth": 3}
    assert "size" not in ranks.index.get_level_values("metric")  # no direction, no places
    assert ranks.loc[("good", "lora"), "better_than_base"] == 1 and pd.isna(
        ranks.loc[("good", "base"), "better_than_base"]
    )


def test_a_metric_that_nothing_scored_has_pairs_without_numbers_and_no_places(every: tables.Tables) -> None:
    average = every.compare[every.compare["metric"] == "average(ocr, yolo)"]
    assert average["difference"].isna().all() and average["verdict"].isna().all()
    assert "average(ocr, yolo)" not in set(every.ranks["metric"])


def test_against_base_the_verdict_is_the_one_that_compare_gives(every: tables.Tables) -> None:
    base = every.compare[every.compare["second"] == "base"].set_index(["first", "metric"])["verdict"]
    paired = every.paired.set_index(["method", "metric"])["verdict"]
    assert paired.dropna().to_dict() == base.dropna().to_dict() and len(paired) == 8


def test_a_metric_that_failed_the_audit_is_flagged_where_it_is_compared_ranked_and_listed(tmp_path: Path) -> None:
    audit = {"bad": {"passed": False, "why": "blur is rewarded"}, "good": {"passed": True, "why": ""}}
    every = tables.every(contested(tmp_path, audit))
    for table in (every.compare, every.paired, every.ranks):
        flagged = table.dropna(subset=["audit"])
        assert set(flagged["metric"]) == {"bad"} and set(flagged["audit"]) == {"failed: blur is rewarded"}
    assert every.metrics.set_index("name")["audit"].dropna().to_dict() == {"bad": "failed: blur is rewarded"}


def test_a_cell_is_compared_with_the_base_that_was_drawn_as_it_was(tmp_path: Path) -> None:
    folder = Folder(tmp_path, test=SIX)
    for context, value in (("fast", 0.1), ("slow", 0.3)):
        folder.cell("base", context, {"good": everywhere(value)}, kind="base", context=context)
    folder.cell("lora", "lr1_slow", {"good": everywhere(0.5)}, lr=1.0, steps=1, context="slow")
    folder.cell("lora", "lr1_fast", {"good": everywhere(0.4)}, lr=1.0, steps=1, context="fast")
    results = load("tiny", folder.finish("good"))
    summary = tables.summarise(results)
    paired = tables.paired(results, tables.contests(results, summary)).set_index("metric").loc["good"]
    assert (paired["parameters"], paired["difference"]) == ("lr1_slow", pytest.approx(0.2))


def subjects(root: Path) -> Results:
    """lora is 0.4 above base on one subject and 0.2 on the other, at every prompt and seed."""
    folder = Folder(root, test=SIX)
    for subject, gain in (("dog", 0.4), ("cat", 0.2)):
        folder.cell("base", scores={"good": everywhere(0.1)}, kind="base", subject=subject)
        folder.cell("lora", "lr1", {"good": everywhere(0.1 + gain)}, lr=1.0, steps=1, subject=subject)
    return load("tiny", folder.finish("good"))


def test_over_several_subjects_clusters_are_subjects_and_prompts_with_seeds(tmp_path: Path) -> None:
    every = tables.every(subjects(tmp_path))
    rows = every.across.set_index("method")
    assert rows.index.tolist() == ["lora", "base"] and rows["subjects"].tolist() == [2, 2]
    assert rows.loc["lora", ["good", "good_n", "good_clusters"]].tolist() == [pytest.approx(0.4), 24, 2]
    assert rows.loc["lora", "good_low"] == pytest.approx(0.3) and rows.loc["lora", "good_high"] == pytest.approx(0.5)
    together = every.compare[(every.compare["subject"] == "all subjects") & (every.compare["metric"] == "good")].iloc[0]
    assert (together["difference"], together["n"], together["clusters"]) == (pytest.approx(0.3), 24, 2)
    assert set(every.compare["subject"]) == {"dog", "cat", "all subjects"}


def test_a_study_of_one_subject_has_no_table_over_subjects(every: tables.Tables) -> None:
    assert every.across.empty
