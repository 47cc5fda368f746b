"""The console command `sdbench`. Bad input ends in one sentence and exit code 2; heavy imports wait until needed."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sdbench.errors import StoreError, UserError, nearest

HELP = """sdbench: which personalization method, at which learning rate and steps, on which base model, at what cost?

  sdbench run [-m] [--study NAME] OVERRIDE...   make what is missing of a cell, a grid (-m) or a study
  sdbench plan [-m] [--study NAME] OVERRIDE...  say what that would do, and about what it costs, and do nothing
  sdbench status STUDY                          what has become of its cells, while it runs and after
  sdbench report STUDY                          write reports/STUDY/ from what has run
  sdbench vote STUDY [--report]                 ask a person, on a page of this machine, which image is better
  sdbench audit STUDY [OVERRIDE...]             whether its metrics measure what they say: reports/STUDY/audit.md
  sdbench verify [OVERRIDE...]                  find every bit of the store that changed
  sdbench gc [--yes]                            what no study of runs/ refers to; with --yes it is removed
  sdbench merge STORE                           take over what another machine's store has made
  sdbench detector SUBJECT --labels FOLDER      train a YOLOv8 for the logo of a subject's folder from labelled pictures
  sdbench score --images FOLDER OVERRIDE...     judge images that others made, beside a study's own; or, drawn with
                                                its prompts, --lora FILE, --embedding FILE or --pipeline FOLDER
  sdbench --help                                this text

An OVERRIDE is Hydra's: a group (method=lora) or a setting (train.lr=1e-4) of conf/; with -m or in a study it may sweep.

  sdbench run method=dreambooth train.steps=100
  sdbench run -m method=lora,textual_inversion train.lr=1e-2,1e-3 train.steps=100,200 study=mine
  sdbench run --study microworld hydra/launcher=workers && sdbench report microworld

