"""What people said of a study's pictures, where any did: `runs/<study>/votes.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sdbench.errors import UserError


@dataclass(frozen=True)
class Quality:
    """A method's visual quality and its interval; None where nobody voted."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def words(self) -> str | None:
        if pd.isna(self.value):
            return None
        ends = "" if pd.isna(self.low) or pd.isna(self.high) else f" [{self.low:.2f}, {self.high:.2f}]"
        return f"{self.value:.2f}{ends}"


def visual_quality(folder: Path) -> dict[str, Quality]:
    """method -> its quality, from `votes.csv` of a study's folder; empty where there is none.

    Columns method, visual_quality, and, where there are such, visual_quality_low and visual_quality_high. Raises
    UserError where the first two are missing.
    """
    path = folder / "votes.csv"
    if not path.is_file():
        return {}
    table = pd.read_csv(path)
    if not {"method", "visual_quality"} <= set(table):
        raise UserError(f"{path} lacks the columns method and visual_quality; see `sdbench vote`")
    ends = table.reindex(columns=["visual_quality", "visual_quality_low", "visual_quality_high"])
    rows = zip(table["method"], ends.itertuples(index=False), strict=True)
    return {str(method): Quality(*(None if pd.isna(n) else float(n) for n in row)) for method, row in rows}
