"""Frames of text as tables in LaTeX, for a paper that loads booktabs; what is missing is a dash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
    "†": r"\textsuperscript{\dag}",
    "‡": r"\textsuperscript{\ddag}",
    "·": r"$\cdot$",
    "–": "--",
}


def escape(text: Any) -> str:
    """`text` as one cell that shows it literally; a dash for a missing value."""
    if pd.isna(text) or not str(text).strip():
        return "--"
    cell = "".join(SPECIAL.get(c, c) for c in " ".join(str(text).split()))
    return f"{{{cell}}}" if cell.startswith("[") else cell  # a bracket after a line's end would be its spacing


def table(frame: pd.DataFrame, notes: Sequence[str] = ()) -> str:
    """A tabular with booktabs' rules, one row a line, and the notes as comments above it."""
    said = [f"% {' '.join(note.split())}" for note in notes]
    lines = [list(frame.columns), *frame.itertuples(index=False)]
    head, *body = [" & ".join(escape(cell) for cell in line) + r" \\" for line in lines]
    begin = f"\\begin{{tabular}}{{{'l' * len(frame.columns)}}}"
    whole = [*said, begin, r"\toprule", head, r"\midrule", *body, r"\bottomrule", r"\end{tabular}"]
    return "\n".join(whole) + "\n"
