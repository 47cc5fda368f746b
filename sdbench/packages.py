"""What is installed, read from metadata: torch's partners, opencv's rivals. Imports nothing that may be broken."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata

OPENCV = ("opencv-python", "opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless")
SECONDS = 30  # for a program to answer


@dataclass(frozen=True)
class Line:
    """state: `ok`, `missing` (the study cannot run, or not as it says) or `note`. remedy: what mends it."""

    what: str
    state: str
    said: str
    remedy: str | None = None


def ok(found: Sequence[Line]) -> bool:
    return all(line.state != "missing" for line in found)


def text(found: Sequence[Line]) -> str:
    said = []
    for line in found:
        said.append(f"{line.state:8} {line.what}: {line.said}")
        said += [f"{'':8}   -> {line.remedy}"] if line.remedy else []
    return "\n".join(said)


def lines() -> Iterator[Line]:
    """Whether sdbench's own requirements are installed, torch and torchvision are of one build, and opencv is one."""
    if _version("sdbench") is None:
        yield Line("packages", "missing", "sdbench itself is not installed", "make install")
        return
    wanted = [one for one in metadata.requires("sdbench") or [] if "extra ==" not in one]
    lacking = [one for one in wanted if _version(re.split(r"[^\w.-]", one)[0]) is None]
    remedy = f"make install, or uv pip install {' '.join(repr(one) for one in lacking)}"
    yield (
        Line("packages", "missing", f"{', '.join(lacking)} not installed", remedy)
        if lacking
        else Line("packages", "ok", f"{len(wanted)} of {len(wanted)} requirements, python {sys.version.split()[0]}")
    )
    if (torch := _version("torch")) and (vision := _version("torchvision")):
        yield torchvision(torch, vision, metadata.requires("torchvision") or [])
    yield opencv([name for name in OPENCV if _version(name)], _import_error("cv2"))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def torchvision(torch: str, vision: str, requires: Sequence[str]) -> Line:
    """Of versions, and of what torchvision's metadata asks for: `torch==2.13.0`."""
    pinned = next((one.partition("==")[2] for one in requires if re.match(r"torch\s*==", one)), None)
    builds = [one.partition("+")[2] for one in (torch, vision)]
    said = f"torch {torch}, torchvision {vision}"
    remedy = "uv pip install --reinstall torch torchvision, both from one index"
    if pinned and torch.partition("+")[0] != pinned.strip().partition("+")[0]:
        return Line("torchvision", "missing", f"{said}, which is for torch {pinned}", remedy)
    if builds[0] != builds[1]:
        return Line("torchvision", "missing", f"{said}: they are of different builds", remedy)
    return Line("torchvision", "ok", said)


def opencv(installed: Sequence[str], error: str | None) -> Line:
    """installed: distributions that all bring the one module cv2. error: why it cannot be imported."""
    remedy = f"uv pip uninstall {' '.join(OPENCV)}; uv pip install --reinstall opencv-python-headless"
    if error:
        return Line("opencv", "missing", f"cv2 cannot be imported ({error})", remedy)
    if len(installed) > 1:
        return Line("opencv", "missing", f"{' and '.join(installed)} overwrite each other's files", remedy)
    return Line("opencv", "ok", installed[0] if installed else "cv2 can be imported")


def _import_error(module: str) -> str | None:
    """In a process of its own: a broken library may end it."""
    done = said_by([sys.executable, "-c", f"import {module}"])
    return None if done is not None and done.returncode == 0 else _last(done)


def said_by(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None


def _last(done: subprocess.CompletedProcess[str] | None) -> str:
    if done is None:
        return "no answer"
    words = [line for line in done.stderr.splitlines() if line.strip()]
    return words[-1] if words else f"exit code {done.returncode}"
