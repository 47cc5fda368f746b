"""What has run: reports, audits and votes."""

from __future__ import annotations

import os
from pathlib import Path

from sdbench.commands.base import Parser
from sdbench.errors import UserError


def report(words: list[str]) -> int:
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
    if not words or words[0].startswith("-") or "=" in words[0]:
        raise UserError("audit takes the name of one study, and overrides, e.g. sdbench audit microworld")
    from sdbench import config
    from sdbench.audit import run
    from sdbench.sweep.jobs import RUNS

    audit = run.audit(config.load_study(words[0], words[1:]), RUNS)
    print(f"{run.page(audit)}\n{run.speeds(audit)}\n{run.write(audit, RUNS, Path('reports'))}")
    return 0
