"""The bench: numbers read right, loops proved equal, speed only where they are."""

from __future__ import annotations

import importlib
import math
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
import yaml
from diffusers import StableDiffusionPipeline, UNet2DConditionModel

from sdbench import backbones, config, devices
from sdbench.bench import bases, equality, measure, page, run, side
from sdbench.bench.measure import Must
from sdbench.bench.rows import lora_step, packed_arms, prior_step, sweep
from sdbench.bench.rows.base import prove, step
from sdbench.bench.rows.lora_step import TRAINING as LORA
from sdbench.bench.settings import Bench, Grid, Packs, Settings, Sweep, load
from sdbench.bench.side import PRE_COMPUTE, Pace, Spec
from sdbench.bench.sides import arm
from sdbench.errors import UserError


@pytest.fixture
def tiny_bench(tiny_base: Path, tmp_path: Path) -> Bench:
    overrides = [f"model.path={tiny_base}", "device=cpu", "threads=1", "train.batch_size=2"]
    must = dict.fromkeys(
        ("lora_step", "full_step", "prior_step", "embedding_step", "generation", "workers", "sweep"), ">= 0.001"
    )
    axes = Sweep(
        ["train.lr=1e-3,1e-4"],
        [
            "method=lora",
            "method.captions=instance",
            "train.steps=2",
            "metric=[ocr]",
            "sampler.num_inference_steps=2",
            "prompts.templates=['a {subject}']",
        ],
        rounds=1,
        ours=["sweep.pack=2"],
        reference_arms=1,
    )
    packs = [Packs("lora", ["train.lr=1e-3,1e-4"], [2], ">= 0.001", proved=None)]
    settings = Settings(overrides, None, ["no"], 6, 1, 2, 2, 2, Grid(4, 2, 1), axes, [], packs,
                        {**must, "steps_grid": "<= 1000"})  # fmt: skip
    return Bench("tiny", settings, None, tmp_path / "work", [])


def test_sides_take_turns_so_that_a_steady_drift_falls_on_all_alike() -> None:
    assert measure.order("ABC", 2) == list("ABCCBA") * 2
    drifting = {"ours": [1.0, 1.3, 1.4, 1.7], "reference": [2.2, 2.4, 3.0, 3.2]}  # slower by 0.1 a block: 2x at once
    assert measure.ratio(drifting["reference"], drifting["ours"]).value == pytest.approx(2.0)


def test_a_ratio_is_the_geometric_mean_of_rounds_and_has_no_interval_below_two() -> None:
    assert measure.ratio([2, 2, 8, 8], [1, 1, 1, 1]).value == pytest.approx(4.0)
    once = measure.ratio([3, 3], [1, 1])
    assert (once.value, once.low, once.high) == (pytest.approx(3.0), None, None)


def test_blocks_that_make_no_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match="no rounds"):
        measure.ratio([1, 2, 3], [1, 2, 3])


@pytest.mark.parametrize(
    ("must", "values", "said"),
    [
        (">= 1.3", [1.4, 1.4, 1.5, 1.5], "held"),
        (">= 1.3", [1.2, 1.2, 1.25, 1.25], "missed"),
        (">= 1.3", [1.2, 1.2, 1.5, 1.5], "undecided"),
        ("<= 1.05", [1.02, 1.02, 1.03, 1.03], "held"),
        ("<= 1.05", [1.2, 1.2, 1.25, 1.25], "missed"),
    ],
)
def test_a_bound_is_held_or_missed_only_where_the_whole_interval_says_so(
    must: str, values: list[float], said: str
) -> None:
    assert measure.verdict(Must.read(must), measure.ratio(values, [1.0] * len(values))) == said


def test_one_off_costs_are_won_back_by_faster_steps_or_never() -> None:
    assert measure.break_even(10, 4, 0.1, 0.4) == pytest.approx(20)
    assert measure.break_even(3, 4, 0.5, 0.4) == 0
    assert measure.break_even(10, 4, 0.5, 0.4) is None


