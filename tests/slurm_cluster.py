"""A real Slurm on this machine: munge, a controller and two nodes, as processes of whoever starts it.

`python tests/slurm_cluster.py` starts one and waits for Ctrl-C; it prints the SLURM_CONF by which commands find it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol")
NODES = ("node1", "node2")
CPUS = 2  # of each node, whatever the machine has

# A requeued job waits for cred_expire seconds, within which a slow machine has to start one. Nothing needs control
# groups. A job of `high` puts one of `low` back into the queue, which hears SIGTERM and has GraceTime seconds left, and
# KillWait.
CONF = """\
ClusterName=sdbench
SlurmctldHost={host}
SlurmUser=root
SlurmctldPort={port}
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmdSpoolDir={folder}/slurmd.%n
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=15
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
SlurmdTimeout=60
KillWait=2
ReturnToService=2
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=node1 NodeHostname={host} Port={ports[0]} CPUs={cpus} RealMemory=4000
NodeName=node2 NodeHostname={host} Port={ports[1]} CPUs={cpus} RealMemory=4000
PartitionName=low Nodes=node1,node2 Default=YES PriorityTier=1 PreemptMode=REQUEUE GraceTime={grace_seconds}
PartitionName=high Nodes=node1,node2 PriorityTier=2 PreemptMode=OFF
"""


def missing() -> str | None:
    """What keeps a cluster from being started here, in words."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a Slurm of our own is started by root on Linux"
    absent = [name for name in PROGRAMS if not shutil.which(name, path=_path())]
    return f"{', '.join(absent)} not installed: apt-get install slurm-wlm munge" if absent else None


