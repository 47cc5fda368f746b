"""The command line: bad input ends in one sentence and exit code 2, as a user sees it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sdbench import cli, config
from sdbench.commands import sweeps
from sdbench.commands.base import Parser
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
        (["run", "--study"], ["--study", "argument"]),
        (["run", "--stduy=smoke"], ["--stduy=smoke", "'--study'"]),
        (["run", "method=lora,dreambooth"], ["2 cells", "-m"]),
        (["run", "store=/dev/null/store"], ["/dev/null/store", "store="]),
        (["report"], ["report", "one study"]),
        (["report", "never_run"], ["never_run"]),
        (["vote"], ["study"]),
        (["vote", "never_run"], ["never_run"]),
        (["vote", "smoke", "--port", "http"], ["--port"]),
        (["verify", "sotre=x"], ["sotre", "'store'"]),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words: list[str], said: list[str], tmp_path: Path) -> None:
    done = sdbench(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1 and done.stdout == ""
    assert [part for part in said if part not in done.stderr] == [], done.stderr


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_help_says_every_command(words: list[str], tmp_path: Path) -> None:
    done = sdbench(*words, cwd=tmp_path)
    assert done.returncode == 0
    assert all(f"sdbench {command} " in done.stdout for command in cli.COMMANDS)
    assert "1 a cell did not finish" in done.stdout


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_a_commands_help_says_every_option_that_it_takes(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    add = Parser.add_argument
    monkeypatch.setattr(
        Parser, "add_argument", lambda self, *names, **how: (taken.extend(names), add(self, *names, **how))
    )
    assert cli.main([command, "--no-such-option"]) == 2
    assert f"see sdbench {command} --help" in capsys.readouterr().err or not taken
    assert cli.main([command, "x", "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"sdbench {command}") and "1 a cell did not finish" not in said
    assert [name for name in taken if name.startswith("-") and not re.search(f"^ +.*{name}\\b", said, re.M)] == []


def test_verify_says_what_changed_and_how_much_it_looked_at(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    folder = store.make("train", 1, {}, lambda part: (part / "a.txt").write_text("a") and None)
    whole = sdbench("verify", f"store={store.root}", cwd=tmp_path)
    assert (whole.returncode, "1 finished folders, 0 problems" in whole.stdout) == (0, True), whole.stderr
    (folder / "a.txt").write_text("b")
    changed = sdbench("verify", f"store={store.root}", cwd=tmp_path)
    assert (changed.returncode, f"{folder}/a.txt: changed" in changed.stdout) == (1, True), changed.stdout


def test_a_runs_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    done = sdbench("run", "study=mine", "store=elsewhere", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "runs/" in done.stderr and "cannot be made" in done.stderr


def program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(("code", "reported"), [(0, True), (1, True), (2, False), (130, False)])
def test_make_report_renders_after_an_unfinished_cell_alone(code: int, reported: bool, tmp_path: Path) -> None:
    program(tmp_path / "sdbench", f'echo "$1"; [ "$1" != run ] || exit {code}')
    (tmp_path / "installed").touch()
    command = ["make", "-s", "report", f"BIN={tmp_path}", f"INSTALLED={tmp_path / 'installed'}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ("report" in done.stdout.split(), done.returncode == 0) == (reported, reported), done.stderr


@pytest.mark.parametrize(("status", "passes"), [("done", True), ("diverged", False), (None, False)])
def test_ci_passes_only_where_every_cell_of_the_smoke_study_is_done(
    status: str | None, passes: bool, tmp_path: Path
) -> None:
    program(tmp_path / ".ci" / "run", "")
    (tmp_path / ".ci" / "run").write_text((ROOT / ".ci" / "run").read_text())
    for name in ("make", "tesseract", "slurmctld", "munged", "chromium", "chromedriver", "apt-get"):
        program(tmp_path / "bin" / name, "")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    board = tmp_path / "reports" / "smoke" / "leaderboard.csv"
    board.parent.mkdir(parents=True)
    rows = ["method,parameters,status,cause", "base,,done,", *([f"lora,lr1,{status},loss"] if status else [])]
    board.write_text("\n".join(rows if status else rows[:1]))
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", ".ci/run"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert (done.returncode == 0) == passes, done.stderr


def test_every_run_command_of_the_readme_means_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    text = (ROOT / "README.md").read_text().replace("\\\n", " ")
    commands = re.findall(r"^ {4}sdbench run (.+)$", text, re.MULTILINE)
    assert len(commands) >= 2
    for command in commands:
        asked = sweeps.Asked.read("run", shlex.split(os.path.expandvars(command)))
        assert asked.study is None and config.scratch_study(asked.overrides, asked.multirun).cells
