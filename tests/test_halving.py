"""Asynchronous successive halving, worked out by hand: the rule, and a ladder of records that it is asked about."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdbench import results
from sdbench.errors import UserError
from sdbench.halving import EarlyStoppingSettings, best, least
from sdbench.sweep import ladder, plan
from sdbench.sweep.ladder import Ladder, Place, Standing

NINE = {f"c{i}": float(score) for i, score in enumerate([3, 8, 1, 9, 5, 2, 7, 4, 6])}
Facts = dict[tuple[str, int], float | str | None]  # candidate and steps -> its score, or how it ended


def test_of_nine_three_go_on_and_of_those_one() -> None:
    assert best(NINE, 3) == ["c3", "c1", "c6"]
    assert best({name: NINE[name] for name in best(NINE, 3)}, 3) == ["c3"]
    assert best({"c3": 9.0}, 3) == []
    assert best(NINE, 3, higher_is_better=False) == ["c2", "c5", "c0"]
    assert least(9, 3, 3) == [9, 3, 1] and least(4, 3, 2) == [4, 2, 1] and least(4, 3, 3) == [4, 1, 0]


def test_of_equals_the_first_of_the_study_go_on_whoever_arrived_first() -> None:
    assert best({"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0}, 2) == ["a", "b"]
    assert best({"a": 0.0, "b": 1.0, "c": 1.0, "d": 1.0}, 2) == ["b", "c"]


def test_without_a_score_nobody_goes_on_and_counts_among_the_others_all_the_same() -> None:
    assert best({"a": None, "b": math.nan, "c": 1.0, "d": -math.inf}, 2) == ["c"]
    assert best({"a": None, "b": 0.1}, 2) == ["b"] and best({"b": 0.1}, 2) == []


def test_late_arrivals_make_room_for_some_and_pass_others() -> None:
    early = {"a": 0.5, "b": 0.4}
    assert best(early, 2) == ["a"]
    assert best({**early, "c": 0.1, "d": 0.2}, 2) == ["a", "b"]
    assert best({**early, "c": 0.8, "d": 0.9}, 2) == ["d", "c"]


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Standing]:
    """The ladder of candidates `abcd` on the rungs 10, 20 and 40, by facts instead of files."""

    def score(records: list[dict[str, Any]], metric: str) -> float | None:
        known: float | None = records[0][metric]
        return known

    monkeypatch.setattr(results, "validation_mean", score)

    def made(facts: Facts, candidates: str = "abcd", factor: int = 2, higher: bool = True) -> Standing:
        def recorded(cell: str) -> dict[str, Any]:
            name, steps = cell.split("-")
            if (name, int(steps)) not in facts:
                return {}
            fact = facts[name, int(steps)]
            return {"status": fact} if isinstance(fact, str) else {"status": "done", "m": fact}

        places = {f"{c}-{s}": Place("g", c, c, f"{c}-{s}", s) for c in candidates for s in (10, 20, 40)}
        return Standing(Ladder(EarlyStoppingSettings("m", factor), higher, places), recorded)

    return made


def opened(standing: Standing) -> list[str]:
    return [cell for cell in standing.ladder.places if standing.is_open(cell)]


def test_a_cell_may_be_run_once_its_candidate_is_among_the_best_that_reached_the_rung_below(
    standing: Callable[..., Standing],
) -> None:
    assert opened(standing({})) == ["a-10", "b-10", "c-10", "d-10"]
    facts: Facts = {("a", 10): 0.1, ("b", 10): 0.3}
    assert opened(standing(facts)) == ["b-20", "c-10", "d-10"]
    facts |= {("c", 10): 0.2, ("d", 10): 0.4}
    assert opened(standing(facts)) == ["b-20", "d-20"]
    assert opened(standing(facts, higher=False)) == ["a-20", "c-20"]
    assert standing(facts).stopped() == {}


def test_what_ends_unrun_says_the_rung_its_score_and_the_score_it_lacked(standing: Callable[..., Standing]) -> None:
    facts: Facts = {("a", 10): 0.1, ("b", 10): 0.3, ("c", 10): 0.2, ("d", 10): 0.4, ("b", 20): 0.7, ("d", 20): 0.5}
    assert opened(standing(facts)) == ["b-40"]
    said = standing({**facts, ("b", 40): 0.9}).stopped()
    lowest = "at 10 steps its m was 0.1, and the best 2 of 4 had 0.3 or better"
    assert said["a-20"] == said["a-40"] == lowest and set(said) == {"a-20", "a-40", "c-20", "c-40", "d-40"}
    assert said["d-40"] == "at 20 steps its m was 0.5, and the best 1 of 2 had 0.7 or better"


def test_a_training_that_diverged_is_out_and_one_that_failed_is_waited_for(standing: Callable[..., Standing]) -> None:
    facts: Facts = {("a", 10): 0.1, ("b", 10): 0.3, ("c", 10): "diverged", ("d", 10): "diverged"}
    assert opened(standing(facts)) == ["a-20", "b-20"]
    facts |= {("a", 20): 0.1, ("b", 20): 0.2, ("b", 40): 0.2}
    assert standing(facts).stopped()["c-20"] == "its training had diverged by 10 steps"
    facts |= {("d", 10): "failed"}
    assert opened(standing(facts)) == [] and "d-20" not in standing(facts).stopped()
    assert standing({("a", 10): "killed", ("b", 10): 0.1}, "ab").stopped()["b-20"].endswith("none goes on: 1 in 2 does")


def test_who_went_on_stays_though_others_pass_later(standing: Callable[..., Standing]) -> None:
    facts: Facts = {("a", 10): 0.2, ("b", 10): 0.1, ("a", 20): 0.2, ("c", 10): 0.9, ("d", 10): 0.8}
    assert standing(facts).may_run("a-20") and not standing(facts).may_run("b-20")
    assert opened(standing(facts)) == ["c-20", "d-20"]


def test_with_too_few_candidates_the_ladder_says_how_far_they_come(standing: Callable[..., Standing]) -> None:
    few = standing({}, factor=3)
    assert few.ladder.never_past() == {"g": 20} and few.least_steps() == 4 * 10 + 1 * 10
    assert standing({}).ladder.never_past() == {} and standing({}).least_steps() == 4 * 10 + 2 * 10 + 1 * 20
    assert standing({("a", 10): 0.1, ("b", 10): 0.3}).least_steps() == 2 * 10 + 2 * 10 + 1 * 20


def early(factor: int = 2, metric: str = "clip_text") -> str:
    return f'sweep.early_stopping={{metric: "{metric}", reduction_factor: {factor}}}'


@pytest.fixture
def planned(tiny_base: Path, tmp_path: Path) -> Callable[..., plan.Plan]:
    def made(*words: str) -> plan.Plan:
        return plan.of(None, [f"model.path={tiny_base}", f"store={tmp_path / 'store'}", "device=cpu", "threads=1",
                              "metric=[clip_text,drift]", *words])  # fmt: skip

    return made


GRID = ["method=lora", "train.steps=2,4,8", "train.lr=1e-4,1e-3,1e-2,1e-1"]


def test_early_stopping_changes_no_key_and_no_name(planned: Callable[..., plan.Plan]) -> None:
    with_it, without = planned(*GRID, early()), planned(*GRID)
    assert [row.name for row in with_it.rows] == [row.name for row in without.rows]
    assert [[s.path for s in c.all()] for c in with_it.chains] == [[s.path for s in c.all()] for c in without.chains]
    assert without.ladder is None and without.summary()["early_stopping"] is None
    most, said = with_it.summary(), plan.text(with_it.summary())
    assert most["training_steps"] == 32 and most["early_stopping"]["training_steps_least"] == 16
    assert "at the least 16 steps" in said and "none is trained past" not in said
    assert "lora has too few settings for so many rungs: none is trained past 4 steps" in plan.text(
        planned(*GRID, early(3)).summary()
    )


def test_training_seeds_are_one_candidate_and_what_is_drawn_in_several_ways_is_too(
    planned: Callable[..., plan.Plan],
) -> None:
    made = planned(*GRID, "train.seed=0,1", "sampler.num_inference_steps=1,2", early()).ladder
    assert made is not None
    ((rungs, candidates),) = made.groups().values()
    assert rungs == [2, 4, 8] and [len(cells) for cells in candidates.values()] == [12] * 4
    assert len({place.training for place in made.places.values()}) == 8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train.steps=4", early()], "no checkpoints to judge by"),
        (["train.steps=2,4", "train.schedule=cosine", early()], "train.schedule=constant"),
        (["train.steps=2,4", early(metric="clip_txt")], "clip_text"),
        (["train.steps=2,4", early(1)], "reduction_factor is 1"),
        (["train.steps=2,4", early(), "sweep.pack=2"], "sweep.pack=null"),
        (["train.steps=2,4", f"{early()},null"], "differs between cells"),
    ],
)
def test_what_early_stopping_cannot_judge_is_refused_in_one_sentence(
    words: list[str], said: str, planned: Callable[..., plan.Plan]
) -> None:
    with pytest.raises(UserError, match=said):
        planned("method=lora", "train.lr=1e-3,1e-2", *words)


def test_settings_of_one_method_with_other_steps_are_refused(planned: Callable[..., plan.Plan]) -> None:
    pairs = planned("train.lr=1e-3,1e-2", "train.steps=2,4", early()).rows_and_chains()
    with pytest.raises(UserError, match="compares settings at the same steps"):
        ladder.of(pairs[:-1])


def test_promotions_come_before_new_candidates_and_the_highest_rung_first(standing: Callable[..., Standing]) -> None:
    assert standing({}).turns() == ["a-10", "b-10", "c-10", "d-10"]
    assert standing({("a", 10): 0.1, ("b", 10): 0.3}).turns() == ["b-20", "c-10", "d-10"]
    facts: Facts = {("a", 10): 0.3, ("b", 10): 0.1, ("c", 10): 0.2, ("d", 10): 0.4}
    assert standing(facts).turns() == ["d-20", "a-20"]
    assert standing({**facts, ("a", 20): 0.3, ("d", 20): 0.1}).turns() == ["a-40"]


def test_one_worker_climbs_nine_settings_as_algorithm_2_does(standing: Callable[..., Standing]) -> None:
    """Each candidate's score is NINE's at every rung: worked out by hand."""
    facts: Facts = {}
    order = []
    while turns := standing(facts, list(NINE), 3).turns():
        name, steps = turns[0].split("-")
        facts[name, int(steps)] = NINE[name]
        order.append(turns[0])
    lowest = [f"c{i}-10" for i in range(9)]
    assert order == [*lowest[:3], "c1-20", lowest[3], "c3-20", *lowest[4:], "c6-20", "c3-40"]
    said = standing(facts, list(NINE), 3).stopped()
    assert len(said) == 9 * 3 - len(order)
    assert said["c0-20"] == "at 10 steps its m was 3, and the best 3 of 9 had 7 or better"
