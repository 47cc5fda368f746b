"""What is going on, for whoever waits: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Watch:
    """`with Watch("microworld", cells) as watch:` then `watch.now("lora: train")` and `watch.done("lora: 0.61")`."""

    def __init__(self, title: str, total: int) -> None:
        self.console = Console(highlight=False)
        self.live = self.console.is_terminal
        columns = (
            TextColumn(title),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        self.progress = Progress(*columns, console=self.console, disable=not self.live)
        self.task = self.progress.add_task("", total=total)
        self.total, self.finished = total, 0

    def __enter__(self) -> Watch:
        self.began = time.perf_counter()
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def now(self, what: str) -> None:
        """What is being worked on."""
        self.progress.update(self.task, description=what)

    def done(self, what: str) -> None:
        """One more is finished; `what` stays on the screen."""
        self.finished += 1
        self.progress.update(self.task, advance=1)
        seconds = time.perf_counter() - self.began
        self.console.print(f"[{self.finished}/{self.total}] {seconds:6.0f}s  {what}", markup=False, soft_wrap=True)