@dataclass
class SlurmCluster:
    """environment: what sbatch and its like, and whoever calls them, must be run with."""

    folder: Path
    environment: dict[str, str]
    nodes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def run(self, *command: str) -> str:
        """The output of one of Slurm's commands."""
        done = subprocess.run(command, env=self.environment, text=True, capture_output=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip()

    def sbatch(self, script: str, *options: str) -> str:
        """The id of a job that runs `script` in a shell. Its output goes to <folder>/<id>.out."""
        out = f"--output={self.folder}/%j.out"
        return self.run("sbatch", "--parsable", out, "--open-mode=append", *options, f"--wrap={script}")

    def jobs(self) -> dict[str, str]:
        """State of each job that is queued or runs; of an array's, each that was ever started is its own line."""
        lines = self.run("squeue", "--noheader", "--array", "--format=%i %T").splitlines()
        return dict(line.split() for line in lines)

    def job(self, job: str) -> dict[str, str]:
        """What scontrol knows of a job, e.g. JobState, Restarts, NodeList."""
        words = self.run("scontrol", "show", "job", "--oneliner", job).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def wait(self, what: Callable[[], bool], seconds: float = 30) -> None:
        wait(what, seconds, lambda: f"jobs {self.jobs()}, log:\n{_tail(self.folder / 'slurmctld.log')}")

    def kill_node(self, name: str) -> None:
        """As a power cut would: its daemon and all that its jobs run. The controller, slow to notice, is told."""
        daemon = self.nodes.pop(name)
        pids = [daemon.pid, *_of_node(name, self.folder)]
        for number in (signal.SIGSTOP, signal.SIGKILL):  # all at once: none may tell the controller of another's end
            for pid in pids:
                _signal(pid, number)
        daemon.wait()
        self.run("scontrol", "update", f"nodename={name}", "state=down", "reason=killed")

    def start_node(self, name: str) -> None:
        self.nodes[name] = _daemon(self.folder, name, ["slurmd", "-D", "-N", name], self.environment)
        self.run("scontrol", "update", f"nodename={name}", "state=resume")
        self.wait(lambda: "idle" in self.run("sinfo", "--noheader", "--nodes", name, "--format=%T").split())

    def clear(self) -> None:
        """No job is left."""
        self.run("scancel", "--user=root")
        self.wait(lambda: not self.jobs())


@contextmanager
def running(grace_seconds: int = 0) -> Iterator[SlurmCluster]:
    """Both nodes are idle when it is handed out, all of it is gone when it is given back.

    grace_seconds: between the SIGTERM and the SIGKILL of a job that is preempted, beside the 2 of KillWait.
    """
    folder = Path(tempfile.mkdtemp(prefix="sdbench-slurm-"))  # short: sockets' paths may have 107 characters
    folder.chmod(0o755)
    (folder / "state").mkdir()
    controller, *ports = _free_ports(1 + len(NODES))
    conf = CONF.format(
        folder=folder, host=socket.gethostname(), port=controller, ports=ports, cpus=CPUS, grace_seconds=grace_seconds
    )
    (folder / "slurm.conf").write_text(conf)
    environment = {**os.environ, "PATH": _path(), "SLURM_CONF": str(folder / "slurm.conf")}
    cluster = SlurmCluster(folder, environment)
    daemons: list[subprocess.Popen[bytes]] = []
    try:
        daemons.append(_munge(folder, environment))
        daemons.append(_daemon(folder, "slurmctld", ["slurmctld", "-D"], environment))
        for name in NODES:
            cluster.nodes[name] = _daemon(folder, name, ["slurmd", "-D", "-N", name], environment)
        wait(lambda: _idle(cluster), 120, lambda: "\n".join(_tail(log) for log in folder.glob("*.log")))
        yield cluster
        cluster.clear()
    finally:
        for daemon in [*cluster.nodes.values(), *reversed(daemons)]:
            daemon.terminate()
        for daemon in [*cluster.nodes.values(), *reversed(daemons)]:
            daemon.wait(20)
        shutil.rmtree(folder)


def wait(what: Callable[[], bool], seconds: float, said: Callable[[], str]) -> None:
    """Until it is so. Raises TimeoutError with what is `said` of it."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s; {said()}")
        time.sleep(0.1)


def _munge(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    key = folder / "munge.key"
    key.touch(0o600)
    key.write_bytes(secrets.token_bytes(128))
    places = {"key-file": key, "socket": folder / "munge.socket", "seed-file": folder / "munge.seed"}
    places |= {"pid-file": folder / "munge.pid", "log-file": folder / "munged.log"}
    options = [f"--{option}={path}" for option, path in places.items()]
    daemon = _daemon(folder, "munge", ["munged", "--foreground", "--force", *options], environment)
    wait(places["socket"].exists, 10, lambda: _tail(folder / "munge.log"))
    return daemon


def _daemon(folder: Path, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    program = shutil.which(command[0], path=_path())
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [str(program), *command[1:]], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder
        )


def _idle(cluster: SlurmCluster) -> bool:
    said = subprocess.run(
        ["sinfo", "--noheader", "--Node", "--format=%T"], env=cluster.environment, text=True, capture_output=True
    )
    return bool(said.stdout.split()) and set(said.stdout.split()) == {"idle"}


def _of_node(name: str, folder: Path) -> set[int]:
    """Processes of the node's jobs, whose environment says where they are, and Slurm's own that watch over them."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "environ").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            steward = Path(f"/proc/{parent}/comm").read_text().strip() == "slurmstepd"
        except OSError:  # gone meanwhile, or another's
            continue
        if f"SLURMD_NODENAME={name}".encode() in words and any(str(folder).encode() in word for word in words):
            found |= {int(process.name), *([parent] if steward else [])}
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _path() -> str:
    """Daemons are in sbin, which is not on everybody's path."""
    return f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


def _tail(path: Path) -> str:
    return "\n".join([f"{path.name}:", *path.read_text(errors="replace").splitlines()[-20:]])


if __name__ == "__main__":
    if reason := missing():
        raise SystemExit(reason)
    with running() as cluster:
        print(f"export SLURM_CONF={cluster.environment['SLURM_CONF']}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