Options of run: --only CELL (may be repeated), --fail-fast, --max-failures N, --time-limit SECONDS (of one cell),
--smaller-batch (after running out of an accelerator's memory). Of plan and status: --json. Where work is to run is
hydra/launcher=...: see conf/hydra/launcher/README.md. Of vote: --rater NAME (who goes on where they stopped), --port N,
--cell CELL (may be repeated; else the best of each method), --question 'Which shows {prompt} better?', --checks 0.1
(share of attention checks), --seed N, --reference (a held-out picture of the subject above them); with --report nobody
is asked, and reports/STUDY/votes.md is written.

Options of score: --study NAME of experiments/ (else study=... and what else is to be set), --name of the row, --prompts
FILE of lines {"file_name", "prompt", "seed"}, where --images has no metadata.jsonl of its own.

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
    if not words or {"-h", "--help"} & set(words):
        print(HELP, end="")
        return 0
    command, *rest = words
    if command not in COMMANDS:
        raise UserError(f"{command!r} is not a command{nearest(command, COMMANDS)}; see sdbench --help")
    return COMMANDS[command](rest)


def _run(words: list[str]) -> int:
    asked = _Asked.read("run", words)
    from sdbench.sweep import plan

    if not asked.multirun and not asked.study:
        plan.one_cell(asked.overrides)
    return 1 if _multirun([*asked.overrides, *asked.sweeper()], asked.study) else 0


def _multirun(overrides: list[str], study: str | None) -> int:
    """Through Hydra: it composes the sweeper and the launcher, and the sweeper does the rest."""
    from hydra import version as hydra_version
    from hydra._internal.hydra import Hydra
    from hydra._internal.utils import create_config_search_path
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.plugins import Plugins
    from hydra.errors import HydraException
    from hydra_plugins.sdbench_sweeper import SdbenchSweeper
    from omegaconf.errors import OmegaConfBaseException

    from sdbench.config import CONF
    from sdbench.sweep import plan
    from sdbench.sweep.supervise import run_hydra_job

    Plugins.instance().register(SdbenchSweeper)  # an editable install hides it from Hydra's own search
    hydra_version.setbase("1.3")
    hydra = Hydra.create_main_hydra2("sdbench", create_config_search_path(str(CONF)))
    try:
        return int(hydra.multirun("config", run_hydra_job, overrides, with_log_configuration=False))
    except (HydraException, OmegaConfBaseException) as error:
        GlobalHydra.instance().clear()
        plan.of(study, overrides)  # a mistake in a cell's own settings is said better there
        raise UserError(f"{str(error).splitlines()[0]}; see conf/hydra for what is there") from error
    finally:
        GlobalHydra.instance().clear()


@dataclass(frozen=True)
class _Asked:
    """The words of `run` or `plan`."""

    study: str | None
    multirun: bool
    json: bool
    only: list[str]
    options: dict[str, str]
    overrides: list[str]

    @staticmethod
    def read(command: str, words: list[str]) -> _Asked:
        parser = _Parser(prog=f"sdbench {command}", add_help=False, allow_abbrev=False)
        parser.add_argument("-m", "--multirun", action="store_true")
        parser.add_argument("--study")
        if command == "plan":
            parser.add_argument("--json", action="store_true")
        else:
            parser.add_argument("--only", action="append")
            parser.add_argument("--fail-fast", dest="max_failures", action="store_const", const=1)
            parser.add_argument("--max-failures", type=int)
            parser.add_argument("--time-limit", dest="time_limit_seconds", type=float)
            parser.add_argument("--smaller-batch", action="store_true", default=None)
        known, overrides = parser.parse(words)
        said = vars(known)
        options = {key: said[key] for key in ("max_failures", "time_limit_seconds", "smaller_batch") if said.get(key)}
        return _Asked(known.study, known.multirun, said.get("json", False), said.get("only") or [], options, overrides)

    def sweeper(self) -> list[str]:
        """The same as overrides of hydra.sweeper."""
        quoted = ",".join(f"'{name}'" for name in self.only)
        named = [f"hydra.sweeper.study={self.study}"] if self.study else []
        return [*named, f"hydra.sweeper.only=[{quoted}]", *(f"hydra.sweeper.{k}={v}" for k, v in self.options.items())]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see sdbench --help")

    def parse(self, words: list[str]) -> tuple[argparse.Namespace, list[str]]:
        """Options, and what is left for Hydra. Raises UserError for an option that is none."""
        known, overrides = self.parse_known_args(words)
        for word in overrides:
            if word.startswith("-"):
                valid = sorted(self._option_string_actions)
                command = self.prog.removeprefix("sdbench ")
                raise UserError(f"{word} is not an option of {command}{nearest(word, valid)}; see sdbench --help")
        return known, overrides


def _plan(words: list[str]) -> int:
    asked = _Asked.read("plan", words)
    from sdbench.sweep import plan

    if not asked.multirun and not asked.study:
        plan.one_cell(asked.overrides)
    summary = plan.of(asked.study, asked.overrides).summary()
    print(json.dumps(summary, indent=1) if asked.json else plan.text(summary))
    return 0


def _status(words: list[str]) -> int:
    names = [word for word in words if word != "--json"]
    if len(names) != 1 or names[0].startswith("-"):
        raise UserError("status takes the name of one study, e.g. sdbench status microworld")
    from sdbench.sweep import status
    from sdbench.sweep.jobs import RUNS

    cells = status.read(names[0], RUNS)
    if "--json" in words:
        print(status.as_json(cells))
    else:
        print("\n".join([f"{names[0]}: {status.counts(cells)}", *status.lines(cells)]))
    return 0


def _report(words: list[str]) -> int:
    if len(words) != 1 or words[0].startswith("-"):
        raise UserError("report takes the name of one study, e.g. sdbench report microworld")
    from sdbench import config, report

    if (config.EXPERIMENTS / words[0] / "matrix.yaml").is_file():  # nothing to train: it is measured on the spot
        from sdbench import similarity

        print(similarity.render(words[0], config.EXPERIMENTS))
    else:
        print(report.render(words[0], experiments=config.EXPERIMENTS))
    return 0


def _vote(words: list[str]) -> int:
    parser = _Parser(prog="sdbench vote", add_help=False, allow_abbrev=False)
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
    from sdbench.voting import report

    if said.report:
        print(report.render(said.study, RUNS, Path("reports")))
    else:
        asked = (said.cell, said.question, said.checks, said.seed, said.reference)
        voting.serve(said.study, RUNS, said.rater, said.port, *asked)
    return 0


def _audit(words: list[str]) -> int:
    if not words or words[0].startswith("-") or "=" in words[0]:
        raise UserError("audit takes the name of one study, and overrides, e.g. sdbench audit microworld")
    from sdbench import config
    from sdbench.audit import run
    from sdbench.sweep.jobs import RUNS

    audit = run.audit(config.load_study(words[0], words[1:]), RUNS)
    print(f"{run.page(audit)}\n{run.speeds(audit)}\n{run.write(audit, RUNS, Path('reports'))}")
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


def _gc(words: list[str]) -> int:
    if set(words) - {"--yes"}:
        raise UserError("gc takes --yes or nothing: without it, it only says what it would remove")
    from sdbench import config, upkeep
    from sdbench.store import Store
    from sdbench.sweep.jobs import RUNS
    from sdbench.sweep.supervise import is_running

    if running := [folder for folder in RUNS.glob("*/*/") if is_running(folder)]:
        raise UserError(f"{running[0]} is running, and says what it refers to once it ends; run gc then")
    store = Store(config.compose_cell([]).store)
    unused = upkeep.unreferenced(store, RUNS)
    for one in unused:
        print(f"{one.bytes / 1e6:9.1f} MB  {one.path}")
    found = upkeep.free(store, unused) if "--yes" in words else unused
    total = f"{sum(one.bytes for one in found) / 1e6:.1f} MB in {len(found)} folders that no study of {RUNS}/ refers to"
    print(f"removed: {total}" if "--yes" in words else f"{total}; sdbench gc --yes removes them")
    return 0


def _merge(words: list[str]) -> int:
    if len(words) != 1 or not Path(words[0]).is_dir():
        raise UserError("merge takes the folder of another store, e.g. sdbench merge /mnt/other/runs/.store")
    from sdbench import config, upkeep
    from sdbench.store import Store

    merged = upkeep.merge(Store(config.compose_cell([]).store), Store(words[0]))
    for problem in merged.problems:
        print(problem)
    print(f"{len(merged.copied)} folders taken over, {len(merged.problems)} problems")
    return 1 if merged.problems else 0


def _detector(words: list[str]) -> int:
    parser = _Parser(prog="sdbench detector", add_help=False, allow_abbrev=False)
    parser.add_argument("subject")
    parser.add_argument("--labels", type=Path)
    asked, overrides = parser.parse(words)
    if asked.labels is None:
        without = "without labels the subject is scored by everything else, and `yolo` says why it is not"
        raise UserError(f"detector wants --labels FOLDER, with images/ and labels/ in YOLO's format; {without}")
    from sdbench import config, detector, devices
    from sdbench.conversion import convert
    from sdbench.store import Store

    shared = [word for word in overrides if word.partition("=")[0] in ("store", "device", "threads")]
    cell = config.compose_cell(shared)
    plain = config.compose_file("detector", [word for word in overrides if word not in shared])
    machine = detector.Machine(devices.resolve(cell.device), devices.threads(cell.threads))
    wanted = detector.plan(asked.subject, asked.labels, convert(detector.Settings, plain, ""), machine)
    print(detector.summary(detector.make(wanted, Store(cell.store))))
    return 0


def _score(words: list[str]) -> int:
    parser = _Parser(prog="sdbench score", add_help=False, allow_abbrev=False)
    kinds = ("images", "lora", "embedding", "pipeline")
    for option in (*kinds, "prompts", "name", "study"):
        parser.add_argument(f"--{option}")
    known, overrides = parser.parse(words)
    asked = vars(known)
    chosen = [kind for kind in kinds if asked[kind]]
    if len(chosen) != 1:
        raise UserError("score takes one of --images FOLDER, --lora FILE, --embedding FILE and --pipeline FOLDER")
    if asked["prompts"] and chosen != ["images"]:
        raise UserError("--prompts says what --images were drawn for; weights are asked the prompts of the study")
    from sdbench.settings import External
    from sdbench.sweep import external

    path = Path(asked[chosen[0]])
    name = asked["name"] or "".join(c if c.isalnum() or c in "-_." else "-" for c in path.expanduser().resolve().stem)
    made = External(name, chosen[0], str(path), asked["prompts"])
    record = external.score(made, asked["study"], overrides)
    if record["status"] != "done":
        print(f"{record['cell']}: {record['status']} ({record['cause']}); log: {record.get('log')}", file=sys.stderr)
        return 1
    print(f"{record['cell']} is in runs/{record['study']}/; sdbench report {record['study']} shows it")
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": _run, "plan": _plan, "status": _status, "report": _report, "audit": _audit, "score": _score,
    "detector": _detector, "vote": _vote, "verify": _verify, "gc": _gc, "merge": _merge,
}  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
