"""A cell that has run: pictures by it, and its weights for other programs."""

from __future__ import annotations

from pathlib import Path

from sdbench.commands.base import Parser
from sdbench.errors import UserError, nearest
from sdbench.settings import not_negative, one_of, positive


def sample(words: list[str]) -> int:
    """sdbench sample CELL PROMPT [--seed N] [--images N] [--out FOLDER] [device=NAME]

    Draw a prompt with a cell that has run, by the cell's own sampler; CELL is its folder in runs/, or <study>/<cell>.

      PROMPT         {subject} in it, and the subject's identifier, mean the words that the cell learnt
      --seed N       of the first image, else 0; the next ones follow
      --images N     how many, else 4
      --out FOLDER   where to, else samples/ in the cell's folder
      device=NAME    another one than the cell was made on
    """
    parser = Parser(prog="sdbench sample", add_help=False, allow_abbrev=False)
    parser.add_argument("cell")
    parser.add_argument("prompt")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--images", type=int, default=4)
    parser.add_argument("--out", type=Path)
    asked, overrides = parser.parse(words)
    device = _device(overrides)
    not_negative("--seed", asked.seed)
    positive("--images", asked.images)
    from sdbench import cells
    from sdbench.sweep.jobs import RUNS

    found = cells.find(asked.cell, RUNS)
    from sdbench import sample as drawing  # torch: a mistyped name is told of before it loads

    seeds = range(asked.seed, asked.seed + asked.images)
    for path in drawing.draw(found, asked.prompt, seeds, asked.out or found.folder / "samples", device):
        print(path)
    return 0


def _device(overrides: list[str]) -> str | None:
    """Of the one setting that may be another; the rest are the cell's."""
    device = None
    for word in overrides:
        key, _, value = word.partition("=")
        if key != "device":
            raise UserError(f"{word!r} is neither the prompt nor device=NAME; quote the prompt, the rest is the cell's")
        one_of("device", value.split(":")[0], ("auto", "cpu", "cuda", "mps"))
        device = value
    return device


def export(words: list[str]) -> int:
    """sdbench export CELL [--format diffusers|kohya] [--out FOLDER]

    Write what a cell learnt as files that other programs load; CELL is its folder in runs/, or <study>/<cell>.

      --format NAME   diffusers: LoRA, embedding or whole pipeline as diffusers loads them, the default; kohya: LoRA
                      (with its alpha) and embedding for web interfaces, and for kohya's scripts but those of SDXL
      --out FOLDER    where to, else export-diffusers/ or export-kohya/ in the cell's folder
    """
    parser = Parser(prog="sdbench export", add_help=False, allow_abbrev=False)
    parser.add_argument("cell")
    parser.add_argument("--format", default="diffusers")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(words)
    from sdbench import cells
    from sdbench import export as exporting
    from sdbench.sweep.jobs import RUNS

    if asked.format not in exporting.FORMATS:
        raise UserError(f"--format is {asked.format!r}, which is not known{nearest(asked.format, exporting.FORMATS)}")
    found = cells.find(asked.cell, RUNS)
    written = exporting.export(found, asked.format, asked.out or found.folder / f"export-{asked.format}")
    print("\n".join([*map(str, written), *exporting.how_to_load(found, asked.format, written)]))
    return 0
