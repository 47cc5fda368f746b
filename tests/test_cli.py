"""The command line: bad input ends in one sentence and exit code 2, as a user sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sdbench.store import Store

ROOT = Path(__file__).parent.parent


def sdbench(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from sdbench.cli import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", code, *words], cwd=cwd, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu"], ["'rnu'", "'run'"]),
        (["run", "train.lrr=1"], ["train.lrr", "'train.lr'"]),
        (["run", "train.steps=few"], ["train.steps", "whole number"]),
        (["run", "subject=unicorn_gril"], ["unicorn_gril", "'unicorn_girl'"]),
        (["run", "--study", "smok"], ["'smok'", "'smoke'"]),
        (["run", "--study"], ["--study", "name"]),
        (["run", "--stduy=smoke"], ["--stduy=smoke", "'--study'"]),
        (["run", "method=lora,dreambooth"], ["2 cells", "-m"]),
        (["report"], ["report", "one study"]),
        (["report", "never_run"], ["never_run"]),
        (["verify", "sotre=x"], ["sotre", "'store'"]),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words: list[str], said: list[str], tmp_path: Path) -> None:
    done = sdbench(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1 and done.stdout == ""
    assert [part for part in said if part not in done.stderr] == [], done.stderr


@pytest.mark.parametrize("words", [[], ["--help"], ["run", "--help"]])
def test_help_says_every_command(words: list[str], tmp_path: Path) -> None:
    done = sdbench(*words, cwd=tmp_path)
    assert done.returncode == 0
    assert all(f"sdbench {command} " in done.stdout for command in ("run", "report", "verify"))


def test_verify_says_what_changed_and_how_much_it_looked_at(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    folder = store.make("train", 1, {}, lambda part: (part / "a.txt").write_text("a") and None)
    whole = sdbench("verify", f"store={store.root}", cwd=tmp_path)
    assert (whole.returncode, "1 finished folders, 0 problems" in whole.stdout) == (0, True), whole.stderr
    (folder / "a.txt").write_text("b")
    changed = sdbench("verify", f"store={store.root}", cwd=tmp_path)
    assert (changed.returncode, f"{folder}/a.txt: changed" in changed.stdout) == (1, True), changed.stdout
