"""Images of several arms in one batch: each the one that its arm draws by itself, and, to rounding, peft's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from sdbench import backbones, generate, pipeline, prompts, sample
from sdbench.cells import Found
from sdbench.generate import Source
from sdbench.records import Sample
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chains
from sdbench.store import Store
from sdbench.subjects import Subject
from sdbench.train import train
from sdbench.trajectory import Trajectory
from tests.tiny_base import SAVE

MakeCell = Callable[..., Cell]
OnFamily = Callable[[str], list[str]]
ARMS = {
    "lora": [["method.adapters.lora.rank=2", "method.adapters.lora.alpha=8"], ["method.adapters.lora.rank=4"]],
    "textual_inversion": [["method.adapters.embedding.vectors=2"], ["method.adapters.embedding.vectors=2"]],
}


def arms(make_cell: MakeCell, method: str, *overrides: str) -> list[Cell]:
    words = [f"method={method}", "train.lr=3e-2", "train.steps=3", "sampler.batch_size=2", *overrides]
    return [make_cell(*words, *own, f"train.seed={seed}") for seed, own in enumerate(ARMS[method])]


def pictures(folder: Path, wanted: list[Sample]) -> list[bytes]:
    return [Image.open(folder / one.file).tobytes() for one in wanted]


def levels(folder: Path, wanted: list[Sample]) -> np.ndarray:
    return np.stack([np.asarray(Image.open(folder / one.file)) for one in wanted]).astype(int)


@pytest.mark.parametrize(("guidance", "dtype"), [("7.5", "float32"), ("1", "float32"), ("7.5", "bfloat16")])
@pytest.mark.parametrize("method", ARMS)
@pytest.mark.parametrize("family", SAVE)
def test_an_image_is_the_same_alone_and_among_those_of_other_arms(
    family: str, method: str, guidance: str, dtype: str, make_cell: MakeCell, on_family: OnFamily,
    logo: Subject, tmp_path: Path,
) -> None:  # fmt: skip
    words = [f"sampler.guidance_scale={guidance}", f"model.dtype={dtype}", "sampler.negative_prompt=green"]
    made = arms(make_cell, method, *on_family(family), *words)
    sampler, sources = made[0].sampler, []
    for i, cell in enumerate(made):
        trained = tmp_path / f"trained{i}"
        trained.mkdir()
        train(cell, logo, backbones.load(cell.model, "cpu"), None, Trajectory(tmp_path / f"states{i}"), trained)
        sources.append(Source(cell, logo, "", trained, in_seats=True))
    wanted = prompts.requests(prompts.load(made[0].prompts)[:1], range(3), logo.identifier, logo.class_words)
    asked, images = generate.together(sources, sampler, [wanted, wanted])  # the second batch has one of each arm
    drawn = [image.tobytes() for image, seconds in images if seconds > 0]
    for i, source in enumerate(sources):
        folder, peft = tmp_path / f"drawn{i}", tmp_path / f"peft{i}"
        for place, how in ((folder, source), (peft, replace(source, in_seats=False))):
            place.mkdir()
            generate.generate(how, sampler, wanted, place)
        assert pictures(folder, wanted) == drawn[3 * i : 3 * i + 3]
        assert np.abs(levels(folder, wanted) - levels(peft, wanted)).max() <= 2
        said = [json.loads(Image.open(folder / one.file).info["sdbench"])["prompt"] for one in wanted]
        assert said == [one.prompt for one in asked[i]]
    assert drawn[0] != drawn[3]


def test_a_packs_images_are_drawn_with_it_and_are_those_of_its_cells_by_themselves(
    make_cell: MakeCell, tmp_path: Path
) -> None:
    made = [replace(cell, metrics={}, threads=1) for cell in arms(make_cell, "lora", "sweep.pack=2")]
    rows = [Row("trained", cell, [], "", "") for cell in made]
    pack, alone = Store(tmp_path / "pack"), Store(tmp_path / "alone")
    pipeline.train_together(rows, pack, [tmp_path / "previews"] * 2, lambda what: None)
    for row in rows:
        chain = Chains(pack.identity).of(row)
        assert chain.train is not None
        assert pack.finished("generate", chain.generate.key)
        pipeline.run(row, alone, tmp_path / "previews", lambda what: None)
        for one in chain.wanted:
            paths = [store.root / chain.generate.path / one.file for store in (pack, alone)]
            assert paths[0].read_bytes() == paths[1].read_bytes()
        first = chain.wanted[0]
        trained = pack.root / chain.train.path
        assert json.loads((pack.root / chain.generate.path / "result.json").read_text())["slots"] == 2
        cell = replace(row.cell, store=str(pack.root))
        found = Found(tmp_path, "trained", cell, trained, chain.base, in_seats=True)
        (mine,) = sample.draw(found, first.prompt, [first.seed], tmp_path / "samples", None)
        assert Image.open(mine).tobytes() == Image.open(pack.root / chain.generate.path / first.file).tobytes()


def test_cells_of_packs_are_drawn_under_keys_of_their_own(make_cell: MakeCell, store: Store) -> None:
    packed, solo = (
        Chains(store.identity).of(Row("trained", make_cell("method=lora", *words), [], "", "")).generate.settings
        for words in (["sweep.pack=2"], [])
    )
    assert packed["adapters"] == "in seats" and "adapters" not in solo


def test_who_comes_second_to_a_packs_images_leaves_them_to_the_first(
    make_cell: MakeCell, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [replace(cell, metrics={}, threads=1) for cell in arms(make_cell, "textual_inversion", "sweep.pack=2")]
    rows = [Row("trained", cell, [], "", "") for cell in made]
    first, second = (Chains(store.identity).of(row).generate for row in rows)
    own = generate.together

    def raced(*asked: Any) -> Any:
        found = own(*asked)
        store.make(first.name, first.version, first.settings, lambda folder: None)
        return found

    monkeypatch.setattr(generate, "together", raced)
    pipeline.train_together(rows, store, [tmp_path / "previews"] * 2, lambda what: None)
    assert not store.finished("generate", second.key)


def test_images_that_memory_does_not_hold_together_are_left_to_each_row(
    make_cell: MakeCell, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*asked: Any) -> Any:
        raise torch.OutOfMemoryError("no memory")

    made = [replace(cell, metrics={}, threads=1) for cell in arms(make_cell, "lora", "sweep.pack=2")]
    rows = [Row("trained", cell, [], "", "") for cell in made]
    monkeypatch.setattr(generate, "together", full)
    pipeline.train_together(rows, store, [tmp_path / "previews"] * 2, lambda what: None)
    assert pipeline.run(rows[0], store, tmp_path / "previews", lambda what: None)["status"] == "done"
