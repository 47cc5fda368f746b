"""How fast it is, beside the reference."""

from __future__ import annotations

from pathlib import Path

import yaml

from sdbench.commands.base import Parser
from sdbench.errors import UserError


def bench(words: list[str]) -> int:
    """sdbench bench [NAME] [--peer CHECKOUT] [--row ROW]... [KEY=VALUE...]

    Measure sdbench beside the reference in turns, once both have the same losses: reports/bench/NAME.md and .csv.

      NAME              a file of sdbench/bench/sizes; microworld where none is named
      --peer CHECKOUT   of huggingface/diffusers, whose own training scripts are then the reference; else a plain loop
      --row ROW         only this row of the file; may be repeated

    A KEY is one of that file, e.g. rounds=3
    """
    parser = Parser(prog="sdbench bench", add_help=False, allow_abbrev=False)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--row", action="append", default=[])
    said, rest = parser.parse(words)
    names = [word for word in rest if "=" not in word]
    if len(names) > 1:
        raise UserError(f"bench takes one name, not {' '.join(names)}; see sdbench bench --help")
    changes = {key: yaml.safe_load(value) for key, _, value in (w.partition("=") for w in rest if "=" in w)}
    from sdbench.bench import run

    name = names[0] if names else "microworld"
    path = run.bench(name, said.peer, said.row, changes, Path("reports/bench"))
    print(f"{path.read_text()}\n{path}")
    return 0
