"""Bringing a study's weights from the hub: what it comes to first, then file by file what is not here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from sdbench import hub
from sdbench.errors import UserError
from sdbench.hub import State
from sdbench.needs import Hub
from sdbench.wanted import Wanted

Say = Callable[[str], None]


def fetch(wanted: Wanted, say: Say) -> None:
    """Everything that the hub has of it. Raises UserError where the hub, or the disk, does not have what it takes."""
    found: dict[Hub, State] = {}
    for need, who in wanted.hub().items():
        found[need] = here(need)
        say(f"{who}: {line(need, found[need])}")
    if not found:
        say("nothing here comes from the hub")
    missing = {need: state for need, state in found.items() if state.missing}
    _check_room(sum(state.bytes(state.missing) for state in missing.values()))
    for need, state in missing.items():
        hub.fetch(need, state)
        if not hub.state(need).ready:
            raise UserError(f"{need.repo} is not whole after it was fetched; run the same command again")
        say(f"{need.repo} is here, at {state.commit}")


def here(need: Hub) -> State:
    """Its state, with the repository's list of files. Raises UserError where it can never serve."""
    state = hub.state(need)
    if state.commit is None:
        state = hub.listed(need)
    if state.commit is None:
        raise UserError(f"{need.repo} is no repository of this kind: it lacks its index; name another one")
    if state.why:
        raise UserError(f"{need.repo} at {state.commit}: {state.why}; name a revision or a repository that does")
    return state


def line(need: Hub, state: State) -> str:
    """`facebook/dino-vits16 at <commit>: 2 files, 86.7 MB; 86.7 MB to fetch`"""
    whole, missing = state.bytes(list(state.sizes)), state.bytes(state.missing)
    left = f"{_size(missing)} to fetch" if state.missing else "all here"
    return f"{need.repo} at {state.commit}: {len(state.sizes)} files, {_size(whole)}; {left}"


def _size(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def _check_room(wanted_bytes: int) -> None:
    from huggingface_hub.constants import HF_HUB_CACHE

    place = Path(HF_HUB_CACHE)
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if wanted_bytes > free:
        raise UserError(
            f"{place} has {_size(free)} free, and {_size(wanted_bytes)} are to come; free space, or set HF_HOME to a "
            "folder on another disk"
        )