def test_losses_are_equal_within_what_precision_alone_moves_them() -> None:
    exact, single = [1.0, 2.0], [1.0 + 1e-6, 2.0]
    assert equality.compare([1.0, 2.0], single, exact).passed
    assert not equality.compare([1.0, 2.001], single, exact).passed
    assert not equality.compare([1.0, math.nan], single, exact).passed


def test_a_bench_that_is_none_or_a_key_that_is_none_is_named() -> None:
    with pytest.raises(UserError, match="mikroworld"):
        load("mikroworld", {})
    with pytest.raises(UserError, match="round"):
        load("microworld", {"round": 3})


def answers(spec: Spec, *wanted: int) -> list[dict[str, Any]]:
    """What a side says that runs in this process, which has imported all that it needs."""
    ours, theirs = multiprocessing.Pipe()
    for steps in wanted:
        ours.send(steps)
    spec.folder.mkdir(parents=True)
    side.run(spec, Pace(theirs, time.perf_counter(), spec.steps if spec.fixed else None))
    said = []
    while ours.poll():
        said.append(ours.recv())
    return said


def here(spec: Spec) -> list[float]:
    losses: list[float] = answers(spec, spec.steps + 1)[-1]["losses"]
    return losses


@pytest.mark.parametrize("name", ["lora_step", "full_step", "embedding_step"])
def test_the_plain_loop_has_the_losses_of_sdbench(tiny_bench: Bench, name: str) -> None:
    training = importlib.import_module(f"sdbench.bench.rows.{name}").TRAINING
    (one,) = prove(tiny_bench, training, here).values()
    assert one.passed and one.steps == 6, one


def test_with_a_prior_the_plain_loop_has_the_losses_of_sdbench(tiny_bench: Bench) -> None:
    words = ["method.prior.sampler.num_inference_steps=2", "method.prior.images=3"]
    training = replace(prior_step.TRAINING, overrides=[*prior_step.TRAINING.overrides, *words])
    prior_step.draw(tiny_bench, training)
    (one,) = prove(tiny_bench, training, here).values()
    assert one.passed and one.steps == 6, one


def test_arms_of_a_pack_are_proved_beside_themselves_alone(tiny_bench: Bench) -> None:
    (packs,) = tiny_bench.settings.packs
    one = packed_arms.prove(tiny_bench, packed_arms.case_of(tiny_bench, packs, 2, None), here)
    assert one.passed and one.steps == 2 * 6 and one.allowed < 1e-5, one


def test_a_training_that_the_reference_does_otherwise_is_not_timed(tiny_bench: Bench) -> None:
    unlike = replace(LORA, overrides=[*LORA.overrides, "train.schedule=linear", "train.lr=1e-1"])
    found = step(tiny_bench, unlike, "lora_step", here)
    assert not found.lines and "not timed" in found.notes[0]
    assert "| **no** |" in page.page("bench", {}, {"lora_step": found})


@pytest.mark.endurance
def test_sides_are_timed_in_processes_of_their_own_and_shown_beside_what_they_cost_once(tiny_bench: Bench) -> None:
    found = step(tiny_bench, LORA, "lora_step", here)
    assert {(line.verdict, line.our_seconds.n) for line in found.lines if line.must} == {("held", 4)}
    assert all(line.our_peak_bytes > 10**8 for line in found.lines)
    assert set(found.once[0].seconds) == {"import", "load", "cache"}
    rows = page.frame({"lora_step": found})
    flags = "best flags", "best flags + channels_last"
    assert list(rows["reference"]) == [*(f"loop, {one}, float32" for one in flags), "loop, defaults"]
    assert (rows["ratio"] > 0).all() and "| held |" in page.page("bench", {}, {"lora_step": found})


