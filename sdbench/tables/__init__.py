"""A study's tables, as frames: numbers and reasons, nothing rounded. Never torch.

summary: a row per leaderboard row; every other table is made from it. board: leaderboard, the thesis's table, what
could not be scored. rescaled: between floor and ceiling. contests: best cells against each other, ranked. across:
means over several subjects. noise: repeats of a training. tuning: what more trials buy. costs: energy and CO2.
"""

from sdbench.tables.across import across
from sdbench.tables.board import leaderboard, metrics, thesis, unscored
from sdbench.tables.contests import Contest, compare, contests, paired, ranked
from sdbench.tables.costs import COSTS
from sdbench.tables.every import Tables, every
from sdbench.tables.noise import noise
from sdbench.tables.rescaled import rescaled
from sdbench.tables.summary import ENDS, summarise
from sdbench.tables.tuning import Tuning, tuning

__all__ = [
    "COSTS",
    "ENDS",
    "Contest",
    "Tables",
    "Tuning",
    "across",
    "compare",
    "contests",
    "every",
    "leaderboard",
    "metrics",
    "noise",
    "paired",
    "ranked",
    "rescaled",
    "summarise",
    "thesis",
    "tuning",
    "unscored",
]
