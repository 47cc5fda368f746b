"""How a process that computes on a CPU asks the system for memory; it must be said before the process starts."""

from __future__ import annotations

import os

NAME = "GLIBC_TUNABLES"  # of glibc's manual; another C library does not read it
LARGE = 1 << 32  # bytes: what is larger is given back after use
TUNABLES = f"glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold={LARGE}:glibc.malloc.trim_threshold={LARGE}"


def environment(device: str) -> dict[str, str]:
    """Variables for the process: activations' memory is kept from step to step, in huge pages where they are allowed.

    Else each large tensor is mapped anew and every page of it faults: a tenth of a step of the microworld. A user's own
    settings stay.
    """
    return {} if NAME in os.environ or device != "cpu" else {NAME: TUNABLES}
