"""The kill storm in its short form; `python -m tests.kill_storm` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill_storm import storm

pytestmark = pytest.mark.endurance


@pytest.mark.timeout(600)
def test_random_kills_lose_nothing_and_the_tables_come_out_the_same(tmp_path: Path, tiny_base: Path) -> None:
    _, dealt, _ = storm(tmp_path, tiny_base, kills=6, seed=1)
    assert sum(dealt.values()) == 6
