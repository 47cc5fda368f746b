"""What has run: reports, audits and votes."""

from __future__ import annotations

import os
from pathlib import Path

from sdbench.commands.base import Parser
from sdbench.errors import UserError


def report(words: list[str]) -> int:
    """sdbench report STUDY

    Write reports/STUDY/ from what has run: tables, figures, and the page index.html.
    """
    if len(words) != 1 or words[0].startswith("-"):
        raise UserError("report takes the name of one study, e.g. sdbench report microworld")
    from sdbench import config
    from sdbench.report import render

    if (config.EXPERIMENTS / words[0] / "matrix.yaml").is_file():  # nothing to train: it is measured on the spot
        from sdbench import similarity

        print(similarity.render(words[0], config.EXPERIMENTS))
    else:
        print(render(words[0], experiments=config.EXPERIMENTS))
    return 0


def vote(words: list[str]) -> int:
    """sdbench vote STUDY [OPTION...]

    Ask a person, on a page of this machine, which of two images is better; an answer is on disk at once.

      --report          ask nobody: write reports/STUDY/votes.md from the answers
      --rater NAME      who answers, and goes on where they stopped; else you
      --cell CELL       to be compared, may be repeated; else the best of each method
      --question TEXT   e.g. 'Which shows {prompt} better?'
      --reference       show a held-out picture of the subject above the two
      --checks SHARE    of attention checks; else 0.1
      --seed N          of the order and the sides; else 0
      --port N          of the page; else one that is free
    """
    parser = Parser(prog="sdbench vote", add_help=False, allow_abbrev=False)
    parser.add_argument("study")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--rater", default=os.environ.get("USER") or "rater")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cell", action="append", default=[])
    parser.add_argument("--question")
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--checks", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    said = parser.parse_args(words)
    from sdbench import voting
    from sdbench.sweep.jobs import RUNS
    from sdbench.voting.report import render

    if said.report:
        print(render(said.study, RUNS, Path("reports")))
    else:
        asked = (said.cell, said.question, said.checks, said.seed, said.reference)
        voting.serve(said.study, RUNS, said.rater, said.port, *asked)
    return 0


def audit(words: list[str]) -> int:
    """sdbench audit STUDY [OVERRIDE...]

    Whether the metrics of a study measure what they say: reports/STUDY/audit.md, and marks in its tables.
    """
    if not words or words[0].startswith("-") or "=" in words[0]:
        raise UserError("audit takes the name of one study, and overrides, e.g. sdbench audit microworld")
    from sdbench import config
    from sdbench.audit import run
    from sdbench.sweep.jobs import RUNS

    audit = run.audit(config.load_study(words[0], words[1:]), RUNS)
    print(f"{run.text(audit)}\n{run.write(audit, RUNS, Path('reports'))}")
    return 0
