"""What others made is judged as our own: the same stages, the same scores, in the same table."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sdbench import cli, external, pipeline, results
from sdbench.errors import UserError
from sdbench.records import Prompt
from sdbench.rows import Row, of_external
from sdbench.settings import Cell, External
from sdbench.store import Store
from sdbench.subjects import Subject
from sdbench.sweep.jobs import RUNS, externals

MakeCell = Callable[..., Cell]
ASKED = [Prompt("s-0", "a {subject}"), Prompt("s-1", "a {subject} on a mug")]
ONE_PROMPT = "prompts.templates=['a {subject}']"


def run(cell: Cell, kind: str, made: External | None = None) -> dict[str, Any]:
    """A row as a worker makes it: its record, and every training step that was told of."""
    cell = replace(cell, threads=1)
    row = of_external(cell, [], made) if made else Row(kind, cell, [], "x", "")
    told: list[str] = []
    record = pipeline.run(row, Store(cell.store), Path(cell.store) / "previews", told.append)
    steps = [what for what in told if what.startswith("training step")]
    return {**row.record(), "store": cell.store, **record, "told_steps": steps}


def folder(record: dict[str, Any], stage: str = "generate") -> Path:
    return Path(record["store"]) / record["stages"][stage]


def pixels(record: dict[str, Any]) -> dict[str, np.ndarray]:
    """sample id -> image."""
    place = folder(record)
    table = pd.read_parquet(place / "samples.parquet")
    return {s: np.asarray(Image.open(place / f)) for s, f in zip(table["sample_id"], table["file"], strict=True)}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Five images of others, one of them broken off."""
    place = tmp_path / "pictures"
    (place / "more").mkdir(parents=True)
    for i, name in enumerate(("a.png", "b.png", "c.jpg", "more/d.png", "more/e.png")):
        noise = np.random.default_rng(i).integers(0, 255, (64, 64, 3)).astype(np.uint8)
        Image.fromarray(noise).save(place / name)
    (place / "b.png").write_bytes((place / "b.png").read_bytes()[:3000])
    return place


def write_metadata(path: Path, *lines: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def read(place: Path, logo: Subject, said: Path | None = None) -> dict[str, external.Given]:
    given = external.read(External("x", "images", str(place), said and str(said)), ASKED, [0, 2], logo)
    return {one.sample.file.removeprefix("images/"): one for one in given}


def test_images_without_metadata_have_no_prompt_and_seeds_that_no_choice_is_made_by(
    pictures: Path, logo: Subject
) -> None:
    given = read(pictures, logo)
    assert list(given) == ["a.png", "b.png", "c.jpg", "more/d.png", "more/e.png"]
    assert [one.sample.seed for one in given.values()] == [1, 3, 4, 5, 6]
    assert {(one.sample.prompt, one.sample.prompt_id) for one in given.values()} == {("", "external")}


def test_a_prompt_of_the_study_has_the_studys_id_and_another_one_of_its_own(pictures: Path, logo: Subject) -> None:
    said = pictures / "said.jsonl"
    write_metadata(
        said,
        {"file_name": "a.png", "prompt": "a red_hugo_logo on a mug", "seed": 7},
        {"file_name": "b.png", "prompt": "a red logo on a mug"},
        {"file_name": "c.jpg", "prompt": "a cat with a red_hugo_logo", "seed": 0},
    )
    given = {name: one.sample for name, one in read(pictures, logo, said).items()}
    assert [given[name].sample_id for name in ("a.png", "b.png", "c.jpg")] == ["s-1-7", "s-1-1", "external-0-0"]
    assert given["a.png"].class_prompt == "a red logo on a mug"
    assert given["c.jpg"].class_prompt == "a cat with a red logo" and given["more/d.png"].prompt == ""


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"file_name": "z.png", "prompt": "a"}], r"line 1 names 'z\.png', which is not in"),
        ([{"prompt": "a"}], r"line 1 has no file_name and prompt"),
        (
            [{"file_name": "a.png"}, {"file_name": "b.png", "promt": "a"}],
            r"line 2 has 'promt', which is no key of an image; did you mean 'prompt'\?$",
        ),
        ([{"file_name": "a.png", "author": "me"}], r"line 1 has 'author', .*; valid: file_name, prompt, seed$"),
        ([{"file_name": "a.png", "prompt": 3}], r"line 1 has no file_name and prompt"),
        ([{"file_name": "a.png", "prompt": "a", "seed": "1"}], r'line 1 has seed "1"; write a whole number'),
        ([{"file_name": "a.png"}, {"file_name": "a.png"}], r"line 2 names 'a\.png' a second time"),
        (
            [{"file_name": n, "prompt": "a", "seed": 1} for n in ("a.png", "b.png")],
            r"line 2 says prompt and seed 1 a second time",
        ),
    ],
)
def test_metadata_that_is_wrong_is_one_sentence_with_its_line(
    lines: list[dict[str, Any]], said: str, pictures: Path, logo: Subject
) -> None:
    write_metadata(pictures / "metadata.jsonl", *lines)
    with pytest.raises(UserError, match=said) as caught:
        read(pictures, logo)
    assert "\n" not in str(caught.value) and ";" in str(caught.value)


