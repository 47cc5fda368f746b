"""The doctor: what is wrong is told of with what mends it, and the exit code says whether the study can run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sdbench import cli, config, doctor, footprint, packages, wanted
from sdbench.needs import Tool
from sdbench.settings import Cell
from sdbench.subjects import Subject

ROOT = Path(__file__).parent.parent


def test_the_microworlds_needs_are_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["doctor", "--json", "device=cpu"]) == 0
    said = json.loads(capsys.readouterr().out)
    lines = {line["what"]: line for line in said["lines"]}
    assert said["ready"] and {"packages", "opencv", "disk", "store", "device", "metric ocr"} < set(lines)
    assert "memory of microworld under lora" in lines and list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_here_is_missing_and_the_remedy_is_the_command_that_fetches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["doctor", "--study", "thesis_logo", "model=sd15", "device=cpu"]) == 1
    said = capsys.readouterr().out
    assert "missing  model sd15: stable-diffusion-v1-5/stable-diffusion-v1-5 is not on this machine" in said
    assert "-> sdbench fetch --study thesis_logo model=sd15 device=cpu" in said


@pytest.mark.parametrize(
    ("torch", "vision", "requires", "state", "said"),
    [
        ("2.13.0", "0.28.0", ["numpy", "torch==2.13.0"], "ok", "torch 2.13.0"),
        ("2.13.0+cpu", "0.28.0+cpu", ["torch==2.13.0"], "ok", "+cpu"),
        ("2.12.1", "0.28.0", ["torch==2.13.0"], "missing", "which is for torch 2.13.0"),
        ("2.13.0+cpu", "0.28.0", ["torch==2.13.0"], "missing", "different builds"),
    ],
)
def test_torchvision_is_for_the_torch_that_is_installed(
    torch: str, vision: str, requires: list[str], state: str, said: str
) -> None:
    line = packages.torchvision(torch, vision, requires)
    assert (line.state, said in line.said, line.remedy is None) == (state, True, state == "ok")


def test_two_opencvs_and_one_that_cannot_be_imported_are_told_of() -> None:
    one, two = ["opencv-python-headless"], ["opencv-python", "opencv-python-headless"]
    assert packages.opencv(one, None).state == "ok"
    rivals, broken = packages.opencv(two, None), packages.opencv(one, "ImportError: libGL.so.1")
    assert rivals.state == broken.state == "missing"
    assert "overwrite" in rivals.said and "libGL" in broken.said and "opencv-python-headless" in str(broken.remedy)


@pytest.mark.parametrize(("broken", "what"), [("cv2", "opencv"), ("hydra", "sdbench"), ("PIL", "sdbench")])
def test_a_broken_library_is_a_line_and_no_traceback(broken: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "path" / broken).mkdir(parents=True)
    (tmp_path / "path" / broken / "__init__.py").write_text("raise ImportError('libbroken.so: no such file')")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path / 'path'}:{ROOT}"}
    done = subprocess.run([sys.executable, "-m", "sdbench.cli", "doctor", "device=cpu"], cwd=tmp_path, env=environment,
                          capture_output=True, text=True)  # fmt: skip
    assert (done.returncode, done.stderr) == (1, ""), done.stderr
    assert any(line.startswith(f"missing  {what}: ") and "libbroken" in line for line in done.stdout.splitlines())


def test_a_store_that_cannot_be_written_to_is_told_of() -> None:
    lines = {line.what: line for line in doctor.store(Path("/proc/store"))}
    assert lines["store"].state == "missing" and "store=" in str(lines["store"].remedy)


def test_tools_and_troubles_are_lines() -> None:
    found = wanted.Wanted({Tool("easyocr", "has no weights"): ["metric ocr"], Tool("rapidocr", None): ["metric ocr"]},
                          {"metric dino": "lacks config.json"})  # fmt: skip
    assert [(line.what, line.state, line.said) for line in doctor.needs(found, "")] == [
        ("metric dino", "missing", "lacks config.json"),
        ("metric ocr", "missing", "has no weights"),
        ("metric ocr", "ok", "rapidocr"),
    ]


SHAPES = {"unet/a.to_q.weight": (4, 6), "unet/a.to_q.bias": (4,), "unet/conv.weight": (5, 3, 2, 2), "vae/x": (10,),
          "text_encoder/e": (7,)}  # fmt: skip


def test_the_arithmetic_of_memory_by_hand() -> None:
    def of(*overrides: str) -> int:
        return footprint.training_bytes(SHAPES, "bfloat16", config.compose_cell(overrides).method)

    unet, rest = 24 + 4 + 60, 10 + 7
    assert footprint.frozen_bytes(SHAPES, "bfloat16") == 2 * (unet + rest) == of("method=textual_inversion")
    assert of("method=dreambooth") == 16 * unet + 2 * rest
    assert of("method=dreambooth", "method.adapters.full.text_encoder_lr=1e-5") == 16 * (unet + 7) + 2 * 10
    lora = ["method=lora", "method.adapters.lora.rank=3", "method.adapters.lora.targets=[to_q,conv]"]
    assert of(*lora) == 2 * (unet + rest) + 16 * 3 * ((4 + 6) + (5 + 12))


def test_loras_parameters_are_those_that_peft_makes(
    make_cell: Callable[..., Cell], logo: Subject, tiny_base: Path
) -> None:
    from sdbench import adapters, backbones

    cell = make_cell("method=lora", "method.adapters.lora.rank=3", "method.adapters.lora.targets=[to_q,to_out.0,conv1]")
    shapes = footprint.shapes(doctor.weights(replace(cell.model, path=str(tiny_base))))
    (adapter,) = adapters.create(cell.method, logo, seed=0)
    groups = adapter.attach(backbones.load(cell.model, "cpu"), 1e-3)
    made = sum(parameter.numel() for group in groups for parameter in group["params"])
    assert footprint.lora_parameters(shapes, ["to_q", "to_out.0", "conv1"], 3) == made > 0


@pytest.mark.parametrize(("method", "state"), [("lora", "ok"), ("textual_inversion", "ok"), ("dreambooth", "missing")])
def test_on_a_cpu_full_fine_tuning_alone_holds_the_base_beside_what_learns(
    method: str, state: str, make_cell: Callable[..., Cell], monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = make_cell(f"method={method}")
    need = footprint.training_bytes(footprint.shapes(doctor.weights(cell.model)), cell.model.dtype, cell.method)
    monkeypatch.setattr(doctor, "memory_bytes", lambda device: need + 1)
    (line,) = doctor.memory([cell])
    assert line.state == state
