"""The machine: bringing what a study needs, and saying whether it has it."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from sdbench.commands.base import Parser

if TYPE_CHECKING:
    from sdbench.packages import Line


def fetch(words: list[str]) -> int:
    """sdbench fetch [--study NAME] [-m] [OVERRIDE...]

    Bring the weights that a study's models and metrics need from the hub: the files that are read, and no others, at
    one commit, whose hash it prints. It says how much that is before it starts, and goes on where it was interrupted.

      --study NAME   of experiments/, with overrides on top; else the cells that the overrides mean
      -m, --multirun as `sdbench run` takes it; overrides may sweep without it too
    """
    parser = Parser(prog="sdbench fetch", add_help=False, allow_abbrev=False)
    parser.add_argument("--study")
    parser.add_argument("-m", "--multirun", action="store_true")
    asked, overrides = parser.parse(words)
    from sdbench import config, fetching, wanted

    study = config.load_study(asked.study, overrides) if asked.study else config.scratch_study(overrides, multirun=True)
    needed = wanted.of([cell for _, cell in study.cells])
    fetching.fetch(needed, print)
    for who, why in needed.troubles.items():
        print(f"{who}: {why}", file=sys.stderr)
    for tool, who in needed.tools().items():
        if tool.why:
            print(f"{who}: {tool.why}", file=sys.stderr)
    return 1 if needed.troubles else 0


def doctor(words: list[str]) -> int:
    """sdbench doctor [--study NAME] [--json] [-m] [OVERRIDE...]

    Say what this machine has of what a study needs, what is missing, and the command that mends it: packages, weights,
    text readers, disk, and what the device can hold. The exit code is 0 where the study can run, else 1.

      --study NAME   of experiments/, with overrides on top; else the cells that the overrides mean
      --json         the same for a program
      -m, --multirun as `sdbench run` takes it; overrides may sweep without it too
    """
    parser = Parser(prog="sdbench doctor", add_help=False, allow_abbrev=False)
    parser.add_argument("--study")
    parser.add_argument("-m", "--multirun", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked, overrides = parser.parse(words)
    from sdbench import packages

    lines = list(packages.lines())
    try:
        lines += _of_study(asked.study, overrides)
    except ImportError as error:
        lines.append(packages.Line("sdbench", "missing", f"cannot be imported ({error})", "make install"))
    ready = packages.ok(lines)
    print(json.dumps({"ready": ready, "lines": [asdict(line) for line in lines]}, indent=1) if asked.json
          else packages.text(lines))  # fmt: skip
    return 0 if ready else 1


def _of_study(name: str | None, overrides: list[str]) -> list[Line]:
    from sdbench import config, doctor, wanted

    study = config.load_study(name, overrides) if name else config.scratch_study(overrides, multirun=True)
    cells = [cell for _, cell in study.cells]
    said = shlex.join([*(["--study", name] if name else []), *overrides])
    return [*doctor.machine(cells), *doctor.needs(wanted.of(cells), said), *doctor.memory(cells)]
