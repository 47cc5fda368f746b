"""Hydra's way in: it makes only classes of the namespace package `hydra_plugins`. The work is sdbench.sweep's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


class SdbenchSweeper(Sweeper):
    """Plans the grid that `arguments` mean, or the study's, and hands jobs that share work to the chosen launcher."""

    def __init__(self, study: str | None, only: list[str], **options: Any) -> None:
        self.study, self.only, self.options = study, list(only), options

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        self.launcher: Launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> int:
        """The number of cells that did not finish."""
        from sdbench.sweep import launch, plan  # Hydra imports every plugin there is, whatever it was asked

        options = launch.Options(**self.options)
        return launch.sweep(plan.of(self.study, arguments), options, self._launch, self.only)

    def _launch(self, paths: list[Path]) -> None:
        for ended in self.launcher.launch([[f"+job='{path}'"] for path in paths], initial_job_idx=0):
            _ = ended.return_value  # raises what the job raised
