"""Numbers that put a score in its place, in closed form: floor and ceiling, noise of repeats, tuning, cost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import t as student_t
from study_folder import Folder, by_seed, everywhere, example

from sdbench import tables
from sdbench.errors import UserError
from sdbench.results import Results, load
from sdbench.tables.costs import GRID_GRAMS_PER_KWH
from sdbench.tables.rescaled import between


def test_a_score_is_rescaled_between_its_floor_and_its_ceiling_whichever_way_is_better() -> None:
    assert between(0.5, 0.2, 0.8, True)[0] == pytest.approx(0.5)
    assert between(0.3, 0.5, 0.1, False)[0] == pytest.approx(0.5)
    assert between(0.1, 0.2, 0.7, True)[0] == pytest.approx(-0.2)


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ((None, 0.1, 0.9), "it has no score"),
        ((0.5, None, 0.9), "no floor: the untuned base has no score"),
        ((0.5, 0.1, float("nan")), "no ceiling: the held-out pictures have no score"),
        ((0.5, 0.4, 0.4), "the ceiling, 0.400, is not better than the floor, 0.400"),
    ],
)
def test_what_cannot_be_rescaled_says_why(numbers: tuple[float, float, float], why: str) -> None:
    assert between(*numbers, True) == (None, why)


def test_the_leaderboard_has_the_share_and_its_own_file_the_reason(tmp_path: Path) -> None:
    every = tables.every(load("tiny", example(tmp_path)))
    board = every.leaderboard.set_index(["method", "parameters"])
    assert board.loc[("lora", "lr0.001"), "yolo_rescaled"] == pytest.approx((0.6 - 0.2) / (0.9 - 0.2))
    assert "clip_rescaled" not in board
    reasons = every.rescaled.set_index(["method", "parameters", "metric"])["reason"]
    assert reasons[("lora", "lr0.001", "clip")] == "no ceiling: the held-out pictures have no score"
    assert pd.isna(reasons[("lora", "lr0.001", "yolo")]) and reasons[("lora", "lr0.01", "yolo")] == "it has no score"


def test_floor_and_ceiling_are_those_of_the_rows_own_context(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for context, floor in (("fast", 0.0), ("slow", 0.4)):
        folder.cell("base", context, {"good": everywhere(floor)}, kind="base", context=context)
        folder.cell("real", context, {"good": everywhere(0.8)}, kind="real", context=context)
        folder.cell("lora", f"lr1_{context}", {"good": everywhere(0.6)}, lr=1.0, steps=1, context=context)
    every = tables.every(load("tiny", folder.finish("good")))
    shares = every.leaderboard.set_index("parameters")["good_rescaled"]
    assert shares["lr1_fast"] == pytest.approx(0.75) and shares["lr1_slow"] == pytest.approx(0.5)


def repeated(root: Path) -> Results:
    """Two rows of two trainings each, 0.2 apart: s = 0.2 / sqrt 2. A third row has one training, a fourth failed."""
    folder = Folder(root)
    for parameters, means in (("a", (0.4, 0.6)), ("b", (0.7, 0.9)), ("c", (0.1,))):
        for seed, mean in enumerate(means):
            folder.cell("lora", parameters, {"good": everywhere(mean)}, lr=1.0, steps=1, train_seed=seed)
    folder.cell("lora", "d", status="failed", cause="out of memory", lr=1.0, steps=1)
    return load("tiny", folder.finish("good"))


def test_the_noise_floor_is_the_spread_of_replicates_pooled_over_rows(tmp_path: Path) -> None:
    floor = tables.noise(repeated(tmp_path)).set_index("metric").loc["good"]
    spread = 0.2 / 2**0.5
    assert floor["deviation"] == pytest.approx(spread)
    assert (floor["repeats"], floor["configurations"], floor["n_unscored"], floor["runs"]) == (4, 2, 1, 2)
    least = student_t.ppf(0.975, 2) * spread * 2**0.5
    assert floor["least_difference"] == pytest.approx(least)
    assert floor["least_difference_of_means"] == pytest.approx(least / 2**0.5)


def test_without_replicates_there_is_no_noise_floor(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("lora", "a", {"good": everywhere(0.5)}, lr=1.0, steps=1)
    assert tables.noise(load("tiny", folder.finish("good"))).empty


def grid(root: Path) -> Results:
    """Three trials: validation 0.1, 0.2 and diverged; test 0.3, 0.5 and none."""
    folder = Folder(root)
    for name, validation, test in (("a", 0.1, 0.3), ("b", 0.2, 0.5)):
        folder.cell("lora", name, {"good": by_seed(validation, dict.fromkeys((10, 11, 12), test))}, lr=1.0, steps=1)
    folder.cell("lora", "c", status="diverged", cause="loss was nan", lr=1.0, steps=1)
    return load("tiny", folder.finish("good"))


def test_a_trial_that_diverged_costs_a_trial_and_gives_no_score(tmp_path: Path) -> None:
    results = grid(tmp_path)
    made = tables.tuning(results, tables.summarise(results))
    curve = made.curves.set_index("k")
    assert curve["expected"].tolist() == pytest.approx([0.4, (0.3 + 0.5 + 0.5) / 3, 0.5])
    assert curve["p_no_score"].tolist() == pytest.approx([1 / 3, 0, 0]) and set(curve["n_unscored"]) == {1}
    lost = made.sensitivity.iloc[0]
    assert (lost["trials"], lost["n_unscored"], lost["median"]) == (3, 1, pytest.approx(0.3))
    assert lost["lost_by_median"] == pytest.approx(1.0)  # (0.5 - 0.3) / (0.5 - 0.3)


def test_energy_and_co2_are_what_was_read_and_nothing_where_nothing_was(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("base", scores={"good": everywhere(0.5)}, kind="base")
    folder.cell("lora", "a", {"good": everywhere(0.5)}, lr=1.0, steps=1)
    results = load("tiny", folder.finish("good", joules={"train": 3e6, "generate": 6e5}))
    rows = tables.summarise(results).set_index("kind")
    assert rows.loc["trained", ["train_energy_joules", "generate_energy_joules"]].tolist() == [3e6, 6e5]
    assert rows.loc["trained", "co2_grams"] == pytest.approx(GRID_GRAMS_PER_KWH)  # 3.6 MJ are a kWh
    assert rows.loc["base", "co2_grams"] == pytest.approx(GRID_GRAMS_PER_KWH / 6, abs=1e-3)
    assert pd.isna(rows.loc["base", "train_energy_joules"])


def test_half_of_the_energy_is_not_shown_as_the_whole(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("lora", "a", {"good": everywhere(0.5)}, lr=1.0, steps=1)
    row = tables.summarise(load("tiny", folder.finish("good", joules={"generate": 6e5}))).iloc[0]
    assert row["generate_energy_joules"] == 6e5 and pd.isna(row["co2_grams"])


def test_a_training_that_went_on_from_a_checkpoint_counts_its_own_steps_for_all(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("lora", "a", {"good": everywhere(0.5)}, lr=1.0, steps=40)
    file = folder.store / "train/lora-a-seed0/result.json"
    file.write_text(file.read_text().replace("{", '{"steps": 40, "steps_run": 10, ', 1))
    row = tables.summarise(load("tiny", folder.finish("good", joules={"train": 100.0}))).iloc[0]
    assert row["train_energy_joules"] == 400.0


def test_what_is_not_an_audit_is_named(tmp_path: Path) -> None:
    runs = example(tmp_path)
    (runs / "tiny/audit.json").write_text('{"yolo": true}')
    with pytest.raises(UserError, match=r"audit\.json is no audit.*audit the study again"):
        load("tiny", runs)


def test_the_average_fails_the_audit_with_either_of_its_parts(tmp_path: Path) -> None:
    runs = example(tmp_path)
    (runs / "tiny/audit.json").write_text('{"ocr": {"passed": false, "why": "reads noise"}}')
    assert load("tiny", runs).flagged == {"average(ocr, yolo)": "ocr: reads noise", "ocr": "reads noise"}
