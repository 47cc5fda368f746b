"""The console command `sdbench`. Bad input ends in one sentence and exit code 2; heavy imports wait until needed."""

from __future__ import annotations

import inspect
import logging
import sys
from collections.abc import Callable, Sequence

from sdbench.commands import benches, given, machine, stores, studies, sweeps, trained
from sdbench.errors import StoreError, UserError, nearest

HELP = """sdbench: which personalization method, at which learning rate and steps, on which base model, at what cost?

  sdbench run [-m] [--study NAME] OVERRIDE...   make what is missing of a cell, a grid (-m) or a study
  sdbench plan [-m] [--study NAME] OVERRIDE...  say what that would do, and about what it costs, and do nothing
  sdbench status STUDY                          what has become of its cells, while it runs and after
  sdbench report STUDY                          write reports/STUDY/ from what has run
  sdbench sample CELL PROMPT                    draw a prompt with a cell that has run
  sdbench export CELL [--format kohya]          what it learnt, as files for diffusers, or for kohya and web interfaces
  sdbench vote STUDY [--report]                 ask a person, on a page of this machine, which image is better
  sdbench audit STUDY [OVERRIDE...]             whether its metrics measure what they say: reports/STUDY/audit.md
  sdbench fetch [--study NAME] [OVERRIDE...]    bring the weights that a study needs from the hub
  sdbench doctor [--study NAME] [OVERRIDE...]   what is missing on this machine, and the command that mends it
  sdbench verify [OVERRIDE...]                  find every bit of the store that changed
  sdbench gc [--yes]                            what no study of runs/ refers to; with --yes it is removed
  sdbench merge STORE                           take over what another machine's store has made
  sdbench detector SUBJECT --labels FOLDER      train a YOLOv8 for the logo of a subject's folder from labelled pictures
  sdbench score --images FOLDER OVERRIDE...     judge images that others made, beside a study's own; or, drawn with
                                                its prompts, --lora FILE, --embedding FILE or --pipeline FOLDER
  sdbench bench [NAME] [--peer CHECKOUT]        how fast this is beside diffusers' scripts: reports/bench/NAME.md
  sdbench [COMMAND] --help                      this text, or what a command takes

An OVERRIDE is Hydra's: a group (method=lora) or a setting (train.lr=1e-4) of conf/; with -m or in a study it may sweep.

  sdbench run method=dreambooth train.steps=100
  sdbench run -m method=lora,textual_inversion train.lr=1e-2,1e-3 train.steps=100,200 study=mine
  sdbench run --study microworld hydra/launcher=workers && sdbench report microworld

Exit codes: 0 done, 1 a cell did not finish, or verify found a change, 2 bad input, 130 interrupted.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, else see HELP. A crash is left to raise."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("sdbench").setLevel(logging.INFO)
    try:
        return _dispatch(words)
    except (UserError, StoreError) as error:
        print(f"sdbench: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("sdbench: interrupted; repeat the command to finish", file=sys.stderr)
        return 130


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        print(HELP, end="")
        return 0
    command, *rest = words
    if command not in COMMANDS:
        raise UserError(f"{command!r} is not a command{nearest(command, COMMANDS)}; see sdbench --help")
    if {"-h", "--help"} & set(rest):
        print(inspect.getdoc(COMMANDS[command]))
        return 0
    return COMMANDS[command](rest)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": sweeps.run, "plan": sweeps.plan, "status": sweeps.status, "report": studies.report, "audit": studies.audit,
    "vote": studies.vote, "score": given.score, "detector": given.detector, "verify": stores.verify, "gc": stores.gc,
    "merge": stores.merge, "sample": trained.sample, "export": trained.export, "bench": benches.bench,
    "fetch": machine.fetch, "doctor": machine.doctor,
}  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