def test_an_image_of_a_batch_is_a_step_of_generation(tiny_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, own = list[int](), StableDiffusionPipeline.__call__

    def counted(pipeline: Any, **asked: Any) -> Any:
        drawn.append(len(asked["prompt"]))
        return own(pipeline, **asked)

    monkeypatch.setattr(StableDiffusionPipeline, "__call__", counted)
    spec = Spec("generation", [*tiny_bench.settings.overrides, "sampler.num_inference_steps=2"],
                tiny_bench.work / "generation", 1, flags=["2"])  # fmt: skip
    blocks = [said["block"] for said in answers(spec, 2, 4, 0) if "block" in said]
    assert [block.steps for block in blocks] == [2, 4] and drawn[:3] == [2, 2, 2]


def test_a_grid_of_checkpoints_is_one_step_and_leaves_no_store(tiny_bench: Bench) -> None:
    words = [*tiny_bench.settings.overrides, *LORA.overrides]
    spec = Spec("checkpoints", words, tiny_bench.work / "grid", 4, flags=["2"])
    blocks = [said["block"] for said in answers(spec, 1, 1, 0) if "block" in said]
    assert [block.steps for block in blocks] == [1, 1]


def test_an_arm_of_the_reference_is_trained_drawn_and_scored(tiny_bench: Bench) -> None:
    words = config.expand([*tiny_bench.settings.overrides, *tiny_bench.settings.sweep.overrides])[0]
    spec = Spec("arm", words, tiny_bench.work / "arm", 2, flags=[PRE_COMPUTE])
    assert [said["block"].steps for said in answers(spec, 1, 0) if "block" in said] == [1]
    assert (spec.folder / "trained" / arm.WEIGHTS).is_file()
    assert len(list((spec.folder / "drawn" / "images").iterdir())) == 6  # one prompt, six seeds
    assert (spec.folder / "ocr" / "scores.parquet").is_file()


def test_the_first_arm_of_the_reference_draws_a_priors_pictures_for_all(tiny_bench: Bench) -> None:
    prior = ["method=dreambooth_lora", "method.prior.images=3", "method.prior.sampler.num_inference_steps=2"]
    words = config.expand([*tiny_bench.settings.overrides, *tiny_bench.settings.sweep.overrides, *prior])[0]
    drawn = []
    for name in ("0", "1"):
        spec = Spec("arm", words, tiny_bench.work / "sweep" / name, 2, flags=[PRE_COMPUTE])
        assert [said["block"].steps for said in answers(spec, 1, 0) if "block" in said] == [1]
        images = (tiny_bench.work / "sweep").glob("class_images/images/*")
        drawn.append({path.name: path.stat().st_mtime_ns for path in images})
    assert len(drawn[0]) == 3 and drawn[0] == drawn[1]


def test_of_arms_that_were_not_run_the_first_ones_own_work_is_not_counted_again() -> None:
    assert sweep._of_all([10.0, 4.0, 6.0], 3) == 20.0
    assert sweep._of_all([10.0, 4.0, 6.0], 5) == 30.0 and sweep._of_all([10.0], 3) == 30.0


SMALL = {"block_out_channels": [8, 8, 8, 8], "norm_num_groups": 4}
TEXT = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2, "num_hidden_layers": 3}
SHRUNK = {
    "sd15": {"text_encoder": TEXT, "vae": SMALL, "unet": {**SMALL, "cross_attention_dim": 16, "attention_head_dim": 2}},
    "sdxl": {
        "text_encoder": TEXT, "text_encoder_2": {**TEXT, "projection_dim": 16}, "vae": SMALL,
        "unet": {"block_out_channels": [8, 8, 8], "norm_num_groups": 4, "cross_attention_dim": 32,
                 "attention_head_dim": 2, "transformer_layers_per_block": [1, 1, 1], "addition_time_embed_dim": 4,
                 "projection_class_embeddings_input_dim": 16 + 6 * 4},
    },
}  # fmt: skip


