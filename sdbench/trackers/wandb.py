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

ID_CHARACTERS = 128
QUIET = {
    "console": "off", "silent": True, "disable_git": True, "disable_code": True, "save_code": False,
    "disable_job_creation": True, "x_disable_stats": True, "x_disable_meta": True, "x_disable_machine_info": True,
    "x_save_requirements": False,
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
        self.project, self.mode = settings.project, os.environ.get("WANDB_MODE") or settings.mode
        self.target = f"{self.mode}/{self.project}"

    def write(self, shown: Shown, folder: Path) -> None:
        import wandb

        run_id = identify(f"{shown.config['study']}-{shown.config['cell']}-{shown.stage}")
        for older in folder.glob(f"offline-run-*-{run_id}"):
            shutil.rmtree(older)
        run: Any = wandb.init(
            project=self.project, group=shown.config["study"], job_type=shown.stage, id=run_id,
            name=shown.config["cell"], config=shown.config, mode=self.mode,  # type: ignore[arg-type]
            dir=folder.parent, settings=wandb.Settings(**QUIET),
        )  # fmt: skip
        for step, values in shown.steps:
            run.log(values, step=step)
        if shown.image:
            run.log({"images": wandb.Image(shown.image, caption=shown.caption)})
        run.log(shown.numbers)
        run.summary.update({"status": shown.status, "cause": shown.cause})
        run.finish(exit_code=0 if shown.status == "done" else 1)


def identify(name: str) -> str:
    """A run's id of at most 128 safe characters; where that changes the name, a hash keeps it apart from others."""
    safe = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
    if safe == name and len(name) <= ID_CHARACTERS:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"{safe[: ID_CHARACTERS - len(digest) - 1]}-{digest}"
