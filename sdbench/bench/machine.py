"""What it was measured on: the machine in words, how busy it was, and how fast it can be, measured in the same run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

PACKAGES = ("torch", "diffusers", "transformers", "peft", "accelerate")
SIDE = {"cpu": 1024, "cuda": 8192}  # rows of the square matrices that are multiplied
COPIED_BYTES = {"cpu": 2**28, "cuda": 2**32}
REPEATS = 5


def describe(device: str, cores: list[int]) -> dict[str, Any]:
    """Processor or card, memory, packages, load, commit; the matrix peak and the bandwidth of a copy, of one core."""
    import torch

    from sdbench import provenance
    from sdbench.bench.side import forget

    peaks = {f"{str(dtype).removeprefix('torch.')} matrix product, TFLOP/s": matrix_tflops(device, dtype)
             for dtype in (torch.float32, torch.bfloat16)}  # fmt: skip
    copied = copy_gb_per_second(device)
    forget()
    facts = provenance.Meter().collect()
    return {
        "device": facts["device"], "platform": facts["platform"], "cpu_count": facts["cpu_count"],
        "cores used": ", ".join(map(str, cores)) or "not pinned", **peaks, "copy, GB/s": copied,
        "python": facts["python"],
        **{name: facts["packages"].get(name, "") for name in PACKAGES}, "commit": facts["commit"],
        "dirty": facts["dirty"],
    }  # fmt: skip


def load() -> float:
    """Runnable processes, averaged over the last minute."""
    return os.getloadavg()[0]


def matrix_tflops(device: str, dtype: Any) -> float:
    """2 n^3 by the best of some products of random n x n matrices, in TFLOP/s."""
    import torch

    n = SIDE[device.split(":")[0]]
    one, other = (torch.randn(n, n, device=device).to(dtype) for _ in range(2))
    return 2 * n**3 / _best(lambda: one @ other) / 1e12


def copy_gb_per_second(device: str) -> float:
    """Bytes read and written by the best of some copies, in GB/s."""
    import torch

    size = COPIED_BYTES[device.split(":")[0]]
    one = torch.randn(size // 4, device=device)
    other = torch.empty_like(one)
    return 2 * size / _best(lambda: other.copy_(one)) / 1e9


def _best(work: Callable[[], Any]) -> float:
    from sdbench.bench.side import synchronize

    seconds = []
    for _ in range(REPEATS):
        synchronize()
        began = time.perf_counter()
        work()
        synchronize()
        seconds.append(time.perf_counter() - began)
    return min(seconds)
