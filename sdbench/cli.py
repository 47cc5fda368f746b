"""The console command `sdbench`. Bad input ends in one sentence and exit code 2; heavy imports wait until needed."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sdbench.errors import UserError, nearest

HELP = """sdbench: which personalization method, at which learning rate and steps, on which base model, at what cost?

  sdbench run [-m] [--study NAME] OVERRIDE...   make what is missing of a cell, a grid (-m) or a study
  sdbench report STUDY                          write reports/STUDY/ from what has run
  sdbench verify [OVERRIDE...]                  find every bit of the store that changed
  sdbench --help                                this text

An OVERRIDE is Hydra's: a group (method=lora) or a setting (train.lr=1e-4) of conf/; with -m or in a study it may sweep.

  sdbench run method=dreambooth train.steps=100
  sdbench run -m method=lora,textual_inversion train.lr=1e-2,1e-3 study=mine
  sdbench run --study microworld && sdbench report microworld

Exit codes: 0 done, 1 verify found a change, or a crash, 2 bad input, 3 a cell did not finish, 130 interrupted.
"""
UNFINISHED = 3  # not 1, which is what Python exits with where something crashes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, else see HELP. A crash is left to raise."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("sdbench").setLevel(logging.INFO)
    try:
        return _dispatch(words)
    except UserError as error:
        print(f"sdbench: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("sdbench: interrupted; repeat the command to finish", file=sys.stderr)
        return 130


def _dispatch(words: list[str]) -> int:
    if not words or {"-h", "--help"} & set(words):
        print(HELP, end="")
        return 0
    command, *rest = words
    if command not in COMMANDS:
        raise UserError(f"{command!r} is not a command{nearest(command, COMMANDS)}; see sdbench --help")
    return COMMANDS[command](rest)


def _run(words: list[str]) -> int:
    name, multirun, overrides = _run_words(words)
    from sdbench import config

    study = config.load_study(name, overrides) if name else config.scratch_study(overrides, multirun)
    from sdbench import pipeline
    from sdbench.store import Store

    store = Store(study.cells[0][1].store)
    _check_writable(store.root, f"store {str(store.root)!r}", "set store=... to a folder")
    _check_writable(pipeline.RUNS / study.name, f"the study's folder {pipeline.RUNS / study.name}", "run from a folder")
    store.remove_stale()
    return UNFINISHED if pipeline.run_study(study, store) else 0


def _check_writable(folder: Path, what: str, remedy: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{what} cannot be made ({error.strerror}); {remedy} where you may write") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{what} cannot be written to; {remedy} where you may write")


def _run_words(words: list[str]) -> tuple[str | None, bool, list[str]]:
    """The study's name, whether to sweep, and the overrides."""
    name, multirun, overrides = None, False, []
    rest = iter(words)
    for word in rest:
        if word in ("-m", "--multirun"):
            multirun = True
        elif word == "--study" or word.startswith("--study="):
            name = word.partition("=")[2] or next(rest, "")
            if not name:
                raise UserError("--study needs a name, e.g. --study microworld")
        elif word.startswith("-"):
            raise UserError(f"{word} is not an option of run{nearest(word, ['-m', '--multirun', '--study'])}")
        else:
            overrides.append(word)
    return name, multirun, overrides


def _report(words: list[str]) -> int:
    if len(words) != 1 or words[0].startswith("-"):
        raise UserError("report takes the name of one study, e.g. sdbench report microworld")
    from sdbench import config, report

    print(report.render(words[0], experiments=config.EXPERIMENTS))
    return 0


def _verify(words: list[str]) -> int:
    from sdbench import config
    from sdbench.store import Store

    store = Store(config.compose_cell(words).store)
    problems = store.verify()
    for problem in problems:
        print(problem)
    print(f"{store.root}: {len(store.folders())} finished folders, {len(problems)} problems")
    return 1 if problems else 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {"run": _run, "report": _report, "verify": _verify}


if __name__ == "__main__":
    raise SystemExit(main())
