"""The errors that end a command with one sentence, which names the key or path and the remedy, and no traceback."""

from __future__ import annotations

import difflib
import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError

REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free space there, or set store=... to another disk"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "give yourself access to it, or set store=... elsewhere"),
    errno.EROFS: "mount it writable, or set store=... elsewhere",
    **dict.fromkeys((errno.EIO, errno.ESTALE), "see that its disk is there and sound, then run again"),
}

CLOSE = 0.6  # of difflib's ratio: `rnu` is as close to `run` as 0.67, `epochs` to `steps` as 0.55
MANY = 20  # valid words, which are no longer listed
WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class UserError(Exception):
    """Bad input. Its text is one clear sentence naming the key or file, and what to do about it."""


class StoreError(Exception):
    """The disk or the store is not as it must be: full, not writable, or with a file that changed. Names the path."""


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """What a disk refuses in here comes out as a StoreError; other errors, OSErrors among them, as they are.

    path: named where the error itself says none.
    """
    try:
        yield
    except (OSError, SafetensorError) as error:
        number = _number(error)
        if number not in REMEDIES:
            raise
        raise StoreError(f"{_place(error, number) or path}: {os.strerror(number)}; {REMEDIES[number]}") from error


def _place(error: OSError | SafetensorError, number: int) -> str | None:
    """The path that an error names; of two, as in copying, the one written to where it is writing that failed."""
    written = getattr(error, "filename2", None) if number in WRITING else None
    return written or getattr(error, "filename", None)


def _number(error: OSError | SafetensorError) -> int:
    """The kernel's number of an error; safetensors tells it in words only."""
    if isinstance(error, OSError):
        return error.errno or 0
    said = re.search(r"\(os error (\d+)\)", str(error))
    return int(said[1]) if said else 0


def nearest(word: str, valid: Iterable[str]) -> str:
    """What ends an error's sentence: `; did you mean 'lora'?` where a valid word is close, else what is valid.

    What all of them begin with, as `train.` or `--`, makes none closer, nor does the case keep one away.
    """
    options = sorted(valid)
    shared = len(os.path.commonprefix([word, *options]))
    told = [option[shared:].casefold() for option in options]
    close = difflib.get_close_matches(word[shared:].casefold(), told, 3, 0.0)
    near = [options[told.index(one)] for one in close]
    if difflib.get_close_matches(word[shared:].casefold(), close, 1, CLOSE):
        return f"; did you mean {near[0]!r}?"
    if len(options) > MANY:
        return f"; {len(options)} are valid, {', '.join(near)} among them"
    return f"; valid: {', '.join(options)}" if options else ""