def shrunk(name: str) -> dict[str, Any]:
    """An architecture of few channels."""
    plain = yaml.safe_load((bases.ARCHITECTURES / f"{name}.yaml").read_text())
    return {
        key: {**part, **SHRUNK[name].get(key, {})} if isinstance(part, dict) else part for key, part in plain.items()
    }


@pytest.mark.parametrize(("name", "latents_px"), [("sd15", 64), ("sdxl", 128)])
def test_a_base_of_an_architecture_has_its_sizes_and_loads_as_any_other(
    name: str, latents_px: int, tmp_path: Path
) -> None:
    bases.pipeline(shrunk(name), tmp_path).save_pretrained(tmp_path)
    base = backbones.load(config.compose_cell([f"model={name}", f"model.path={tmp_path}"]).model, "cpu")
    assert base.denoiser.config.sample_size == latents_px
    assert {(tokenizer.model_max_length, len(tokenizer)) for tokenizer in base.tokenizers} == {(77, 49408)}


@pytest.mark.parametrize(("name", "millions"), [("sd15", 859.5), ("sdxl", 2567.5)])
def test_an_architecture_has_as_many_weights_as_what_it_is_named_after(name: str, millions: float) -> None:
    plain = yaml.safe_load((bases.ARCHITECTURES / f"{name}.yaml").read_text())
    with torch.device("meta"):
        unet = UNet2DConditionModel(**plain["unet"])
    assert sum(p.numel() for p in unet.parameters()) / 1e6 == pytest.approx(millions, abs=0.1)


def test_the_plain_loop_has_the_losses_of_sdbench_on_a_base_of_two_text_encoders(
    tiny_bench: Bench, on_family: Callable[[str], list[str]]
) -> None:
    words = [*on_family("stable_diffusion_xl"), "device=cpu", "threads=1", "train.batch_size=2"]
    bench = replace(tiny_bench, settings=replace(tiny_bench.settings, overrides=words))
    asked = lora_step.training(bench)
    assert asked.script.endswith("_sdxl.py")
    (one,) = prove(bench, asked, here).values()
    assert one.steps == 6 and one.difference < 4 * torch.finfo(torch.float32).eps, one  # of a loss near 1: roundings


@pytest.mark.endurance
@pytest.mark.parametrize("name", ["sd15_random", "sdxl_random"])
def test_a_bench_for_accelerators_has_its_base_and_pictures_on_a_shrunken_architecture(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sized = load(name, {})
    assert sized.architecture is not None
    (tmp_path / f"{sized.architecture}.yaml").write_text(yaml.safe_dump(shrunk(sized.architecture)))
    monkeypatch.setattr(bases, "ARCHITECTURES", tmp_path)
    overrides = [word for word in sized.overrides if not word.startswith("device=")]
    overrides += ["device=cpu", "threads=1", "model.resolution_px=128", "sampler.num_inference_steps=2"]
    written = run.bench(name, None, ["generation"], {"overrides": overrides, "rounds": 1, "block_images": 2}, tmp_path)
    assert (pd.read_csv(written.with_suffix(".csv"))["ratio"] > 0).all(), written.read_text()


@pytest.mark.endurance
@pytest.mark.parametrize(
    "row", ["lora_step", "embedding_step", "packed_arms", "steps_grid", "generation", "workers", "sweep"]
)
def test_every_row_is_measured_in_processes_of_its_own(tiny_bench: Bench, row: str) -> None:
    bench = replace(tiny_bench, cores=devices.cores()) if row in ("workers", "sweep") else tiny_bench
    found = importlib.import_module(f"sdbench.bench.rows.{row}").measure(bench)
    asked = [one for one in found.lines if one.must]
    assert [one.verdict for one in asked] == ["held"] * len(asked) and (asked or len(bench.cores) < 2)
    assert row != "sweep" or "extrapolated from 1 of them" in asked[0].reference
