"""The one error a user can cause: a sentence that names the key or file and the remedy. Exit code 2, no traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Bad input. Its text is one clear sentence naming the key or file, and what to do about it."""


class StoreError(Exception):
    """The disk or the store is not as it must be: full, not writable, or with a file that changed. Names the path."""


def nearest(word: str, valid: Iterable[str]) -> str:
    """`; did you mean 'lora'?` for the closest valid word, else `; valid: a, b, c`, to end an error's sentence with."""
    options = sorted(valid)
    close = difflib.get_close_matches(word, options, 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; valid: {', '.join(options)}"
