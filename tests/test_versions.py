"""A stage whose source changes has to change its version, or old results would pass for new ones.

python -m tests.test_versions      # records the present sources, once their versions are raised
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
from pathlib import Path

import pytest

from sdbench.config import ROOT
from sdbench.conversion import kinds
from sdbench.stages import VERSIONS

RECORD = Path(__file__).parent / "versions.json"
JUDGES = ("metrics/base/*.py", "protocols.py")
SOURCES = {
    "train": [
        "train.py",
        "inputs.py",
        "packed.py",
        "parallel.py",
        "precision.py",
        "graphed.py",
        "trajectory.py",
        "seeds.py",
        "adapters/*.py",
        "backbones/*.py",
    ],
    "generate": ["generate.py", "adapters/*.py", "backbones/*.py"],
    "score": ["score.py"],
    "detector": ["detector.py", "labels.py", "yolov8.py"],
    "audit": ["audit/*.py", "microworld/*.py"],
    **{f"metrics.{kind}": [f"metrics/{kind}.py", *JUDGES] for kind in kinds("sdbench.metrics")},
}


def fingerprint(stage: str) -> str:
    """A hash of what the stage's sources do: comments, docstrings and layout do not count."""
    files = sorted(path for pattern in SOURCES[stage] for path in (ROOT / "sdbench").glob(pattern))
    digest = hashlib.sha256()
    for path in files:
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            first = body[0] if isinstance(body, list) and body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                body[0] = ast.Pass()
        digest.update(ast.dump(tree).encode())
    return digest.hexdigest()[:16]


def version(stage: str) -> int:
    return VERSIONS[stage] if stage in VERSIONS else int(importlib.import_module(f"sdbench.{stage}").VERSION)


def present() -> dict[str, list[int | str]]:
    return {stage: [version(stage), fingerprint(stage)] for stage in SOURCES}


@pytest.mark.parametrize("stage", SOURCES)
def test_a_changed_stage_has_a_changed_version(stage: str) -> None:
    recorded = json.loads(RECORD.read_text())[stage]
    assert recorded == present()[stage], (
        f"{stage} is not as recorded: if it computes something else now, raise its VERSION; then record it with "
        "`python -m tests.test_versions`"
    )


if __name__ == "__main__":
    RECORD.write_text(json.dumps(present(), indent=1) + "\n")
