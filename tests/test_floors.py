"""The house stands: a module imports only from strictly lower floors, and what must stay light never meets torch."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sdbench"
FLOORS = [  # the design's floors, lowest first; a line is one step inside a floor
    {
        "errors",
        "records",
        "stats",
        "seeds",
        "progress",
        "protocols",
        "energy",
        "pictures",
        "yolov8",
        "needs",
        "halving",
        "allocator",
    },
    {"settings", "conversion", "provenance", "devices", "packages", "parallel"},
    {"compose"},
    {"config", "folders", "trajectory"},
    {"store", "hub"},
    {"microworld"},
    {"subjects", "prompts", "labels"},
    {"backbones"},
    {"adapters", "external"},
    {"metrics", "packing"},
    {"results", "plots", "sheets", "rows", "upkeep"},
    {"inputs", "precision", "seats", "stages", "trackers", "browse", "votes", "cells", "kohya", "wanted"},
    {"fetching", "footprint", "graphed"},
    {"train", "generate", "score", "detector", "tables", "markdown", "latex", "page"},
    {"packed", "display"},
    {"readme", "studies", "gallery", "trained"},
    {"pipeline", "report", "audit", "similarity", "voting"},
    {"sample", "export", "doctor"},
    {"sweep"},
    {"bench"},
    {"commands", "pretrain"},
    {"cli"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
FREE_INSIDE = {
    "audit",
    "bench",
    "commands",
    "microworld",
    "plots",
    "pretrain",
    "stats",
    "sweep",
    "tables",
    "voting",
}  # one thing each
LIGHT = ("errors energy records stats seeds protocols settings conversion compose config store provenance subjects "
         "prompts results tables plots sheets browse page markdown latex display readme report progress devices rows "
         "stages packing folders upkeep studies votes voting pictures labels cells kohya gallery needs hub fetching "
         "footprint doctor packages halving allocator").split()  # fmt: skip
HEAVY = {"torch", "torchvision", "diffusers", "transformers", "peft", "accelerate", "open_clip", "ultralytics"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(name: str) -> str:
    """The room of a dotted name. The microworld's training scripts are commands: nothing may import them."""
    _, room, *inner = name.split(".")
    return "pretrain" if room == "microworld" and inner[:1] == ["pretrain"] else room


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything a file imports, at its top or inside of a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import absolutely, so that the floor can be seen"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_strictly_lower_floors(path: Path) -> None:
    room = room_of(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    assert room in LEVEL, f"{room} has no floor; give it one"
    for name in imports(path):
        if name.split(".")[0] != "sdbench":
            continue
        other = room_of(name)
        own = other == room and (room in FREE_INSIDE or name.split(".")[2] == "base")
        assert own or LEVEL[other] < LEVEL[room], f"{room} imports {name}, which is not below it"


def test_light_modules_never_import_torch_not_even_inside_a_function() -> None:
    for path in FILES:
        if path.relative_to(PACKAGE).with_suffix("").parts[0] in LIGHT:
            assert not {name.split(".")[0] for name in imports(path)} & HEAVY, path


def test_composing_every_study_reading_results_and_asking_for_help_never_load_torch() -> None:
    parts = [path.relative_to(PACKAGE).with_suffix("").parts for path in FILES]
    modules = [".".join(["sdbench", *inner]) for inner in parts if inner[0] in (*LIGHT, "cli")]
    script = (
        f"import sys, {', '.join(modules)}\n"
        "[sdbench.config.load_study(p.parent.name) for p in sdbench.config.EXPERIMENTS.glob('*/study.yaml')]\n"
        "sdbench.cli.main(['--help'])\n"
        f"print(sorted(set(sys.modules) & {HEAVY!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout + done.stderr
