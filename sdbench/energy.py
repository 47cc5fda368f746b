"""Energy as the machine's own counters read it: of processor packages (RAPL) and of NVIDIA GPUs (NVML).

They count for the whole package or GPU, whoever else uses it; nothing is modelled.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

GPU = "gpu "  # a GPU's counter is named so, with its UUID


def counters() -> dict[str, float]:
    """Joules by counter, of those that can be read; they wrap around or start anew at times."""
    found = _gpus()
    for counter in Path("/sys/class/powercap").glob("intel-rapl:?/energy_uj"):
        try:
            found[str(counter)] = int(counter.read_text()) / 1e6
        except OSError:
            continue
    return found


def since(before: Mapping[str, float], now: Mapping[str, float], with_gpus: bool) -> dict[str, Any]:
    """energy_joules: used between two readings, None where no counter was read or one started anew; energy_from: the
    counters. with_gpus: False for a process that has used none, whose idle GPUs do not count.
    """
    names = [name for name in sorted(before) if name in now and (with_gpus or not name.startswith(GPU))]
    used = [now[name] - before[name] for name in names]
    return {"energy_joules": sum(used) if used and min(used) >= 0 else None, "energy_from": names}


def _gpus() -> dict[str, float]:
    """The visible GPUs, if all of them count energy: Volta or newer, says NVML's API of the call."""
    try:
        import pynvml
    except ImportError:
        return {}
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:  # no driver, or not allowed
        return {}
    try:
        found = {}
        for one in _visible(pynvml.nvmlDeviceGetCount()):
            by_index = one.isdecimal()
            handle = pynvml.nvmlDeviceGetHandleByIndex(int(one)) if by_index else pynvml.nvmlDeviceGetHandleByUUID(one)
            millijoules = pynvml.nvmlDeviceGetTotalEnergyConsumption(handle)
            found[f"{GPU}{pynvml.nvmlDeviceGetUUID(handle)}"] = millijoules / 1e3
        return found
    except pynvml.NVMLError:
        return {}
    finally:
        pynvml.nvmlShutdown()


def _visible(count: int) -> list[str]:
    """Indices or UUIDs as CUDA_VISIBLE_DEVICES names them, else all."""
    said = os.environ.get("CUDA_VISIBLE_DEVICES")
    return [str(i) for i in range(count)] if said is None else [one.strip() for one in said.split(",") if one.strip()]