def test_images_of_others_are_scored_or_say_why_not(pictures: Path, make_cell: MakeCell) -> None:
    write_metadata(pictures / "metadata.jsonl", {"file_name": "a.png", "prompt": "a red_hugo_logo", "seed": 1})
    cell = make_cell("metric=[yolo,clip_text,drift]", ONE_PROMPT)
    record = run(cell, "external", External("theirs", "images", str(pictures), None))
    assert (record["cell"], record["method"]) == ("external-theirs", "external-theirs")
    assert set(record["stages"]["score"]) == {"yolo", "clip_text"}  # drift would ask prompts of its own
    images, values, reasons, _ = results.judged([record])
    yolo, text = (dict(zip(images["sample_id"], values[m].notna(), strict=True)) for m in ("yolo", "clip_text"))
    assert [yolo[f"external-{seed}"] for seed in (1, 2, 3, 4)] == [False, True, True, True]  # 1: broken off
    assert [s for s, there in text.items() if there] == ["thesis-0-1"]
    assert set(reasons["clip_text"].dropna()) > {"its prompt is not known; say it in metadata.jsonl, as file_name, "
                                                 "prompt and seed"}  # fmt: skip
    assert reasons["yolo"].dropna().str.startswith("image cannot be read").all()


def test_our_own_images_given_as_anothers_have_the_same_scores(make_cell: MakeCell, tmp_path: Path) -> None:
    cell = make_cell("metric=[yolo,clip_text,clip_image,diversity]", "sample.test_seeds=[1,2]")
    own = run(cell, "base_raw")
    shutil.copytree(folder(own) / "images", tmp_path / "taken")
    table = pd.read_parquet(folder(own) / "samples.parquet")
    lines = zip(table["file"], table["prompt"], table["seed"], strict=True)
    write_metadata(tmp_path / "taken" / "metadata.jsonl",
                   *({"file_name": Path(f).name, "prompt": p, "seed": s} for f, p, s in lines))  # fmt: skip
    theirs = run(cell, "external", External("taken", "images", str(tmp_path / "taken"), None))
    for kind in cell.metrics:
        first, second = (pd.read_parquet(Path(r["store"]) / r["stages"]["score"][kind] / "scores.parquet")
                         for r in (own, theirs))  # fmt: skip
        keys = ["sample_id", "metric"]
        pd.testing.assert_frame_equal(*(t.sort_values(keys, ignore_index=True) for t in (first, second)))


@pytest.mark.parametrize(
    ("method", "kind", "file"),
    [
        ("lora", "lora", "pytorch_lora_weights.safetensors"),
        ("textual_inversion", "embedding", "learned_embeds.safetensors"),
        ("dreambooth", "pipeline", "."),
    ],
)
def test_what_we_trained_given_as_anothers_weights_draws_the_same_images(
    method: str, kind: str, file: str, make_cell: MakeCell
) -> None:
    cell = make_cell(f"method={method}", "train.lr=1e-2", "metric=[drift,yolo]", ONE_PROMPT)
    ours = run(cell, "trained")
    theirs = run(cell, "external", External("theirs", kind, str(folder(ours, "train") / file), None))
    mine, other = pixels(ours), pixels(theirs)
    assert mine.keys() == other.keys() and all(np.array_equal(mine[key], other[key]) for key in mine)
    assert not all(np.array_equal(mine[key], image) for key, image in pixels(run(cell, "base_raw")).items())
    scored = [results.judged([record]) for record in (ours, theirs)]
    pd.testing.assert_frame_equal(scored[0][1], scored[1][1])
    assert scored[1][1]["drift_class"].gt(0).any() and theirs["told_steps"] == []


