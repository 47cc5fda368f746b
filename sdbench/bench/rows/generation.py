"""Images drawn in batches beside images drawn one at a time, each with a generator of its own."""

from __future__ import annotations

from sdbench.bench.results import Found, line
from sdbench.bench.rows.base import ENDLESS, take
from sdbench.bench.settings import Bench
from sdbench.bench.side import Spec, running


def measure(bench: Bench) -> Found:
    settings, batch = bench.settings, bench.settings.block_images
    folder = bench.work / "generation"
    specs = {
        f"batch {n}": Spec("generation", settings.overrides, folder / str(n), ENDLESS, flags=[str(n)],
                           cores=bench.cores[-1:])
        for n in (batch, 1)
    }  # fmt: skip
    with running(specs) as sides:
        blocks = take(sides, batch, batch, settings.rounds)
    ours, reference = ((name, blocks[name]) for name in specs)
    return Found(lines=[line("generation", ours, reference, "image", bench.must("generation"))])
