"""Votes as raters cast them, without a browser: a session answered by a rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sdbench import results, votes
from sdbench.voting.ballot import Question, questions
from sdbench.voting.session import Session

Rule = Callable[[Question], str]


def session(runs: Path, rater: str, study: str = "tiny", **given: Any) -> Session:
    asked = questions(results.load(study, runs), rater, **given)
    return Session(asked, votes.folder(study, runs) / f"{rater}.jsonl")


def cast(runs: Path, rater: str, rule: Rule, times: int = 1000, attentive: bool = True, **given: Any) -> None:
    """Answer the next `times` questions by the rule; the checks as they ought to be, or wrongly."""
    box = session(runs, rater, **given)
    for _ in range(times):
        asked = box.question
        if asked is None:
            break
        wrong = "left" if asked.expected == "tie" else "tie"
        answer = (asked.expected if attentive else wrong) if asked.check else rule(asked)
        box.answer(box.now()["question"], answer)
    box.close()


def prefer(method: str) -> Rule:
    """The method's image; a tie where it has none in the pair."""
    return lambda asked: next((side for side in ("left", "right") if getattr(asked, side).method == method), "tie")
