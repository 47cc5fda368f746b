"""Cells: what would be done, doing it, and what has become of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sdbench.commands.base import Parser
from sdbench.errors import UserError


def run(words: list[str]) -> int:
    """sdbench run [-m] [--study NAME] [OPTION...] OVERRIDE...

    Make what is missing of a cell, a grid or a study; repeating the command fills only the holes.

      -m, --multirun         a grid: overrides may sweep, e.g. train.lr=1e-4,1e-5
      --study NAME           of experiments/, with overrides on top
      --only CELL            of its cells, may be repeated
      --fail-fast            stop at the first cell that fails
      --max-failures N       stop once so many cells have failed
      --time-limit SECONDS   of one cell
      --smaller-batch        try a cell again with half the micro-batch where an accelerator's memory ran out

    Where work is to run is hydra/launcher=...: see conf/hydra/launcher/README.md.
    """
    asked = Asked.read("run", words)
    from sdbench.sweep import plan as planning

    if not asked.multirun and not asked.study:
        planning.one_cell(asked.overrides)
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
    from sdbench.sweep import plan as planning
    from sdbench.sweep.supervise import run_hydra_job

    Plugins.instance().register(SdbenchSweeper)  # an editable install hides it from Hydra's own search
    hydra_version.setbase("1.3")
    hydra = Hydra.create_main_hydra2("sdbench", create_config_search_path(str(CONF)))
    try:
        return int(hydra.multirun("config", run_hydra_job, overrides, with_log_configuration=False))
    except (HydraException, OmegaConfBaseException) as error:
        GlobalHydra.instance().clear()
        planning.of(study, overrides)  # a mistake in a cell's own settings is said better there
        raise UserError(f"{str(error).splitlines()[0]}; see conf/hydra for what is there") from error
    finally:
        GlobalHydra.instance().clear()


@dataclass(frozen=True)
class Asked:
    """The words of `run` or `plan`."""

    study: str | None
    multirun: bool
    json: bool
    only: list[str]
    options: dict[str, str]
    overrides: list[str]

    @staticmethod
    def read(command: str, words: list[str]) -> Asked:
        parser = Parser(prog=f"sdbench {command}", add_help=False, allow_abbrev=False)
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
        return Asked(known.study, known.multirun, said.get("json", False), said.get("only") or [], options, overrides)

    def sweeper(self) -> list[str]:
        """The same as overrides of hydra.sweeper."""
        quoted = ",".join(f"'{name}'" for name in self.only)
        named = [f"hydra.sweeper.study={self.study}"] if self.study else []
        return [*named, f"hydra.sweeper.only=[{quoted}]", *(f"hydra.sweeper.{k}={v}" for k, v in self.options.items())]


def plan(words: list[str]) -> int:
    """sdbench plan [-m] [--study NAME] [--json] OVERRIDE...

    Say what `sdbench run` would do with the same words, and about what it costs, and do nothing.

      -m, --multirun   a grid: overrides may sweep, e.g. train.lr=1e-4,1e-5
      --study NAME     of experiments/, with overrides on top
      --json           all of it, for a program
    """
    asked = Asked.read("plan", words)
    from sdbench.sweep import plan as planning

    if not asked.multirun and not asked.study:
        planning.one_cell(asked.overrides)
    summary = planning.of(asked.study, asked.overrides).summary()
    print(json.dumps(summary, indent=1) if asked.json else planning.text(summary))
    return 0


def status(words: list[str]) -> int:
    """sdbench status STUDY [--json]

    What has become of its cells, while it runs and after: why one did not finish, its log, and how to try again.

      --json   all of it, for a program
    """
    names = [word for word in words if word != "--json"]
    if len(names) != 1 or names[0].startswith("-"):
        raise UserError("status takes the name of one study, e.g. sdbench status microworld")
    from sdbench.sweep import status as states
    from sdbench.sweep.jobs import RUNS

    cells = states.read(names[0], RUNS)
    if "--json" in words:
        print(states.as_json(cells))
    else:
        print("\n".join([f"{names[0]}: {states.counts(cells)}", *states.lines(cells)]))
    return 0
