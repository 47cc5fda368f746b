"""Frames of text as tables in Markdown; what is missing is a dash."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

NONE = "–"


def escape(text: Any) -> str:
    """`text` as one Markdown table cell that shows it literally; `–` for a missing value."""
    if pd.isna(text):
        return NONE
    return html.escape(" ".join(str(text).split()), quote=False).replace("|", "\\|") or NONE


def table(frame: pd.DataFrame) -> str:
    """A table in Markdown, cells escaped."""
    lines = [list(frame.columns), ["---"] * len(frame.columns), *frame.itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(escape, line)) + " |" for line in lines)
