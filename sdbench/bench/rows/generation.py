"""Images drawn in batches beside images drawn one at a time, each with a generator of its own."""

from __future__ import annotations

from sdbench.bench.results import Found, line
from sdbench.bench.rows.base import ENDLESS, PRECISIONS, take, words_of
from sdbench.bench.settings import Bench
from sdbench.bench.side import Spec, running


def measure(bench: Bench) -> Found:
    found = Found()
    for precision in bench.settings.precisions:
        specs = {f"batch {n}, {PRECISIONS[precision][0]}": _spec(bench, precision, n)
                 for n in (bench.settings.block_images, 1)}  # fmt: skip
        with running(specs) as sides:
            blocks = take(sides, bench.settings.block_images, bench.settings.block_images, bench.settings.rounds)
        ours, reference = ((name, blocks[name]) for name in specs)
        found.lines.append(line("generation", ours, reference, "image", bench.must("generation")))
    return found


def _spec(bench: Bench, precision: str, batch_size: int) -> Spec:
    folder = bench.work / "generation" / f"{precision}-{batch_size}"
    words = [*bench.settings.overrides, *words_of(precision)]
    return Spec("generation", words, folder, ENDLESS, flags=[str(batch_size)], cores=bench.cores[-1:])
