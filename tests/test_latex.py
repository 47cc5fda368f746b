"""LaTeX that compiles, as far as can be told without TeX: balanced environments, escaped specials, equal columns."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from study_folder import example

from sdbench import latex
from sdbench.config import ROOT
from sdbench.report import render

REPORTS = sorted((ROOT / "reports").rglob("*.tex"))
RULES = (r"\toprule", r"\midrule", r"\bottomrule")
# Commands, escaped specials and mathematics, all of which are as they must be.
SOUND = re.compile(r"\\[a-zA-Z]+(?:\{\\?[a-z]*\})?|\\[&%$#_{}]|\$\\[a-z]+\$")


def faults(tex: str) -> list[str]:
    """What a compiler would stop at, each with its line."""
    found, inside, columns = [], [], 0
    for line in (line for line in tex.splitlines() if not line.startswith("%")):
        if begin := re.fullmatch(r"\\begin\{(\w+)\}(?:\{([lcr]+)\})?", line):
            inside.append(begin[1])
            columns = len(begin[2] or "")
        elif end := re.fullmatch(r"\\end\{(\w+)\}", line):
            if not inside or inside.pop() != end[1]:
                found.append(f"nothing to end: {line}")
        elif line and line not in RULES:
            found += [f"{fault}: {line}" for fault in _of_row(line, columns if inside else 0)]
    return found + [f"never ended: {name}" for name in inside]


def _of_row(line: str, columns: int) -> list[str]:
    cells, end = line.removesuffix(r" \\"), line.endswith(r" \\")
    plain = SOUND.sub("", cells)
    wrong = [] if end else ["no end of the row"]
    wrong += [] if plain.count("&") + 1 == columns else [f"{plain.count('&') + 1} cells for {columns} columns"]
    wrong += [] if re.fullmatch(r"(?:[^{}]|\{[^{}]*\})*", plain) else ["braces that do not match"]
    wrong += ["a special that is not escaped"] if set(plain) & set("\\%$#_~^<>|") else []
    return wrong + (["a sign that LaTeX does not know"] if any(ord(sign) > 0xFF for sign in plain) else [])


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_shipped_reports_tables_have_no_fault(path: Path) -> None:
    text = path.read_text()
    assert r"\begin{tabular}" in text and faults(text) == []


def test_a_rendered_reports_tables_have_no_fault(tmp_path: Path) -> None:
    folder = render("tiny", example(tmp_path), tmp_path / "out", tmp_path)
    written = {path.stem: faults(path.read_text()) for path in folder.rglob("*.tex")}
    assert written == {"leaderboard": [], "thesis": [], "compare": []}


def test_whatever_a_cell_or_a_note_holds_the_table_has_no_fault() -> None:
    hostile = [
        "".join(latex.SPECIAL),
        "a\nb\r\nc",
        "",
        None,
        "[x]",
        r"\\",
        r"\end{tabular}",
        "50 % & more",
        "{",
        "}",
        "$x^2$",
    ]
    frame = pd.DataFrame({"a & b": hostile, "c_d": hostile[::-1], "100 %": range(len(hostile))})
    assert faults(latex.table(frame, ["50 % of\nthem", *map(str, hostile)])) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (r"a & b & c \\", "3 cells for 2 columns"),
        (r"a \\", "1 cells for 2 columns"),
        (r"a & b", "no end of the row"),
        (r"a_1 & b \\", "a special that is not escaped"),
        (r"50% & b \\", "a special that is not escaped"),
        (r"a & \textbf{b \\", "braces that do not match"),
        (r"a & ≥ 3 \\", "a sign that LaTeX does not know"),
        (r"\end{table}", "nothing to end"),
        (r"\begin{center}", "never ended: tabular"),
    ],
)
def test_a_fault_is_found(line: str, fault: str) -> None:
    found = faults("\n".join([r"\begin{tabular}{ll}", r"\toprule", line, r"\end{tabular}"]))
    assert any(one.startswith(fault) for one in found), found