def test_an_embedding_of_a_web_interface_is_called_by_its_files_name(make_cell: MakeCell, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "my-logo.safetensors"
    save_file({"emb_params": torch.randn(2, 32)}, path)
    record = run(make_cell("metric=[yolo]", ONE_PROMPT), "external", External("e", "embedding", str(path), None))
    assert set(pd.read_parquet(folder(record) / "samples.parquet")["prompt"]) == {"a <my-logo>"}


def weights(tmp_path: Path, name: str, **tensors: tuple[int, ...]) -> str:
    import torch
    from safetensors.torch import save_file

    save_file({key: torch.zeros(shape) for key, shape in tensors.items()}, tmp_path / name)
    return str(tmp_path / name)


@pytest.mark.parametrize(
    ("kind", "make", "said"),
    [
        ("lora", lambda t: str(t / "absent.safetensors"), r"absent\.safetensors is not a safetensors file; give one"),
        ("embedding", lambda t: str(t / "learned.pt"), r"learned\.pt is not a safetensors file; .*no pickle"),
        ("pipeline", lambda t: str(t), r"is not a pipeline's folder; .*model_index\.json"),
        ("images", lambda t: str(t / "absent"), r"absent is not a folder; give"),
        ("images", lambda t: str(t), r"holds no images to score; give"),
        ("lora", lambda t: weights(t, "w.safetensors", other=(2, 2)), r"w\.safetensors .*; set model=\.\.\."),
        ("embedding", lambda t: weights(t, "w.safetensors", sks=(1, 768)), r"width 768, the model has 32; set model="),
        ("embedding", lambda t: weights(t, "w.safetensors", a=(1, 32), b=(1, 32)), r"holds 2 tensors.*; give"),
    ],
)
def test_what_cannot_be_scored_is_one_sentence_with_the_remedy(
    kind: str, make: Callable[[Path], str], said: str, make_cell: MakeCell, tmp_path: Path
) -> None:
    made = External("x", kind, make(tmp_path), None)
    with pytest.raises(UserError, match=said) as caught:
        run(make_cell("metric=[yolo]", ONE_PROMPT), "external", made)
    assert "\n" not in str(caught.value)


def test_another_image_or_prompt_is_another_key_and_the_same_ones_elsewhere_are_not(
    pictures: Path, make_cell: MakeCell, tmp_path: Path
) -> None:
    cell = make_cell("metric=[yolo]", ONE_PROMPT)
    (pictures / "b.png").unlink()

    def key(place: Path) -> str:
        return run(cell, "external", External("x", "images", str(place), None))["stages"]["generate"]

    first = key(pictures)
    shutil.copytree(pictures, tmp_path / "elsewhere")
    assert key(tmp_path / "elsewhere") == first
    write_metadata(pictures / "metadata.jsonl", {"file_name": "a.png", "prompt": "a red_hugo_logo"})
    assert key(pictures) != first
    shutil.copy(pictures / "a.png", tmp_path / "elsewhere" / "c.jpg")
    assert key(tmp_path / "elsewhere") != first


def test_adding_or_changing_a_metric_scores_stored_images_again_and_trains_and_draws_nothing(
    make_cell: MakeCell,
) -> None:
    first = run(make_cell("metric=[yolo]", ONE_PROMPT), "trained")
    assert len(first["told_steps"]) > 0
    kept = [folder(first, "train") / name for name in ("result.json", "loss.parquet", "provenance.json")]
    kept += sorted((folder(first) / "images").iterdir())
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in kept]
    for words in ("metric=[yolo,clip_text]", "metric=[yolo]"):
        again = run(make_cell(words, "metrics.yolo.floor=0.5", ONE_PROMPT), "trained")
        assert again["told_steps"] == []
        assert [again["stages"][s] for s in ("train", "generate")] == [
            first["stages"][s] for s in ("train", "generate")
        ]
        assert again["stages"]["score"]["yolo"] != first["stages"]["score"]["yolo"]
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in kept] == before


def test_the_command_puts_a_row_beside_the_studys_own_and_repeats_without_work(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["score", "--images", "pictures", "study=mine", "metric=[yolo]", "device=cpu", "threads=1"]
    assert cli.main(words) == 0, capsys.readouterr().err
    path = RUNS / "mine" / "external-pictures" / "cell.json"
    first = path.read_text()
    assert (RUNS / "mine" / "external-pictures" / "generate" / "samples.parquet").is_file()
    assert cli.main(words) == 0 and path.read_text() == first
    assert externals("mine") == ["external-pictures"]
    study = RUNS / "mine" / "study.json"
    assert json.loads(study.read_text())["cells"] == ["external-pictures"]
    study.write_text(json.dumps({**json.loads(study.read_text()), "cells": ["base", "external-pictures"]}))
    assert cli.main([*words, "--name", "again"]) == 0
    assert json.loads(study.read_text())["cells"] == ["base", "external-again", "external-pictures"]
    loaded = results.load("mine", RUNS)
    assert loaded.cells["kind"].tolist() == ["external", "external"] and loaded.missing == ["base"]
    assert loaded.images["test"].all() and len(loaded.images) == 10
    assert cli.main(["report", "mine"]) == 0
    board = pd.read_csv("reports/mine/leaderboard.csv")
    assert set(board["method"]) == {"external-pictures", "external-again"} and (board["yolo_n"] == 4).all()
    assert (board["yolo_n_unscored"] == 1).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "score takes one of --images"),
        (["--images", "a", "--lora", "b"], "score takes one of --images"),
        (["--lora", "b", "--prompts", "c"], "--prompts says what --images"),
        (["--image", "a"], "--images"),
        (["--images", "pictures", "--name", "a/b"], "--name is 'a/b'"),
        (["--images", "absent"], "absent is not a folder"),
        (["--images", "pictures", "--prompts", "no.jsonl"], "no.jsonl cannot be read"),
        (["--images", "pictures", "metric=[drift]"], "no metric that is set can judge"),
        (["--images", "pictures", "--study", "smok"], "did you mean 'smoke'"),
    ],
)
def test_a_mistyped_command_is_one_sentence(
    words: list[str], said: str, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert cli.main(["score", *words]) == 2
    err = capsys.readouterr().err
    assert said in err and len(err.splitlines()) == 1, err
