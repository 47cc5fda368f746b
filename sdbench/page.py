"""The report as a page: `reports/<study>/index.html`, which opens from disk without a server or a network.

What a browser needs lies in `page/` beside it: scripts and a style sheet (sdbench/pages/), `data.js` for the first
view, and per cell a script with its images' scores and the WebP sheets that show them, loaded when they are asked
for. A page from disk may not fetch a file, so data are scripts that hand over JSON. Everything that a person or a
model wrote reaches the page as text, never as markup.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from sdbench import browse, sheets
from sdbench.results import Results

PAGES = Path(__file__).parent / "pages"
SCRIPTS = ["elements.js", "leaderboard.js", "images.js", "compare.js", "settings.js", "origins.js", "main.js"]


def write(
    results: Results, summary: pd.DataFrame, board: pd.DataFrame, made_with: pd.DataFrame, intervals: str, folder: Path
) -> Path:
    """Write `folder/index.html` and `folder/page/`, in place of what was there, and return the former.

    summary, board: of sdbench.tables. made_with: `made with`, `versions`. intervals: how the intervals were made.
    """
    parts = folder / "page"
    if parts.exists():
        shutil.rmtree(parts)
    (parts / "cells").mkdir(parents=True)
    for name in ("page.css", *SCRIPTS):
        shutil.copyfile(PAGES / name, parts / name)
    study = browse.study(results, summary, board)
    study |= {"made_with": made_with.to_numpy().tolist(), "intervals": intervals}
    for index, cell in enumerate(study["cells"]):
        cell["file"] = _write_cell(results, index, cell["cell"], parts / "cells")
    (parts / "data.js").write_text(f"sdbench.study = {script(study, indent=1)};\n", encoding="utf-8")
    template = jinja2.Environment(autoescape=True).from_string((PAGES / "index.html").read_text(encoding="utf-8"))
    page = folder / "index.html"
    page.write_text(template.render(name=results.name, scripts=SCRIPTS) + "\n", encoding="utf-8")
    return page


def _write_cell(results: Results, index: int, cell: str, folder: Path) -> str | None:
    """The script that hands over a cell's images, and its sheets; the script's name, or None without images."""
    images = browse.images(results, cell)
    if not images:
        return None
    name = f"{index:03d}-{re.sub(r'[^A-Za-z0-9._+-]', '-', cell)[:80]}"
    sheet = sheets.write([Path(image.pop("path")) for image in images], folder, name)
    said = _said_once(images)
    lines = ",\n".join(script(image) for image in images)
    text = f"sdbench.receive({index}, {script(sheet)}, {script(said)}, [\n{lines}\n]);\n"
    (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return f"{name}.js"


def _said_once(images: list[dict[str, Any]]) -> list[Any]:
    """Every distinct reason and piece of evidence, of which scores keep the number: half of a cell's script else."""
    said: dict[str, int] = {}
    for score in (score for image in images for score in image["scores"].values()):
        for key in ("reason", "evidence"):
            if key in score:
                score[key] = said.setdefault(json.dumps(score[key]), len(said))
    return [json.loads(one) for one in said]


def script(content: Any, indent: int | None = None) -> str:
    """`content` as JSON that means the same inside of a script: ASCII, and no `<` that could end or open an element."""
    separators = None if indent else (",", ":")
    return json.dumps(content, allow_nan=False, indent=indent, separators=separators).replace("<", "\\u003c")
