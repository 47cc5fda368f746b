"""Cells of a grid are made together, and are what Hydra would have made of each alone."""

from __future__ import annotations

import random

import pytest
from hydra import compose, initialize_config_dir
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sdbench import config
from sdbench.conversion import convert
from sdbench.errors import UserError
from sdbench.settings import Cell

GROUPS = [["method=dreambooth_lora"], ["method=dreambooth_lora", "sampler=pndm"], ["method=lora", "subject=sks_dog"]]
VALUES = [
    "train.lr=1e-4", "train.lr=1", "train.steps=300", "train={steps: 9, lr: 2e-3}", "++train.lr=3", "train.seed=7",
    "train.warmup_steps=${train.steps}", "train.seed=${.steps}", "train.preview_every='${train.warmup_steps}'",
    "sampler.batch_size=${oc.select:train.seed,3}", "study='${subject[name]}'", "subject.name='${method.name}'",
    "model.guidance_scale=3", "sampler.guidance_scale=2", "sampler.num_inference_steps=9", "method.name=mine",
    "method.prior.sampler.guidance_scale=5", "method.prior.sampler=${sampler}", "method.prior={images: 3}",
    "method.adapters.lora.rank=3", "method.adapters.lora={rank: 5}", "++method.adapters.lora.rank=6",
    "+method.adapters.embedding={vectors: 2, initializer: null, lr: null}", "~metrics.ocr", "~metrics.yolo",
    "device=cpu", "metrics.clip_text.device=cuda", "threads=${train.seed}", "method.templates=[]",
    "sample.test_seeds=[5,'${train.steps}']", "sample.test_seeds=[5,6]", "sample={test_seeds: [8]}",
    "prompts.templates=['a {subject}','${subject.class_words} {subject}']", "subject.class_words=zz",
]  # fmt: skip


def hydras(point: list[str]) -> Cell | None:
    """The cell as Hydra composes it by itself; None where that is no cell."""
    try:
        with initialize_config_dir(str(config.CONF), version_base="1.3"):
            plain = OmegaConf.to_container(compose("config", overrides=point), resolve=True)
        cell: Cell = convert(Cell, plain, "")
    except (HydraException, OmegaConfBaseException, UserError):
        return None
    return cell


def test_the_cells_of_a_varied_grid_are_those_that_hydra_composes_one_by_one() -> None:
    rng = random.Random(0)
    drawn = [[*rng.choice(GROUPS), one, *rng.sample(VALUES, rng.randint(1, 5))] for one in VALUES for _ in range(2)]
    points = [rng.sample(point, len(point)) for point in drawn]
    one_by_one = [(point, cell) for point in points if (cell := hydras(point))]
    assert len(one_by_one) > len(points) / 2
    together = config.compose_cells([point for point, _ in one_by_one])
    for (point, cell), mine in zip(one_by_one, together, strict=True):
        assert repr(mine) == repr(cell), point  # by repr, as 1 == 1.0 == True


@pytest.mark.parametrize(
    ("wanted", "point"),
    [
        (300, ["train.steps=300", "train.warmup_steps=${train.steps}"]),
        (300, ["train.warmup_steps=${train.steps}", "train.steps=300"]),
        (8, ["train.warmup_steps=7", "train={warmup_steps: 8}"]),
        (7, ["train={warmup_steps: 8}", "train.warmup_steps=7"]),
        (8, ["train.warmup_steps=7", "++train.warmup_steps=8"]),
        (7, ["++train.steps=9", "train={warmup_steps: 8}", "train.warmup_steps=7"]),
    ],
)
def test_the_value_said_last_holds_and_an_interpolation_follows_what_it_names(wanted: int, point: list[str]) -> None:
    assert config.compose_cell(point).train.warmup_steps == wanted


@pytest.mark.parametrize("bad", ["train.lrr=1", "train.steps=many", "sampler.scheduler=ddmi", "subject=hugo", "lr=1"])
def test_a_bad_cell_among_good_ones_is_refused_with_the_same_words_as_alone(bad: str) -> None:
    points = [["train.lr=1", f"train.seed={seed}", *([bad] if seed == 7 else [])] for seed in range(9)]
    with pytest.raises(UserError) as alone:
        config.compose_cell([bad])
    with pytest.raises(UserError) as among:
        config.compose_cells(points)
    assert str(among.value) == str(alone.value)
