"""The microworld: a small, closed, drawn world with its own pretrained base, so that every stage runs anywhere."""

from pathlib import Path

from sdbench.errors import UserError

WEIGHTS = Path(__file__).parent / "weights"


def bundled(path: str) -> Path:
    """The path a `bundled:` setting means, or the path itself. Raises UserError where nothing is there."""
    found = WEIGHTS / path.removeprefix("bundled:") if path.startswith("bundled:") else Path(path).expanduser()
    if not found.exists():
        remedy = (
            "restore it with `git checkout -- sdbench/microworld/weights`"
            if path.startswith("bundled:")
            else "check the path"
        )
        raise UserError(f"{path}: no such file or folder ({found}); {remedy}")
    return found
