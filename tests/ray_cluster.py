"""A real Ray cluster of two nodes on this machine, on the loopback, as processes of whoever starts it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HEAD, OTHER = "127.0.0.2", "127.0.0.3"  # 127.0.0.1 would be taken for the machine's address on its network
CPUS, GPUS = 1, 1  # of each node, whatever the machine has: Ray counts cards, it does not look for them
START = ["--object-store-memory=78643200", "--disable-usage-stats", "--include-log-monitor=false", "--block"]


def missing() -> str | None:
    """What keeps a cluster from being started here, in words."""
    if sys.platform != "linux":
        return "a Ray of two nodes on one machine is started on Linux"
    return None if importlib.util.find_spec("ray") else "ray is not installed: it is sdbench's extra `ray`"


@dataclass
class RayCluster:
    """address: for hydra.launcher.ray.init.address. environment: what whoever joins must be run with: the token.

    nodes: by address, the process whose descendants are the node. The driver joins the head, so the other may be lost.
    """

    folder: Path
    address: str
    environment: dict[str, str]
    nodes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_node(self, host: str) -> None:
        """Begins to; `wait` until it is there."""
        where = [f"--address={self.address}"]
        if host == HEAD:
            where = ["--head", f"--port={self.address.split(':')[1]}", "--include-dashboard=false"]
            where += [f"--temp-dir={self.folder}"]
        command = [str(Path(sys.executable).parent / "ray"), "start", *where, f"--node-ip-address={host}", *START]
        with (self.folder / f"{host}.log").open("wb") as log:
            self.nodes[host] = subprocess.Popen(
                [*command, f"--num-cpus={CPUS}", f"--num-gpus={GPUS}"], env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def kill_node(self, host: str) -> None:
        """As a power cut would."""
        process = self.nodes.pop(host)
        pids = _descendants(process.pid)
        for number in (signal.SIGSTOP, signal.SIGKILL):  # all at once: none may tell of another's end
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        process.wait()

    def wait(self, seconds: float = 60) -> None:
        """Until all of its nodes have started. Raises TimeoutError with what they said."""
        deadline = time.monotonic() + seconds
        logs = [self.folder / f"{host}.log" for host in self.nodes]
        while not all("Ray runtime started" in log.read_text(errors="replace") for log in logs):
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.nodes.values()):
                raise TimeoutError("\n".join(log.read_text(errors="replace")[-2000:] for log in logs))
            time.sleep(0.1)


@contextmanager
def running() -> Iterator[RayCluster]:
    """Both nodes are there when it is handed out, all of it is gone when it is given back."""
    folder = Path(tempfile.mkdtemp(prefix="sdb-ray-"))  # short: sockets' paths may have 107 characters
    with socket.create_server((HEAD, 0)) as free:
        address = f"{HEAD}:{free.getsockname()[1]}"
    environment = {
        **os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }  # fmt: skip
    cluster = RayCluster(folder, address, environment)
    try:
        cluster.start_node(HEAD)
        _wait_for_port(cluster)
        cluster.start_node(OTHER)
        cluster.wait()
        yield cluster
    finally:
        for host in list(cluster.nodes):
            cluster.kill_node(host)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_port(cluster: RayCluster) -> None:
    host, port = cluster.address.split(":")
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
            return
        if time.monotonic() > deadline:
            raise TimeoutError((cluster.folder / f"{host}.log").read_text(errors="replace")[-2000:])
        time.sleep(0.1)


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found
