"""A study's rows: one name each, and each cell beside floors that were drawn and judged as it was."""

from __future__ import annotations

import pytest

from sdbench import config, rows
from sdbench.errors import UserError


def of(*points: list[str]) -> list[rows.Row]:
    return rows.of_study(list(zip(points, config.compose_cells(points), strict=True)))


def names(*points: list[str]) -> list[str]:
    return [row.name for row in of(*points)]


def test_a_grid_over_rates_and_seeds_has_plain_names_and_one_set_of_floors() -> None:
    points = [["method=lora", f"train.lr={lr}", f"train.seed={seed}"] for lr in ("1e-3", "1e-2") for seed in (0, 1)]
    assert names(*points) == [
        "base", "base_raw", "sibling", "real", "lora-lr0.001_steps200-seed0", "lora-lr0.001_steps200-seed1",
        "lora-lr0.01_steps200-seed0", "lora-lr0.01_steps200-seed1",
    ]  # fmt: skip
    assert len({row.parameters for row in of(*points) if row.kind == "trained"}) == 2


def test_what_changes_no_result_is_in_no_name() -> None:
    points = [["method=lora"], ["method=lora", "train.lr=1", "train.preview_every=5", "tracker=wandb", "threads=2"]]
    assert names(*points)[4:] == ["lora-lr0.001_steps200-seed0", "lora-lr1_steps200-seed0"]


def test_a_value_that_only_one_entry_sets_is_in_every_name_of_its_method() -> None:
    found = names(["method=lora"], ["method=lora", "method.adapters.lora.rank=16"], ["method=dreambooth"])
    assert found[4:] == [
        "lora-lr0.001_steps200_rank8-seed0", "lora-lr0.001_steps200_rank16-seed0", "dreambooth-lr0.001_steps200-seed0",
    ]  # fmt: skip


def test_cells_of_different_samplers_have_floors_of_their_own() -> None:
    found = of(["method=lora"], ["method=lora", "sampler=pndm"], ["method=lora", "sampler=pndm", "train.lr=1e-2"])
    contexts = {row.name: row.context for row in found}
    assert len(found) == 11 and len(set(contexts)) == 11
    assert contexts["base-schedulerddim"] == contexts["lora-lr0.001_steps200_schedulerddim-seed0"] == "schedulerddim"
    assert contexts["lora-lr0.01_steps200_schedulerpndm-seed0"] == "schedulerpndm"
    floors = {row.context: row.cell.sampler.scheduler for row in found if row.kind == "base"}
    assert floors == {"schedulerddim": "ddim", "schedulerpndm": "pndm"}


def test_subjects_are_told_apart_by_name() -> None:
    found = names(["subject=sks_dog"], ["subject=unicorn_girl"])
    assert "real-sks_dog" in found and "lora-lr0.001_steps200_unicorn_girl-seed0" in found


def test_two_cells_of_one_name_are_refused() -> None:
    with pytest.raises(UserError, match="both called 'lora-lr0.001_steps200-seed0'"):
        of(["method=lora"], ["method=lora"])
