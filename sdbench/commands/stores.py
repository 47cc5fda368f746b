"""The store: whether it is whole, what can go, what another has."""

from __future__ import annotations

from pathlib import Path

from sdbench.errors import UserError


def verify(words: list[str]) -> int:
    """sdbench verify [OVERRIDE...]

    Find every bit of the store that changed since it was written; store=... names another one.
    """
    from sdbench import config
    from sdbench.store import Store

    store = Store(config.compose_cell(words).store)
    problems = store.verify()
    for problem in problems:
        print(problem)
    print(f"{store.root}: {len(store.folders())} finished folders, {len(problems)} problems")
    return 1 if problems else 0


def gc(words: list[str]) -> int:
    """sdbench gc [--yes]

    Say what of the store no study of runs/ refers to.

      --yes   remove it
    """
    if set(words) - {"--yes"}:
        raise UserError("gc takes --yes or nothing: without it, it only says what it would remove")
    from sdbench import config, upkeep
    from sdbench.store import Store
    from sdbench.sweep.claims import is_running
    from sdbench.sweep.jobs import RUNS

    if running := [folder for folder in RUNS.glob("*/*/") if is_running(folder)]:
        raise UserError(f"{running[0]} is running, and says what it refers to once it ends; run gc then")
    store = Store(config.compose_cell([]).store)
    unused = upkeep.unreferenced(store, RUNS)
    for one in unused:
        print(f"{one.bytes / 1e6:9.1f} MB  {one.path}")
    found = upkeep.free(store, unused) if "--yes" in words else unused
    total = f"{sum(one.bytes for one in found) / 1e6:.1f} MB in {len(found)} folders that no study of {RUNS}/ refers to"
    print(f"removed: {total}" if "--yes" in words else f"{total}; sdbench gc --yes removes them")
    return 0


def merge(words: list[str]) -> int:
    """sdbench merge STORE

    Take over what another machine's store has made, checked as it is copied.
    """
    if len(words) != 1 or not Path(words[0]).is_dir():
        said = f"{words[0]!r} is not a folder" if len(words) == 1 else "merge takes one folder"
        raise UserError(f"{said}; name that of another store, e.g. sdbench merge /mnt/other/runs/.store")
    from sdbench import config, upkeep
    from sdbench.store import Store

    merged = upkeep.merge(Store(config.compose_cell([]).store), Store(words[0]))
    for problem in merged.problems:
        print(problem)
    print(f"{len(merged.copied)} folders taken over, {len(merged.problems)} problems")
    return 1 if merged.problems else 0
