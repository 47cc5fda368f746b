"""Human judgement: a blind page that asks which of two images is better, and what the answers say. Never torch.

ballot: what is asked. session: one rater, answers on disk. server: the page. report: what the votes say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sdbench import votes
from sdbench.errors import UserError
from sdbench.results import load
from sdbench.voting.ballot import questions
from sdbench.voting.server import Server
from sdbench.voting.session import WORDING, Session

RATER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def serve(
    study: str,
    runs: Path,
    rater: str,
    port: int = 0,
    cells: Sequence[str] = (),
    wording: str | None = None,
    checks: float = 0.1,
    seed: int = 0,
    reference: bool = False,
) -> None:
    """Ask a rater on a page of this machine, from where they stopped, until Ctrl-C. Prints the page's link.

    wording: the question, with {prompt} where the prompt goes. cells, checks, seed, reference: see ballot.questions.
    """
    if not RATER.fullmatch(rater):
        raise UserError(f"--rater {rater!r} cannot name a file; give letters, digits, '-', '_' and '.'")
    asked = questions(load(study, runs), rater, seed, checks, cells, reference)
    session = Session(asked, votes.folder(study, runs) / f"{rater}.jsonl", wording or WORDING)
    try:
        with Server(session, port) as server:
            print(f"Open {server.link}\nCtrl-C ends; the answers are in {session.path}", flush=True)
            server.serve_forever()
    except KeyboardInterrupt:
        left = sum(one.id not in session.answered for one in asked)
        print(f"\n{len(asked) - left} of {len(asked)} answered; the same command goes on from there")
    finally:
        session.close()
