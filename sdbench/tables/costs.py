"""What a row costs: seconds, memory, parameters, bytes, energy, and the CO2 of that energy."""

from __future__ import annotations

import pandas as pd

from sdbench.results import ENERGIES, TRAIN_COSTS

SECONDS, BYTES_AND_COUNTS = ["train_seconds", "generate_seconds"], TRAIN_COSTS[1:]
COSTS = [*SECONDS, *BYTES_AND_COUNTS, *ENERGIES.values(), "co2_grams"]
# As two public sources quote the report's chapter on major countries and regions, which was not at hand itself; the
# edition of 2026 has 471 for 2024, and 458 for 2025. No setting: energy stands beside it, to be had at any grid's rate.
GRID_GRAMS_PER_KWH = 473.0
GRID_SOURCE = "mean of the world's electricity in 2024, Ember, Global Electricity Review 2025"
JOULES_PER_KWH = 3.6e6


def row_costs(cells: pd.DataFrame) -> dict[str, float]:
    """Means over the replicates of one row, NaN where none was read."""
    means = cells[[*SECONDS, *BYTES_AND_COUNTS, *ENERGIES.values()]].astype(float).mean()
    rounded = {cost: round(value, 0 if cost in BYTES_AND_COUNTS else 3) for cost, value in means.items()}
    kinds = ENERGIES if cells["kind"].iloc[0] == "trained" else ["generate"]
    joules = [means[ENERGIES[stage]] for stage in kinds]
    return {str(cost): value for cost, value in rounded.items()} | {"co2_grams": round(co2_grams(sum(joules)), 3)}


def co2_grams(joules: float) -> float:
    """Of energy from the grid named above; NaN stays NaN."""
    return joules / JOULES_PER_KWH * GRID_GRAMS_PER_KWH
