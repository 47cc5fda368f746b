"""What a bench measures: sdbench/bench/sizes/<name>.yaml, and what the command line says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sdbench.bench.measure import Must
from sdbench.conversion import convert
from sdbench.errors import UserError, nearest
from sdbench.settings import one_of, positive

SIZES = Path(__file__).parent / "sizes"


@dataclass(frozen=True)
class Grid:
    """Checkpoints at equal distances of one training, beside that training alone; rounds: of A B B A."""

    steps: int
    checkpoints: int
    rounds: int

    def __post_init__(self) -> None:
        if self.steps % self.checkpoints or self.rounds < 1:
            raise UserError(f"grid: {self.checkpoints} checkpoints do not divide {self.steps} steps; choose others")


@dataclass(frozen=True)
class Sweep:
    """Arms that are trained, drawn and scored. axes: overrides that sweep; overrides: of every arm; rounds: of A B B A.

    ours: overrides of sdbench's run alone. reference_arms: how many the reference runs, all of which cost it the same;
    null: every one. Of fewer its time is extrapolated, and the page says so.
    """

    axes: list[str]
    overrides: list[str]
    rounds: int
    ours: list[str]
    reference_arms: int | None

    def __post_init__(self) -> None:
        if self.reference_arms is not None:
            positive("sweep.reference_arms", self.reference_arms)


@dataclass(frozen=True)
class Packs:
    """Arms that are trained in one pack. axes: overrides that sweep. batch_sizes: the first is asked for `must`.

    proved: how many of the arms are proved equal, in single precision, which needs more memory; null: all.
    """

    method: str
    axes: list[str]
    batch_sizes: list[int]
    must: str
    proved: int | None

    def __post_init__(self) -> None:
        Must.read(self.must)
        if self.proved is not None:
            positive("packs.proved", self.proved)


@dataclass(frozen=True)
class Settings:
    """overrides: of conf/, of every cell. architecture: file of sdbench/bench/architectures for a base of random
    weights, null for the model's own. precisions: of `train.mixed_precision`, measured apart. equality_steps: whose
    losses are compared. warmup_steps, block_steps: of a side; rounds: of A B B A. block_images: of
    generation. lora: overrides of LoRA's trainings. rows: module of sdbench.bench.rows -> what its ratio must
    reach; `packs` say their own.
    """

    overrides: list[str]
    architecture: str | None
    precisions: list[str]
    equality_steps: int
    warmup_steps: int
    block_steps: int
    rounds: int
    block_images: int
    grid: Grid
    sweep: Sweep
    lora: list[str]
    packs: list[Packs]
    rows: dict[str, str]

    def __post_init__(self) -> None:
        for key in ("equality_steps", "warmup_steps", "block_steps", "rounds", "block_images"):
            positive(key, getattr(self, key))
        for precision in self.precisions:
            one_of("precisions", precision, ("no", "bf16", "fp16"))
        for text in self.rows.values():
            if text:
                Must.read(text)


@dataclass(frozen=True)
class Bench:
    """A run of the bench. checkout: of diffusers, None: the plain loop. work: folder that may go. cores: for sides."""

    name: str
    settings: Settings
    checkout: Path | None
    work: Path
    cores: list[int]

    def must(self, row: str) -> Must | None:
        text = self.settings.rows[row]
        return Must.read(text) if text else None


def load(name: str, changes: dict[str, Any]) -> Settings:
    """Raises UserError for a name or key that is none. changes: keys of the file, said anew."""
    path = SIZES / f"{name}.yaml"
    if not path.is_file():
        known = [p.stem for p in SIZES.glob("*.yaml")]
        raise UserError(f"bench {name!r} is not known{nearest(name, known)}")
    settings: Settings = convert(Settings, {**yaml.safe_load(path.read_text()), **changes}, "")
    return settings
