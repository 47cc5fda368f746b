"""Energy is a difference of counters, or nothing."""

from __future__ import annotations

import pytest

from sdbench import energy

BEFORE = {"package": 10.0, "gpu GPU-1": 100.0}


def test_energy_is_what_all_counters_counted_between_two_readings() -> None:
    used = energy.since(BEFORE, {"package": 15.0, "gpu GPU-1": 130.0}, with_gpus=True)
    assert used == {"energy_joules": 35.0, "energy_from": ["gpu GPU-1", "package"]}


def test_a_gpu_that_was_not_used_does_not_count() -> None:
    used = energy.since(BEFORE, {"package": 15.0, "gpu GPU-1": 130.0}, with_gpus=False)
    assert used == {"energy_joules": 5.0, "energy_from": ["package"]}


@pytest.mark.parametrize("now", [{}, {"package": 1.0}])
def test_no_counter_or_one_that_started_anew_gives_no_energy(now: dict[str, float]) -> None:
    assert energy.since({"package": 10.0}, now, with_gpus=True)["energy_joules"] is None


def test_reading_this_machines_counters_gives_joules_that_do_not_fall() -> None:
    first, second = energy.counters(), energy.counters()
    assert first.keys() == second.keys() and all(second[name] >= first[name] >= 0 for name in first)


def test_visible_gpus_are_those_that_cuda_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert energy._visible(2) == ["0", "1"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1, GPU-abc")
    assert energy._visible(2) == ["1", "GPU-abc"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert energy._visible(2) == []
