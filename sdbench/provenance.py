"""Where a result comes from: code, packages, machine, time, memory, and the identity of the files it was made from."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sdbench import energy

ROOT = Path(__file__).resolve().parent.parent
CODE = ("sdbench", "conf", "experiments", "requirements.txt")  # what makes a checkout dirty; reports do not
RACY_NS = 2_000_000_000  # a file this young may change again within its time stamp: its hash is not remembered


class Meter:
    """Starts counting when it is made; `collect` says what was used since, and on what."""

    def __init__(self) -> None:
        reset_peak()
        self.started = datetime.now(UTC)
        self._clock = time.perf_counter()
        self._counters = energy.counters()

    def collect(self) -> dict[str, Any]:
        """Provenance as plain JSON. Never imports torch; names its device where the process has one in use."""
        return {
            "started": self.started.isoformat(),
            "seconds": time.perf_counter() - self._clock,
            "peak_rss_bytes": peak_rss_bytes(),
            **energy.since(self._counters, energy.counters(), with_gpus=_uses_cuda()),
            "commit": _git("rev-parse", "HEAD"),
            "dirty": None if (changed := _git("status", "--porcelain", "--", *CODE)) is None else bool(changed),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "device": _device(),
            "cpu_count": os.cpu_count(),
            "omp_num_threads": os.environ.get("OMP_NUM_THREADS"),
            "command": sys.argv,
            "packages": _packages(),
        }


def identity(path: Path, cache: Path | None = None) -> str:
    """sha256 of a file, or of a folder's file names and contents. Raises FileNotFoundError.

    cache: folder where hashes are remembered by path, size and time, so that gigabytes of weights are read once.
    """
    if not path.is_dir():
        return _file_identity(path, cache)
    files = sorted(f for f in path.rglob("*") if f.is_file())
    lines = (f"{_file_identity(f, cache)}  {f.relative_to(path).as_posix()}\n" for f in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def peak_rss_bytes() -> int:
    """The process's peak resident memory since the last `Meter` was made (Linux), else since its start."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    since_start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), since_start)


def reset_peak() -> None:
    with contextlib.suppress(OSError):  # not Linux, or not allowed: the peak is then the process's own
        Path("/proc/self/clear_refs").write_text("5")  # proc(5): resets the peak resident set size


def _file_identity(path: Path, cache: Path | None) -> str:
    path = path.resolve()
    stat = path.stat()
    known = {"path": str(path), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    if cache is None or time.time_ns() - stat.st_mtime_ns < RACY_NS:
        return file_sha256(path)
    note = cache / f"{hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]}.json"
    if note.is_file():
        return str(json.loads(note.read_text())["sha256"])
    digest = file_sha256(path)
    cache.mkdir(parents=True, exist_ok=True)
    part = note.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({**known, "sha256": digest}))
    part.replace(note)
    return digest


@functools.cache
def _git(*arguments: str) -> str | None:
    """What git says of the checkout, asked once a process: the code that runs is the code that was loaded."""
    if not (ROOT / ".git").exists():
        return None
    try:
        done = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


@functools.cache
def _packages() -> dict[str, str]:
    found = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _device() -> str:
    return str(sys.modules["torch"].cuda.get_device_name()) if _uses_cuda() else _processor()


def _uses_cuda() -> bool:
    torch = sys.modules.get("torch")  # whoever works on an accelerator has imported it already
    return torch is not None and bool(torch.cuda.is_initialized())


@functools.cache
def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
