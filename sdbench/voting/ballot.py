"""What a rater is asked, in which order: a pure function of the study's images, the rater's name and a seed.

A round asks every pair of contestants once, each at its next prompt and image seed; those come prompt after prompt,
in an order that all raters share. So wherever a rater stops, pairs and prompts are balanced, and raters have answered
much the same. Within a round the order, and everywhere the sides, are the rater's own.

Attention checks have a known answer: a picture beside its own pixels shuffled (the picture), or the same picture
twice (a tie).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from sdbench import tables
from sdbench.errors import UserError, nearest
from sdbench.results import Results
from sdbench.seeds import seed_of


@dataclass(frozen=True)
class Picture:
    """An image of a cell. generated: its folder in the store, by which it is known again. noise: pixels shuffled."""

    cell: str
    model: str
    method: str
    parameters: str
    sample_id: str
    generated: str
    path: Path
    noise: bool = False


@dataclass(frozen=True)
class Question:
    """Two pictures. prompt: with the class words, for a rater knows no identifier. check: `noise`, `same` or empty;
    expected: the answer that passes it. reference: a held-out picture of the subject, to show beside them.
    """

    id: str
    subject: str
    prompt_id: str
    sample_id: str
    prompt: str
    left: Picture
    right: Picture
    check: str = ""
    expected: str = ""
    reference: Picture | None = None


def questions(
    results: Results,
    rater: str,
    seed: int = 0,
    checks: float = 0.1,
    cells: Sequence[str] = (),
    reference: bool = False,
) -> list[Question]:
    """All questions for a rater: every two contestants at every prompt and test seed, and the attention checks.

    cells: who is compared, with their replicates; empty: the best cell of each method. checks: the share of all
    questions that are attention checks. reference: show a held-out picture of the subject. Raises UserError where there
    are no two to compare, or no such picture.
    """
    if not 0 <= checks <= 0.5:
        raise UserError(f"--checks is {checks:g}; give a share between 0 and 0.5, e.g. 0.1 for one in ten")
    rows = _contestants(results, cells)
    test = results.images[results.images["test"].astype(bool) & (results.images["asked"] == "")]
    shared = [question for subject in sorted(set(rows["subject"])) for question in
              _pairs(results, rows[rows["subject"] == subject], test, seed)]  # fmt: skip
    if not shared:
        raise UserError(f"study {results.name!r} has no two methods with images to compare; run it, or give --cell")
    rng = np.random.default_rng(seed_of("ballot", results.name, rater, seed))
    rounds = {number: [one for at, one in shared if at == number] for number in sorted({at for at, _ in shared})}
    ordered = [ones[place] for ones in rounds.values() for place in rng.permutation(len(ones))]
    sided = [_turned(one) if rng.random() < 0.5 else one for one in ordered]
    real = _real(results, test)
    asked = _with_checks(sided, real, rng, checks, seed)
    if not reference:
        return asked
    if lost := {one.subject for one in asked} - set(real):
        raise UserError(f"--reference: the study has no held-out pictures of {', '.join(sorted(lost))}; leave it out")
    return [replace(one, reference=real[one.subject][int(rng.integers(len(real[one.subject])))]) for one in asked]


def _contestants(results: Results, cells: Sequence[str]) -> pd.DataFrame:
    """The leaderboard rows to compare, of tables.summarise."""
    summary = tables.summarise(results)
    if not cells:
        return summary[summary["best"]]
    known = results.cells.set_index("cell")["row"]
    for cell in cells:
        if cell not in known.index:
            raise UserError(f"study {results.name!r} has no finished cell {cell!r}{nearest(cell, known.index)}")
    return summary[summary["row"].isin(known[list(cells)])]


def _pairs(results: Results, rows: pd.DataFrame, test: pd.DataFrame, seed: int) -> list[tuple[int, Question]]:
    """(round, question) of one subject; the first contestant left, by name."""
    drawn = {row: dict(list(test[test["row"] == row].groupby("sample_id"))) for row in rows["row"]}
    made = results.cells.set_index("cell")
    found = []
    for one, other in combinations(rows.sort_values(["method", "parameters", "model"]).to_dict("records"), 2):
        here, there = drawn[one["row"]], drawn[other["row"]]
        names = [
            results.name,
            one["subject"],
            *(str(r[k]) for r in (one, other) for k in ("model", "method", "parameters")),
        ]
        prompts = {sample: str(here[sample]["prompt_id"].iloc[0]) for sample in sorted(here) if sample in there}
        for turn, sample in enumerate(_order(prompts, seed_of("samples", seed, *names))):
            left, right = (_picture(made, images[sample], list(prompts).index(sample)) for images in (here, there))
            image = here[sample].iloc[0]
            known = f"{seed_of(*(part for p in (left, right) for part in (p.cell, p.generated)), sample):016x}"
            asked = (known, one["subject"], image["prompt_id"], sample, image["class_prompt"])
            found.append((turn, Question(*asked, left, right)))
    return found


def _order(prompts: dict[str, str], seed: int) -> list[str]:
    """Samples shuffled, each prompt's turn once before any comes again."""
    rng = np.random.default_rng(seed)
    samples = [list(prompts)[place] for place in rng.permutation(len(prompts))]
    times = pd.Series([prompts[sample] for sample in samples], dtype=str)
    return [samples[place] for place in times.groupby(times).cumcount().sort_values(kind="stable").index]


def _picture(cells: pd.DataFrame, images: pd.DataFrame, number: int) -> Picture:
    """Of the replicates of a sample one, another for the next sample."""
    image = images.sort_values("cell").iloc[number % len(images)]
    cell = cells.loc[image["cell"]]
    names = (image["cell"], cell["model"], cell["method"], cell["parameters"])
    return Picture(*names, image["sample_id"], cell["stages"]["generate"], Path(image["path"]))


def _real(results: Results, test: pd.DataFrame) -> dict[str, list[Picture]]:
    """The held-out pictures of each subject, and not its sibling's, which show another."""
    made = results.cells.set_index("cell")
    real = test[test["cell"].map(made["kind"]) == "real"].drop_duplicates(["row", "sample_id"])
    found: dict[str, list[Picture]] = {}
    for place in range(len(real)):
        image = real.iloc[[place]]
        found.setdefault(made.loc[image["cell"].iloc[0], "subject"], []).append(_picture(made, image, 0))
    return found


def _with_checks(
    asked: list[Question], real: dict[str, list[Picture]], rng: np.random.Generator, rate: float, seed: int
) -> list[Question]:
    """One check at a random place among every 1 / rate questions."""
    if not rate:
        return asked
    size, found = max(1, round(1 / rate) - 1), []
    first = int(rng.integers(2))
    for number, start in enumerate(range(0, len(asked), size)):
        block = asked[start : start + size]
        like = asked[int(rng.integers(len(asked)))]
        make = _noise_check if (number + first) % 2 else _same_check
        check = make(like, real.get(like.subject) or [like.left], rng)
        block.insert(int(rng.integers(len(block) + 1)), replace(check, id=f"check-{seed}-{number}-{check.check}"))
        found += block
    return found


def _noise_check(like: Question, real: list[Picture], rng: np.random.Generator) -> Question:
    picture = real[int(rng.integers(len(real)))]
    check = replace(like, left=picture, right=replace(picture, noise=True), check="noise", expected="left")
    return replace(_turned(check), expected="right") if rng.random() < 0.5 else check


def _same_check(like: Question, real: list[Picture], rng: np.random.Generator) -> Question:
    return replace(like, right=like.left, check="same", expected="tie")


def _turned(question: Question) -> Question:
    return replace(question, left=question.right, right=question.left)
