"""Tables from a run folder, checked against numbers worked out by hand (see study_folder.example)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_folder import Folder, everywhere, example

from sdbench import tables
from sdbench.errors import StoreError, UserError
from sdbench.results import AVERAGE, Results, load
from sdbench.stats import mean_interval


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return load("tiny", example(tmp_path_factory.mktemp("example")))


@pytest.fixture(scope="module")
def summary(results: Results) -> pd.DataFrame:
    return tables.summarise(results)


@pytest.fixture(scope="module")
def board(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    return tables.leaderboard(results, summary).set_index(["method", "parameters"])


def test_columns_are_those_of_the_contract_with_the_metrics_from_the_cards(
    results: Results, summary: pd.DataFrame
) -> None:
    metrics = [f"{m}{end}" for m in (AVERAGE, "yolo", "ocr") for end in [*tables.ENDS, "_rescaled"]]
    metrics += [f"clip{end}" for end in tables.ENDS]  # its ceiling has no score
    costs = ["train_seconds", "generate_seconds", "peak_memory_bytes", "trainable_parameters", "weight_bytes"]
    costs += ["train_energy_joules", "generate_energy_joules", "co2_grams"]
    head = ["study", "subject", "model", "method", "parameters", "status", "cause", "n"]
    assert list(tables.leaderboard(results, summary).columns) == head + metrics + costs


def test_floors_and_ceiling_are_rows_and_train_seeds_share_one(board: pd.DataFrame) -> None:
    assert board.index.is_unique and len(board) == 7
    assert {("base", ""), ("base_raw", ""), ("real", "")} < set(board.index)
    assert board.loc[("lora", "lr0.001"), "n"] == 12  # 2 prompts x 3 test seeds x 2 train seeds


def test_means_are_over_test_seeds_only(board: pd.DataFrame) -> None:
    assert board.loc[("base", ""), "yolo"] == pytest.approx(0.2)
    assert board.loc[("dreambooth", "lr0.001"), "yolo"] == pytest.approx(0.7)
    assert board.loc[("lora", "lr0.001"), "yolo"] == pytest.approx(0.6)


def test_missing_scores_are_counted_and_are_not_zero(board: pd.DataFrame) -> None:
    row = board.loc[("dreambooth", "lr0.001")]
    assert (row["ocr"], row["ocr_n"], row["ocr_n_unscored"], row["n"]) == (0.5, 4, 2, 6)
    real = board.loc[("real", "")]
    assert pd.isna(real["clip"]) and (real["clip_n"], real["clip_n_unscored"], real["n"]) == (0, 4, 4)


def test_the_average_is_per_image_and_null_where_either_is(results: Results, board: pd.DataFrame) -> None:
    row = board.loc[("dreambooth", "lr0.001")]
    assert row[AVERAGE] == pytest.approx(((0.5 + 1) / 2 + 0.7 / 2) / 2)  # seed 12 has no OCR
    assert (row[f"{AVERAGE}_n"], row[f"{AVERAGE}_n_unscored"]) == (4, 2)
    assert set(results.reasons[AVERAGE].dropna()) == {"no ocr here"}


def test_the_interval_is_clustered_by_prompt_and_image_seed(board: pd.DataFrame) -> None:
    row = board.loc[("lora", "lr0.001")]  # replicates differ, clusters do not: both replicates are in each of them
    assert (row["yolo_low"], row["yolo_high"]) == pytest.approx((0.6, 0.6))
    want = mean_interval([0.1, 0.2, 0.3] * 2, ["p-0-10", "p-0-11", "p-0-12", "p-1-10", "p-1-11", "p-1-12"])
    base = board.loc[("base", "")]
    assert (base["yolo_low"], base["yolo_high"]) == pytest.approx((want.low, want.high))


def test_a_row_with_a_diverged_replicate_has_its_cause_and_no_scores(board: pd.DataFrame) -> None:
    row = board.loc[("lora", "lr0.01")]
    assert (row["status"], row["cause"], row["n"]) == ("diverged", "train seed 1: loss was nan at step 7", 0)
    assert pd.isna(row["yolo"]) and pd.isna(row[AVERAGE]) and row["yolo_n"] == 0
    assert row["train_seconds"] == 11.0


def test_rows_are_ranked_by_the_selecting_metric_and_unscored_rows_come_last(board: pd.DataFrame) -> None:
    scored = board[AVERAGE].dropna()
    assert scored.is_monotonic_decreasing and len(scored) == 6
    assert board.index[-1] == ("lora", "lr0.01")


def test_costs_are_means_over_replicates_in_whole_bytes(board: pd.DataFrame) -> None:
    row = board.loc[("lora", "lr0.001")]
    assert (row["train_seconds"], row["generate_seconds"]) == (11.0, 3.5)
    assert (row["peak_memory_bytes"], row["trainable_parameters"], row["weight_bytes"]) == (
        2_000_000_000,
        12345,
        50_000,
    )
    assert pd.isna(board.loc[("base", ""), "weight_bytes"])


def test_the_best_cell_is_chosen_on_validation_seeds_though_another_wins_the_test(
    results: Results, summary: pd.DataFrame, board: pd.DataFrame
) -> None:
    thesis = tables.thesis(results, summary)
    columns = ["method", "parameters", AVERAGE, "mean_confidence_score", "mean_ocr_score"]
    assert list(thesis.columns[:5]) == columns
    rows = thesis.set_index("method")
    assert rows["parameters"].to_dict() == {"dreambooth": "lr0.001", "lora": "lr0.001"}
    assert board.loc[("dreambooth", "lr0.01"), AVERAGE] > rows.loc["dreambooth", AVERAGE]
    assert rows.loc["lora", [*columns[2:], "n"]].tolist() == pytest.approx([0.55, 0.6, 0.5, 12])


def test_paired_differences_are_of_the_best_cell_against_base_on_the_same_images(
    results: Results, summary: pd.DataFrame
) -> None:
    rows = tables.paired(results, tables.contests(results, summary)).set_index(["method", "metric"])
    yolo = rows.loc[("dreambooth", "yolo")]  # 0.4, 0.5, 0.6 at the three seeds
    assert (yolo["difference"], yolo["n"], yolo["clusters"]) == (pytest.approx(0.5), 6, 6)
    assert (yolo["p"], yolo["p_adjusted"]) == (2 / 2**6, 3 * 2 / 2**6)  # two methods and base: three pairs
    assert yolo["verdict"] == "tie"  # six clusters cannot tell three pairs apart, whatever the interval says
    assert 0.4 <= yolo["low"] < 0.5 < yolo["high"] <= 0.6
    ocr = rows.loc[("dreambooth", "ocr")]
    assert (ocr["difference"], ocr["n"], ocr["n_unscored"], ocr["verdict"]) == (0.5, 4, 2, "tie")
    assert rows.loc[("lora", "clip"), "verdict"] == "tie"


def test_a_subject_without_lettering_has_empty_cells_and_the_reason(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    scores = {"ocr": everywhere(None), "yolo": everywhere(0.5), "clip": everywhere(0.5)}
    folder.cell("base", scores=scores, kind="base")
    folder.cell("lora", "lr1", scores, lr=1.0, steps=1)
    results = load("tiny", folder.finish(select="clip"))
    row = tables.thesis(results, tables.summarise(results)).iloc[0]
    assert row["parameters"] == "lr1" and row["mean_confidence_score"] == 0.5
    assert pd.isna(row[AVERAGE]) and pd.isna(row["mean_ocr_score"]) and row["reason"] == "no ocr here"


def test_a_method_that_nothing_can_choose_has_no_best_cell_but_a_row_with_the_cause(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    scores = {"ocr": everywhere(0.0), "yolo": everywhere(0.5)}
    folder.cell("base", scores=scores, kind="base")
    folder.cell("lora", "lr1", lr=1.0, steps=1, status="failed", cause="out of memory")
    results = load("tiny", folder.finish())
    summary = tables.summarise(results)
    row = tables.thesis(results, summary).iloc[0]
    assert row["method"] == "lora" and pd.isna(row["parameters"]) and row["reason"] == "failed: out of memory"
    assert tables.paired(results, tables.contests(results, summary)).empty


def test_where_lower_is_better_the_lowest_is_chosen_ranked_first_and_called_better(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("base", scores={"drift": everywhere(0.5)}, kind="base")
    folder.cell("lora", "far", {"drift": everywhere(0.4)}, lr=1.0, steps=1)
    folder.cell("lora", "near", {"drift": everywhere(0.1)}, lr=1.0, steps=1)
    for cards in folder.store.glob("score/*/cards.json"):
        cards.write_text(cards.read_text().replace('"higher"', '"lower"'))
    runs = folder.finish(select="drift")
    results = load("tiny", runs)
    summary = tables.summarise(results)
    assert tables.leaderboard(results, summary)["parameters"].tolist() == ["near", "far", ""]
    assert tables.thesis(results, summary)["parameters"].tolist() == ["near"]
    drift = tables.paired(results, tables.contests(results, summary)).set_index("metric").loc["drift"]
    assert (drift["difference"], drift["verdict"]) == (pytest.approx(-0.4), "better")


def test_unscored_images_are_listed_by_reason(results: Results) -> None:
    rows = tables.unscored(results).set_index(["method", "metric"])
    assert rows.loc[("dreambooth", "ocr"), ["reason", "images"]].tolist() == ["no ocr here", 2]
    assert rows.loc[("real", "clip"), ["reason", "images"]].tolist() == ["no clip here", 4]


def test_what_is_not_there_is_named_with_its_remedy(tmp_path: Path) -> None:
    runs = example(tmp_path)
    with pytest.raises(UserError, match=r"study 'tinny' has no results.*did you mean 'tiny'"):
        load("tinny", runs)
    with pytest.raises(UserError, match="has no results"):
        load("tiny", tmp_path / "nowhere")
    (runs / ".store/score/base-seed0-yolo").rename(tmp_path / "moved")
    with pytest.raises(UserError, match=r"cell 'base-seed0' points to .*base-seed0-yolo, which is gone"):
        load("tiny", runs)


def test_scores_that_changed_since_they_were_made_are_named_and_not_shown(tmp_path: Path) -> None:
    runs = example(tmp_path)
    scores = runs / ".store/score/base-seed0-yolo/scores.parquet"
    scores.write_bytes(scores.read_bytes() + b" ")
    with pytest.raises(StoreError, match=r"base-seed0-yolo/scores.parquet: changed; remove"):
        load("tiny", runs)


def test_an_unknown_selecting_metric_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    runs = example(tmp_path, select="average(ocr,yolo)")
    with pytest.raises(UserError, match=r"average\(ocr,yolo\).*did you mean 'average\(ocr, yolo\)'"):
        load("tiny", runs)


def test_cells_that_have_not_run_are_listed_and_the_rest_is_shown(tmp_path: Path) -> None:
    runs = example(tmp_path)
    (runs / "tiny/dreambooth-lr0.01-seed0/cell.json").unlink()
    results = load("tiny", runs)
    assert results.missing == ["dreambooth-lr0.01-seed0"] and len(tables.summarise(results)) == 6


def test_models_are_compared_with_their_own_base_and_shown_apart(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for model, base, tuned in (("sd15", 0.2, 0.5), ("sdxl", 0.6, 0.7)):
        folder.cell("base", model, {"yolo": everywhere(base)}, kind="base", model=model)
        folder.cell("lora", model, {"yolo": everywhere(tuned)}, model=model, lr=1.0, steps=1)
    results = load("tiny", folder.finish(select="yolo"))
    summary = tables.summarise(results)
    paired = tables.paired(results, tables.contests(results, summary)).query("metric == 'yolo'")
    assert paired["difference"].tolist() == pytest.approx([0.3, 0.1])
    assert tables.thesis(results, summary)[["model", "method"]].to_numpy().tolist() == [
        ["sd15", "lora"],
        ["sdxl", "lora"],
    ]
    assert "lora, sdxl" in set(summary["label"])
