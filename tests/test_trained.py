"""Commands on a cell that has run: pictures by it are the study's own, its weights elsewhere draw the same."""

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
import torch
from diffusers import AutoencoderKL, DiffusionPipeline, StableDiffusionPipeline
from PIL import Image
from safetensors import safe_open

from sdbench import cells, cli, kohya, pipeline
from sdbench.errors import UserError
from sdbench.rows import Row
from sdbench.settings import Cell
from sdbench.stages import Chains
from sdbench.store import Store
from sdbench.sweep.jobs import RUNS, Job, Options
from sdbench.trained import Warm
from tests.tiny_base import SAVE

MakeCell = Callable[..., Cell]
Ran = Callable[..., Path]
PROMPT = "a {subject} on a mug"
SCALED = ["method.adapters.lora.rank=4", "method.adapters.lora.alpha=1", "method.adapters.lora.text_encoder_lr=1e-2",
          "method.adapters.lora.targets=[to_q,to_k,to_v,to_out.0,proj_in,ff.net.2,conv1]"]  # fmt: skip


@pytest.fixture
def ran(make_cell: MakeCell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """A cell run and recorded as a sweep does, in a folder of its own: its place below runs/."""
    monkeypatch.chdir(tmp_path)

    def run(*overrides: str, kind: str = "trained", **said: Any) -> Path:
        cell = make_cell("train.lr=1e-2", "study=mine", f"prompts.templates=['{PROMPT}']", *overrides)
        row = Row(kind, replace(cell, metrics={}, threads=1), list(overrides), "x", "")
        job = Job("sweep", "mine", tmp_path, "yolo", Options(None, None, False), [row], True)
        outcome = pipeline.run(row, Store(cell.store), tmp_path / "previews", lambda what: None)
        job.record(row, {**outcome, **said})
        return job.folder(row)

    return run


def pixels(path: Path | str) -> np.ndarray:
    return np.asarray(Image.open(path))


def drawn(cell: Path, seed: int) -> np.ndarray:
    table = pd.read_parquet(cell / "generate" / "samples.parquet").set_index("seed")
    return pixels(cell / "generate" / table.loc[seed, "file"])


@pytest.mark.parametrize(
    ("kind", "overrides"),
    [
        ("trained", ["method=lora", *SCALED]),
        ("trained", ["method=textual_inversion"]),
        ("trained", ["method=dreambooth"]),
        ("base", []),
        ("base_raw", []),
    ],
    ids=["lora", "embedding", "full", "base", "base_raw"],
)
@pytest.mark.parametrize("subject", ["{subject}", "red_hugo_logo"])
def test_a_studys_prompt_and_seeds_give_its_own_pictures(
    kind: str, overrides: list[str], subject: str, ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = ran(*overrides, kind=kind)
    assert cli.main(["sample", str(cell), f"a {subject} on a mug", "--images", "2"]) == 0
    files = capsys.readouterr().out.splitlines()
    assert len(files) == 2 and {Path(file).parent for file in files} == {cell / "samples"}
    assert all(np.array_equal(pixels(file), drawn(cell, seed)) for seed, file in enumerate(files))


def test_another_prompt_is_another_file_that_says_what_was_asked(
    ran: Ran, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran("method=textual_inversion")
    (name,) = [path.parent.name for path in (RUNS / "mine").glob("*/cell.json")]
    for prompt in ("a {subject}!", "a {subject}?"):
        assert cli.main(["sample", f"mine/{name}", prompt, "--seed", "7", "--images", "1", "--out", "out"]) == 0
    first, second = (Path(line) for line in capsys.readouterr().out.splitlines())
    assert first != second and first.parent == Path("out") and first.name.endswith("-7.png")
    said = json.loads(Image.open(first).info["sdbench"])
    assert (said["prompt"], said["seed"], said["num_inference_steps"]) == ("a <red_hugo_logo>!", 7, 4)


def plain(cell: Path) -> DiffusionPipeline:
    path = json.loads((cell / "cell.json").read_text())["settings"]["model"]["path"]
    return DiffusionPipeline.from_pretrained(path, safety_checker=None, use_safetensors=True)


def draw(pipe: DiffusionPipeline, words: str, scheduler: str = "ddim", guidance_scale: float = 3.0) -> np.ndarray:
    from sdbench.generate import create_scheduler

    pipe.set_progress_bar_config(disable=True)
    pipe.scheduler = create_scheduler(scheduler, pipe.scheduler.config)
    for module in pipe.components.values():
        if isinstance(module, torch.nn.Module):
            module.to(memory_format=torch.channels_last)
    asked = {"num_inference_steps": 4, "guidance_scale": guidance_scale, "height": 64, "width": 64}
    noise = [torch.Generator().manual_seed(seed) for seed in (0, 1)]
    return np.asarray(pipe(prompt=[PROMPT.format(subject=words)] * 2, generator=noise, **asked).images[0])


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """But for the last of 255 levels: a scale is multiplied in another order."""
    return int(np.abs(first.astype(int) - second).max()) <= 1


def test_a_lora_for_kohya_draws_the_cells_picture_in_a_plain_pipeline_though_alpha_is_not_the_rank(ran: Ran) -> None:
    cell = ran("method=lora", *SCALED, "train.steps=8")
    assert cli.main(["export", str(cell), "--format", "kohya", "--out", "out"]) == 0
    pipe = plain(cell)
    untuned = draw(pipe, "red_hugo_logo")
    pipe.load_lora_weights("out", weight_name=f"{cell.name}.safetensors", local_files_only=True)
    assert same(draw(pipe, "red_hugo_logo"), drawn(cell, 0)) and not same(untuned, drawn(cell, 0))
    with safe_open(f"out/{cell.name}.safetensors", "pt") as file:
        alphas = {key: file.get_tensor(key).item() for key in file.keys() if key.endswith(".alpha")}  # noqa: SIM118
        ranks = {key: len(file.get_tensor(key)) for key in file.keys() if key.endswith("lora_down.weight")}  # noqa: SIM118
    assert {alpha for key, alpha in alphas.items() if key.startswith("lora_unet_")} == {1.0}
    assert {alpha for key, alpha in alphas.items() if key.startswith("lora_te_text_model_encoder_")} == {8.0}
    assert {rank for key, rank in ranks.items() if key.startswith("lora_unet_")} == {4} and len(alphas) == len(ranks)


@pytest.mark.parametrize("form", ["diffusers", "kohya"])
def test_an_exported_embedding_draws_the_cells_picture_in_a_plain_pipeline(form: str, ran: Ran) -> None:
    cell = ran("method=textual_inversion")
    assert cli.main(["export", str(cell), "--format", form]) == 0
    pipe, folder = plain(cell), cell / f"export-{form}"
    (file,) = folder.iterdir()
    token = "<red_hugo_logo>" if form == "diffusers" else file.stem
    assert file.name == {"diffusers": "learned_embeds.safetensors", "kohya": "red_hugo_logo.safetensors"}[form]
    own = {"diffusers": {}, "kohya": {"token": "<mine>"}}[form]
    pipe.load_textual_inversion(str(folder), weight_name=file.name, use_safetensors=True, **own)
    assert same(draw(pipe, own.get("token", token)), drawn(cell, 0))


def said_lines(cell: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `sdbench export` says beside the files that it wrote."""
    capsys.readouterr()
    assert cli.main(["export", str(cell)]) == 0
    return [line for line in capsys.readouterr().out.splitlines() if not Path(line).exists()]


@pytest.mark.parametrize("vectors", [1, 2])
@pytest.mark.parametrize(("family", "scheduler", "guidance_scale"), [
    ("stable_diffusion", "ddim", 3.0), ("stable_diffusion_xl", "euler", 5.0),
])  # fmt: skip
def test_the_lines_that_export_says_load_the_embedding_into_a_plain_pipeline(
    family: str, scheduler: str, guidance_scale: float, vectors: int, ran: Ran,
    on_family: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    one = f"method.adapters.embedding.vectors={vectors}"
    cell = ran("method=textual_inversion", one, *on_family(family), f"sampler={scheduler}",
               f"sampler.guidance_scale={guidance_scale}")  # fmt: skip
    pipe = plain(cell)
    exec("\n".join(said_lines(cell, capsys)), {"pipeline": pipe})
    assert same(draw(pipe, "<red_hugo_logo>", scheduler, guidance_scale), drawn(cell, 0))


def test_where_diffusers_loads_no_words_the_line_says_so(
    ran: Ran, on_family: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    cell = ran("method=textual_inversion", *on_family("stable_diffusion_3"))
    assert not hasattr(plain(cell), "load_textual_inversion")
    (line,) = said_lines(cell, capsys)
    assert line.startswith("# diffusers has no loader of words") and "<red_hugo_logo>" in line


def test_an_sdxl_lora_for_kohya_draws_the_cells_picture_through_diffusers_loader(
    ran: Ran, on_family: Callable[[str], list[str]]
) -> None:
    scaled = [word for word in SCALED if "targets" not in word]
    cell = ran("method=lora", *scaled, "train.steps=8", *on_family("stable_diffusion_xl"))
    assert cli.main(["export", str(cell), "--format", "kohya", "--out", "out"]) == 0
    pipe = plain(cell)
    untuned = draw(pipe, "red_hugo_logo", "euler", 5.0)
    pipe.load_lora_weights("out", weight_name=f"{cell.name}.safetensors", local_files_only=True)
    assert same(draw(pipe, "red_hugo_logo", "euler", 5.0), drawn(cell, 0)) and not same(untuned, drawn(cell, 0))
    with safe_open(f"out/{cell.name}.safetensors", "pt") as file:
        parts = {key.split("_")[1] for key in file.keys()}  # noqa: SIM118
    assert parts == {"unet", "te1", "te2"}


def test_what_is_exported_for_diffusers_is_what_was_saved_and_nothing_else(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = ran("method=dreambooth")
    assert cli.main(["export", str(cell)]) == 0
    folder = cell / "export-diffusers"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"model_index.json", "unet/config.json"} < files and not files & set(cells.RECORDS)
    assert f'DiffusionPipeline.from_pretrained("{folder}")' in capsys.readouterr().out
    assert same(
        draw(StableDiffusionPipeline.from_pretrained(folder, safety_checker=None), "red_hugo_logo"), drawn(cell, 0)
    )


def test_kohyas_names_are_those_of_its_scripts() -> None:
    keys = {
        "unet.down_blocks.0.attentions.1.transformer_blocks.0.attn1.to_out.0": "lora_unet_down_blocks_0_attentions_1_"
                                                                               "transformer_blocks_0_attn1_to_out_0",
        "text_encoder.encoder.layers.0.self_attn.q_proj": "lora_te1_text_model_encoder_layers_0_self_attn_q_proj",
        "text_encoder_2.text_model.encoder.layers.31.mlp.fc1": "lora_te2_text_model_encoder_layers_31_mlp_fc1",
    }  # fmt: skip
    tensors = {f"{key}.lora_{part}.weight": f"{key} {part}" for key in keys for part in "AB"}
    named, alphas = kohya.lora(tensors, {"unet": 2.0, "text_encoder": 4.0, "text_encoder_2": 8.0})
    assert alphas == dict(zip((f"{name}.alpha" for name in keys.values()), (2.0, 4.0, 8.0), strict=True))
    assert named == {
        f"{name}.lora_{part}.weight": f"{key} {letter}"
        for key, name in keys.items() for letter, part in (("A", "down"), ("B", "up"))
    }  # fmt: skip


def test_what_has_no_kohya_form_says_so() -> None:
    for key in ("transformer.blocks.0.attn.to_q.lora_A.weight", "unet.conv_in.lora_magnitude_vector.default.weight"):
        with pytest.raises(UserError, match=r"no name in kohya's format; export it with --format diffusers"):
            kohya.lora({key: 0}, {"unet": 1.0, "transformer": 1.0})


def edit(cell: Path, **said: Any) -> None:
    record = json.loads((cell / "cell.json").read_text())
    kept = {key: value for key, value in {**record, **said}.items() if value != "absent"}
    (cell / "cell.json").write_text(json.dumps(kept))


@pytest.mark.parametrize(
    ("words", "change", "said"),
    [
        (["sample", "mine/lroa-x-seed0", "a"], {}, "did you mean 'mine/lora-x-seed0'"),
        (["sample", "CELL"], {}, "prompt"),
        (["sample", "CELL", "a", "mug"], {}, "'mug' is neither the prompt nor device=NAME"),
        (["sample", "CELL", "a {subjct}"], {}, "{subjct}, which stands for nothing; write {subject} or {class_words}"),
        (["sample", "CELL", "a", "device=gpu"], {}, "device is 'gpu'"),
        (["sample", "CELL", "a", "--images", "0"], {}, "--images is 0"),
        (["sample", "CELL", "a", "--seed", "-1"], {}, "--seed"),
        (["sample", "CELL", "a"], {"settings": "absent"}, "lacks the cell's settings; run the command of study 'mine'"),
        (["export", "CELL"], {"settings": {}}, "of another version (model is missing"),
        (["export", "CELL"], {"status": "diverged", "cause": "loss"}, "no finished training: diverged (loss)"),
        (["export", "CELL"], {"stages": {}, "status": "failed"}, "no finished training: failed"),
        (["sample", "CELL", "a"], {"kind": "real"}, "'real', which is no model of ours"),
        (["export", "CELL"], {"stages": {"train": "train/0"}}, "which is gone; run the command of study 'mine' again"),
        (["export", "CELL", "--format", "koyha"], {}, "did you mean 'kohya'"),
    ],
)
def test_what_cannot_be_drawn_or_exported_is_one_sentence(
    words: list[str], change: dict[str, Any], said: str, ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = ran("method=lora")
    edit(cell, **change)
    assert cli.main([str(cell) if word == "CELL" else word for word in words]) == 2
    err = capsys.readouterr().err
    assert said in err and len(err.splitlines()) == 1, err


def test_a_pipeline_has_no_kohya_form_and_the_base_nothing_to_export(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    for cell, form in ((ran("method=dreambooth"), "kohya"), (ran(kind="base"), "diffusers")):
        assert cli.main(["export", str(cell), "--format", form]) == 2
    whole, base = capsys.readouterr().err.splitlines()
    assert "whole pipeline, which has no kohya form" in whole and "learnt nothing" in base


def test_weights_that_were_let_go_are_told_of_with_how_they_are_trained_anew(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = ran("method=lora", "train.keep=scores")
    found = cells.find(str(cell), RUNS)
    assert found.trained is not None
    files = [path.relative_to(found.trained).as_posix() for path in cells.weights(found.trained)]
    found.store.shed(found.trained, files)
    assert cli.main(["export", str(cell)]) == 2
    err = capsys.readouterr().err
    assert "has let go of its weights (train.keep=scores)" in err and "train.keep=all" in err


def test_another_base_in_the_place_of_the_one_trained_on_is_told_of(
    ran: Ran, tiny_base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "base"
    shutil.copytree(tiny_base, place)
    cell = ran("method=lora", f"model.path={place}")
    (place / "scheduler" / "more.json").write_text("{}")
    assert cli.main(["sample", str(cell), "a mug"]) == 2
    assert "is not what" in capsys.readouterr().err


def test_a_training_kept_in_memory_serves_later_checkpoints_of_its_own_trajectory_alone(
    make_cell: MakeCell, tmp_path: Path
) -> None:
    def weights(store: str, warm: Warm, rate: float, steps: int) -> tuple[bytes, int]:
        cell = make_cell("method=lora", f"train.lr={rate}", f"train.steps={steps}")
        row, kept = Row("trained", replace(cell, metrics={}, threads=1), [], "", ""), Store(tmp_path / store)
        pipeline.train(row, kept, tmp_path / "previews", lambda what: None, warm)
        train = Chains(kept.identity).of(row).train
        assert train is not None
        folder = kept.root / train.path
        steps_run = json.loads((folder / "result.json").read_text())["steps_run"]
        return (folder / "pytorch_lora_weights.safetensors").read_bytes(), steps_run

    def states() -> list[str]:
        return sorted(path.name.split("-")[1] for path in (tmp_path / "kept/trajectory").glob("*/state-*"))

    warm = Warm()
    for rate, steps, run, saved in (
        (1e-3, 2, 2, []), (1e-3, 6, 4, []), (1e-3, 4, 4, ["6"]), (1e-2, 4, 4, ["6"]), (1e-2, 6, 2, ["6"]),
        (1e-3, 7, 1, ["6", "6"]),
    ):  # fmt: skip
        bits, steps_run = weights("kept", warm, rate, steps)
        assert bits == weights(f"alone-{rate}-{steps}", Warm(), rate, steps)[0]
        assert warm.run is not None and (warm.run.step, steps_run, states()) == (steps, run, saved)
    warm.leave()
    assert warm.run is None and states() == ["6", "7"]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("family", SAVE)
def test_previews_of_a_training_in_mixed_precision_are_decoded_as_without_it(
    family: str, dtype: str, ran: Ran, on_family: Callable[[str], list[str]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    seen: list[tuple[bool, torch.dtype, torch.dtype]] = []
    own = AutoencoderKL.decode

    def decode(vae: Any, latents: torch.Tensor, *rest: Any, **options: Any) -> Any:
        seen.append((torch.is_autocast_enabled("cpu"), latents.dtype, vae.dtype))
        return own(vae, latents, *rest, **options)

    monkeypatch.setattr(AutoencoderKL, "decode", decode)
    words = [*on_family(family), f"model.dtype={dtype}", "train.mixed_precision=bf16", "train.preview_every=2"]
    ran("method=lora", *words)
    wanted = {(False, getattr(torch, dtype), getattr(torch, dtype))}
    assert list((tmp_path / "previews").glob("*.png")) and set(seen) == wanted
