"""Memory that comes and goes with every step is asked of the system once."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from sdbench import allocator

FAULTS = """
import resource, torch
for step in range(2):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        torch.ones(16 << 20)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(variables: dict[str, str]) -> int:
    """Pages that a process maps anew for twenty tensors of 64 MB, once it has had as many."""
    done = subprocess.run(
        [sys.executable, "-c", FAULTS], env=os.environ | variables, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other settings")
def test_a_worker_on_a_cpu_maps_no_page_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(allocator.NAME, raising=False)
    assert 100 * faults(allocator.environment("cpu")) < faults({})


def test_an_accelerators_worker_and_whoever_set_it_themselves_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(allocator.NAME, raising=False)
    assert allocator.environment("cuda") == {} != allocator.environment("cpu")
    monkeypatch.setenv(allocator.NAME, "glibc.malloc.arena_max=1")
    assert allocator.environment("cpu") == {}
