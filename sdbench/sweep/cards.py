"""Which of a machine's cards a worker may use: such as no other supervisor has taken. Never torch."""

from __future__ import annotations

import fcntl
import os
import tempfile
from itertools import islice
from pathlib import Path
from typing import IO

from sdbench import devices

_HELD: dict[str, IO[str]] = {}  # a card's open lock, which the kernel gives back when this process ends


def take(count: int) -> list[str]:
    """So many cards, held until fewer are taken; none where so many are not free, or the machine has but one."""
    cards = devices.cuda_cards()
    if len(cards) < 2:
        return []
    first_ours = sorted(cards, key=lambda card: card not in _HELD)
    mine = list(islice((card for card in first_ours if card in _HELD or _lock(card)), count))
    taken = mine if len(mine) == count else []
    for card in _HELD.keys() - set(taken):
        _HELD.pop(card).close()
    return taken


def _lock(card: str) -> bool:
    folder = Path(tempfile.gettempdir()) / f"sdbench-cards-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    file = (folder / card).open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _HELD[card] = file
    return True
