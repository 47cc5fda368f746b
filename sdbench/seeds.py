"""Randomness as an argument: a seed is a pure function of what it is for."""

from __future__ import annotations

import hashlib


def seed_of(*parts: str | int) -> int:
    """A 63-bit seed from e.g. (seed, step, row, purpose); the same on every machine."""
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> 1
