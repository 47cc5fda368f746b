"""The bench from its settings to its page."""

from __future__ import annotations

import importlib
import logging
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdbench import config, devices
from sdbench.bench import bases, machine, page
from sdbench.bench.results import Found
from sdbench.bench.settings import Bench, load
from sdbench.conversion import kinds
from sdbench.errors import UserError, nearest

log = logging.getLogger(__name__)


def bench(name: str, checkout: Path | None, rows: list[str], changes: dict[str, Any], reports: Path) -> Path:
    """Measure `rows` of a bench, all where none is named; its page.

    Raises UserError for a row that is none, and, once the page is written, where a row could not be measured.
    """
    settings = load(name, changes)
    for row in [*settings.rows, *rows]:
        if row not in kinds("sdbench.bench.rows"):
            raise UserError(f"bench has no row {row!r}{nearest(row, kinds('sdbench.bench.rows'))}")
    chosen = [row for row in settings.rows if row in rows or not rows]
    cell = config.compose_cell(settings.overrides)
    device = devices.resolve(cell.device)
    cores = devices.cores() if device == "cpu" else []
    busy = machine.load()
    facts = machine.describe(device, cores)
    found, failed = dict[str, Found](), list[str]()
    with tempfile.TemporaryDirectory(prefix="sdbench-bench-") as work:
        base = Path(work) / "base"
        words = [f"model.path={base}"]
        if settings.architecture:
            bases.build(settings.architecture, base)
            words += bases.enlarge(cell.subject, cell.model.resolution_px, Path(work) / "subject")
        else:
            bases.widen(cell.model, base)
        settings = replace(settings, overrides=[*settings.overrides, *words])
        made = Bench(name, settings, checkout, Path(work), cores)
        for row in chosen:
            log.info("%s: %s", name, row)
            try:
                found[row] = importlib.import_module(f"sdbench.bench.rows.{row}").measure(made)
            except UserError as error:
                failed.append(f"{row}: {error}")
                found[row] = Found(notes=[f"{row} could not be measured: {error}"])
    facts |= {"load before": busy, "load after": machine.load(), "reference": str(checkout or "the plain loop")}
    written = page.write(name, page.page(f"sdbench bench {name}", facts, found), page.frame(found), reports)
    if failed:
        raise UserError(f"{written} was written without {'; '.join(failed)}")
    return written
