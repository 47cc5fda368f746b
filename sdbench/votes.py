"""Human votes on a study's images, read back: who is preferred, and which raters paid attention. Never torch.

`runs/<study>/votes/<rater>.jsonl` is the only record: a line for each answer, written by sdbench.voting. A line ends
in a newline once it is whole; what a crash left without one was never acknowledged and is no answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sdbench.errors import UserError
from sdbench.results import ROW
from sdbench.stats.bradley_terry import standings

ANSWERS = ("left", "right", "tie", "skip")
PASSED = 0.8  # share of a rater's attention checks; who passes fewer is left out
SIDE = ["cell", "model", "method", "parameters", "generated"]
VOTE = ["rater", "id", "subject", "prompt_id", "sample_id", *(f"{s}_{k}" for s in ("left", "right") for k in SIDE),
        "answer"]  # fmt: skip
RATER = ["rater", "answers", "skipped", "stale", "checks", "passed", "kept"]
SCORE = [*ROW, "visual_quality", "low", "high", "votes", "reason"]


@dataclass(frozen=True)
class Votes:
    """What raters said of the images that the study has now.

    votes: left, right or tie, of the raters who are kept; columns VOTE. raters: every file of votes, in order of
    name; columns RATER. stale: answers about images that have since been made anew, which are left out. skipped and
    checks are no votes.
    """

    votes: pd.DataFrame
    raters: pd.DataFrame

    @property
    def reason(self) -> str | None:
        """Why there are no votes; None where there are."""
        if len(self.votes):
            return None
        lost = int((~self.raters["kept"].astype(bool)).sum())
        return f"all votes are of {lost} raters who failed attention checks" if lost else "nobody has voted"


def folder(study: str, runs: Path) -> Path:
    return runs / study / "votes"


def read(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a rater's file, each question's first. Raises UserError naming a line that is damaged."""
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            vote = json.loads(line)
            found.setdefault(vote["id"], vote)
        except (ValueError, LookupError, TypeError) as error:
            raise UserError(f"{path}: line {number} is not a vote; remove that line, the others still count") from error
    return list(found.values())


def load(study: str, runs: Path) -> Votes:
    """All votes on a study, possibly none. Raises UserError naming a file and line that cannot be read."""
    votes, raters, known = [], [], dict[str, str | None]()
    for path in sorted(folder(study, runs).glob("*.jsonl")):
        lines = read(path)
        checks = [line for line in lines if line["check"] and line["answer"] != "skip"]
        passed = sum(line["answer"] == line["expected"] for line in checks)
        kept = passed >= PASSED * len(checks)
        answered = [line for line in lines if not line["check"] and line["answer"] != "skip"]
        fresh = [line for line in answered if _is_fresh(line, runs / study, known)]
        skipped, stale = sum(line["answer"] == "skip" for line in lines), len(answered) - len(fresh)
        raters.append((path.stem, len(lines), skipped, stale, len(checks), passed, kept))
        votes += [list(_flat(path.stem, line)) for line in fresh if kept]
    return Votes(pd.DataFrame(votes, columns=VOTE), pd.DataFrame(raters, columns=RATER))


def _flat(rater: str, line: dict[str, Any]) -> Iterator[Any]:
    yield rater
    yield from (line[key] for key in ("id", "subject", "prompt_id", "sample_id"))
    yield from (line[side][key] for side in ("left", "right") for key in SIDE)
    yield line["answer"]


def _is_fresh(line: dict[str, Any], study: Path, known: dict[str, str | None]) -> bool:
    """Are both images those that their cells have now?"""
    for cell in (line[side]["cell"] for side in ("left", "right")):
        if cell not in known:
            file = study / cell / "cell.json"
            known[cell] = json.loads(file.read_text())["stages"].get("generate") if file.is_file() else None
    return all(known[line[side]["cell"]] == line[side]["generated"] for side in ("left", "right"))


def scores(study: str, runs: Path) -> pd.DataFrame:
    """Visual quality: the share of pairs that a configuration wins against the others that were voted on, in [0, 1].

    Columns SCORE: a row for each leaderboard row (join on ROW) that a vote names, compared within its subject, by
    subject and method; 0.5 is as good as the others on the average, ties are half a win, [low, high] is the 95 %
    interval over raters and prompts (sdbench.stats.bradley_terry). reason: why a row has no number. Where there are
    no votes the frame is empty and `.attrs["reason"]` says why.
    """
    found = load(study, runs)
    frame = pd.DataFrame([row for _, votes in found.votes.groupby("subject") for row in _standings(votes)])
    frame = frame.reindex(columns=SCORE).astype({"votes": "Int64", **dict.fromkeys(SCORE[4:7], "Float64")})
    frame.attrs["reason"] = found.reason
    return frame


def _standings(votes: pd.DataFrame) -> list[dict[str, Any]]:
    rows = {}
    for side in ("left", "right"):
        for keys in votes[[f"{side}_{key}" for key in ROW[1:]]].itertuples(index=False, name=None):
            rows[label(*keys)] = dict(zip(ROW[1:], keys, strict=True))
    ones, others = ([label(*keys) for keys in votes[[f"{side}_{key}" for key in ROW[1:]]].itertuples(index=False)]
                    for side in ("left", "right"))  # fmt: skip
    clusters = list(zip(votes["rater"], votes["prompt_id"], strict=True))
    won = votes["answer"].map({"left": 1.0, "right": 0.0, "tie": 0.5}).tolist()
    return [
        {"subject": votes["subject"].iloc[0], **rows[one.name], "visual_quality": one.value, "low": one.low,
         "high": one.high, "votes": one.votes, "reason": one.reason}
        for one in standings(ones, others, won, clusters)
    ]  # fmt: skip


def label(model: str, method: str, parameters: str) -> str:
    """What a contestant is called among those of its subject."""
    return " ".join(part for part in (method, parameters, f"on {model}") if part)
