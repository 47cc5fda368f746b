"""A Hydra app whose jobs only say in a file that they ran, and where: what a launcher does can be read from it.

`<folder>/<n>` holds a line for each time that job n began and, unless it was killed, one for its end.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import hydra
from hydra.core.config_store import ConfigStore

CONFIG = {
    "folder": "???",
    "n": 0,
    "hold": False,  # jobs end only once `<folder>/go` is there
    "kill": False,  # itself, the first time
    "hydra": {"output_subdir": None, "sweep": {"dir": "${folder}/.hydra", "subdir": "."}, "job": {"chdir": False}},
}


def job(config: Any) -> None:
    folder = Path(config.folder)
    file = folder / str(config.n)
    again = file.exists()

    def say(what: str) -> None:
        with file.open("a") as lines:
            print(what, os.getpid(), _node(), os.environ.get("CUDA_VISIBLE_DEVICES") or "none", file=lines)

    say("start")
    if config.kill and not again:
        os.kill(os.getpid(), signal.SIGKILL)
    try:
        while config.hold and not (folder / "go").exists():
            time.sleep(0.05)
    except SystemExit:
        say("told")
        raise
    say("done")


def _node() -> str:
    if "ray" in sys.modules:
        import ray

        return str(ray.util.get_node_ip_address())
    return os.environ.get("SLURMD_NODENAME", "here")


if __name__ == "__main__":
    ConfigStore.instance().store("launcher_app", CONFIG)
    hydra.main(version_base="1.3", config_path=None, config_name="launcher_app")(job)()
