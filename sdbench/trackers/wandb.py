"""Weights & Biases: a run for each stage of a cell, grouped by study; offline unless online is asked for."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench.settings import one_of
from sdbench.trackers.base import Mirror, Shown

CAPTION = "a row for each prompt, a column for each image seed"
CHARACTERS, DIGITS = 128, 8  # of an id
TIME = "[0-9]" * 8 + "_" + "[0-9]" * 6  # as it stands in names of offline runs
QUIET: dict[str, Any] = {
    "console": "off", "silent": True, "disable_git": True, "disable_code": True, "save_code": False,
    "disable_job_creation": True, "x_disable_stats": True, "x_disable_meta": True, "x_disable_machine_info": True,
    "x_save_requirements": False, "use_dot_wandb": True, "symlink": False, "init_timeout": 30.0,
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """project: that the runs belong to. mode: `offline` or `online`; the environment's WANDB_MODE goes first."""

    project: str
    mode: str

    def __post_init__(self) -> None:
        one_of("tracker.wandb.mode", self.mode, ("offline", "online"))


def create(settings: Settings) -> Wandb:
    return Wandb(settings)


class Wandb(Mirror):
    """A run that is written again takes the place of its older self: its id is the same."""

    def __init__(self, settings: Settings) -> None:
        os.environ["WANDB_ERROR_REPORTING"] = "false"  # read where wandb is imported
        self.project = settings.project
        self.mode: Any = os.environ.get("WANDB_MODE") or settings.mode  # wandb refuses what it does not know
        self.target = f"{self.mode}/{self.project}"

    def write(self, shown: Shown, folder: Path) -> None:
        import wandb

        run_id = identify(shown.config["study"], shown.config["cell"], shown.stage)
        for older in folder.glob(f"offline-run-{TIME}-{run_id}"):
            shutil.rmtree(older)
        run: Any = wandb.init(
            project=self.project, group=shown.config["study"], job_type=shown.stage, id=run_id,
            name=shown.config["cell"], config=shown.config, mode=self.mode,
            dir=folder.parent, settings=wandb.Settings(**QUIET),
        )  # fmt: skip
        for step, values in shown.steps:
            run.log(values, step=step)
        images = {name: wandb.Image(image, caption=CAPTION) for name, image in shown.images.items()}
        if images or shown.numbers:
            run.log({**shown.numbers, **images})
        run.summary.update({"status": shown.status, "cause": shown.cause})
        run.finish(exit_code=0 if shown.status == "done" else 1)


def identify(*names: str) -> str:
    """An id of at most 128 safe characters: the names as far as they go, and a hash that keeps them from all others."""
    digest = hashlib.sha256("/".join(names).encode()).hexdigest()[:DIGITS]
    safe = re.sub(r"[^A-Za-z0-9_.-]", "_", "-".join(names))
    return f"{safe[: CHARACTERS - DIGITS - 1]}-{digest}"
