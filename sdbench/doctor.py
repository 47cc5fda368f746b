"""Whether this machine has what a study needs: a line for each thing, with the command that mends what is wrong.

Everything is asked for itself, so that one thing that is broken hides no other. Never torch: a model's size is read
from the headers of its files.
"""

from __future__ import annotations

import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sdbench import backbones, devices, footprint, hub
from sdbench.errors import UserError
from sdbench.needs import Hub
from sdbench.packages import Line, said_by
from sdbench.settings import Cell, ModelSettings
from sdbench.wanted import Wanted

LOW_BYTES = 5_000_000_000  # of free disk


def machine(cells: Sequence[Cell]) -> Iterator[Line]:
    """Programs, the disk of the store and whether it locks, and the device."""
    for name, why in (("git", "provenance names no commit"), ("uv", "`make install` cannot set up .venv")):
        there = shutil.which(name)
        yield Line(name, "ok", there) if there else Line(name, "note", f"not here: {why}", f"install {name}")
    for place in dict.fromkeys(cell.store for cell in cells):
        yield from store(Path(place))
    for name, processes in dict.fromkeys((cell.device, cell.train.processes) for cell in cells):
        try:
            found = devices.resolve(name, processes)
            yield Line("device", "ok", f"{found}, {_gb(memory_bytes(found))}")
        except UserError as error:
            yield Line("device", "missing", str(error), "device=auto")


def store(root: Path) -> Iterator[Line]:
    there = next(folder for folder in (root.resolve(), *root.resolve().parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    state, remedy = ("ok", None) if free >= LOW_BYTES else ("note", "sdbench gc --yes, or store=... on another disk")
    yield Line("disk", state, f"{_gb(free)} free for {root}", remedy)
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        remedy = "store=... on a disk that you may write to, of a file system with flock (NFSv4, Lustre with -o flock)"
        yield Line("store", "missing", f"{there}: {error.strerror}", remedy)
    else:
        yield Line("store", "ok", f"{root} can be written to, and its file system locks files")


def memory_bytes(device: str) -> int | None:
    """Of the device: the card's, else the machine's, or what this process's group may have of it."""
    if device.startswith("cuda"):
        done = said_by(["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"])
        sizes = [int(line) for line in done.stdout.split() if line.isdigit()] if done else []
        index = int(device.partition(":")[2] or 0)
        return sizes[index] * 2**20 if index < len(sizes) else None
    info, limit = Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max")
    found = re.search(r"MemTotal:\s+(\d+)", info.read_text()) if info.is_file() else None
    said = limit.read_text().strip() if limit.is_file() else ""
    both = [int(found[1]) * 1024] if found else []
    return min([*both, *([int(said)] if said.isdigit() else [])], default=None)


def needs(wanted: Wanted, words: str) -> Iterator[Line]:
    """Weights and tools. words: the study, as `sdbench fetch` takes it."""
    for who, why in wanted.troubles.items():
        yield Line(who, "missing", why)
    for need, who in wanted.hub().items():
        found = hub.state(need)
        if found.ready:
            yield Line(who, "ok", f"{need.repo} at {found.commit}")
        else:
            said = found.why or (f"lacks {len(found.missing)} files" if found.commit else "is not on this machine")
            yield Line(who, "missing", f"{need.repo} {said}", f"sdbench fetch {words}".strip())
    for tool, who in wanted.tools().items():
        yield Line(who, "missing", tool.why) if tool.why else Line(who, "ok", tool.name)


def memory(cells: Sequence[Cell]) -> Iterator[Line]:
    """Whether the device holds each model under each method, before activations."""
    asked = [(cell.model, cell.method, cell.device) for cell in cells]
    for model, method, name in {repr(one): one for one in asked}.values():
        what = f"memory of {model.name} under {method.name}"
        try:
            device = devices.resolve(name)
        except UserError:
            continue  # told of already
        try:
            shapes = footprint.shapes(weights(model))
        except (OSError, ValueError) as error:
            yield Line(what, "missing", f"its weights cannot be read ({error})", "fetch or copy them again")
            continue
        have = memory_bytes(device)
        if not shapes or have is None:
            yield Line(what, "note", "not known before its weights are here" if not shapes else f"of {device} unknown")
            continue
        need = footprint.training_bytes(shapes, model.dtype, method)
        if device == "cpu" and "full" in method.adapters:
            need += footprint.frozen_bytes(shapes, model.dtype)  # the base, which later cells start from
        said = f"{_gb(need)} before activations, {device} has {_gb(have)}"
        yield Line(what, "ok", said) if need < have else Line(what, "missing", said, "method=lora, or a larger device")


def weights(model: ModelSettings) -> list[Path]:
    """The safetensors files of a model that is on this machine; none where it is not."""
    place = backbones.folder(model)
    for need in backbones.needs(model):
        if isinstance(need, Hub):
            place = hub.state(need).folder
    return sorted(place.glob("*/*.safetensors")) if place else []


def _gb(count: int | None) -> str:
    return f"{count / 1e9:.1f} GB" if count is not None else "of unknown size"
