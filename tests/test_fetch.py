"""What a study needs from the hub: exactly the files that its loaders read, asked of a hub on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hub_server import Hub, commit_of, serving

from sdbench import config, hub, wanted
from sdbench.errors import UserError
from sdbench.needs import Hub as Repository

ROOT = Path(__file__).parent.parent
SD, DINO = "someone/tiny-sd", "someone/tiny-dino"
UNREAD = ("safety_checker", "feature_extractor", "image_encoder")
Fetch = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with much that is not read beside what is, and an image encoder."""
    from safetensors.torch import load_file, save_file
    from transformers import ViTConfig, ViTModel

    from tests.tiny_base import save_tiny_base

    root = tmp_path_factory.mktemp("hub")
    save_tiny_base(root / SD)
    for name in ("unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model", "text_encoder/model"):
        whole = load_file(root / SD / f"{name}.safetensors")
        half = {key: value.half() if value.is_floating_point() else value for key, value in whole.items()}
        save_file(half, root / SD / f"{name}.fp16.safetensors")
        for ending in ("bin", "fp16.bin", "non_ema.safetensors"):
            (root / SD / f"{name}.{ending}").write_bytes(b"never read")
    (root / SD / "safety_checker").mkdir()
    for name in ("safety_checker/model.safetensors", "safety_checker/config.json", "whole.safetensors", "README.md"):
        (root / SD / name).write_text("{}")
    vit = ViTConfig(hidden_size=32, num_attention_heads=2, num_hidden_layers=1, intermediate_size=32)
    ViTModel(vit).save_pretrained(root / DINO)
    (root / DINO / "pytorch_model.bin").write_bytes(b"never read")
    return root


@pytest.fixture
def server(repositories: Path) -> Iterator[Hub]:
    with serving(repositories) as running:
        yield running


@pytest.fixture
def run(server: Hub, tmp_path: Path) -> Fetch:
    """A process of its own, for huggingface_hub reads its settings once: Python code, or words of the command."""

    def process(*words: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        command = ["-c", code] if code else ["-m", "sdbench.cli", *words]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
        own = {"HF_ENDPOINT": server.url, "HF_HOME": str(tmp_path / "hf"), "PYTHONPATH": str(ROOT), **environment}
        return subprocess.run(
            [sys.executable, *command], env={**kept, **own}, cwd=tmp_path, capture_output=True, text=True
        )

    return process


STUDY = [f"model.path={SD}", "metric=[dino]", f"metrics.dino.model={DINO}"]
LOAD = f"""
from sdbench import backbones, config
cell = config.compose_cell({STUDY!r} + ["device=cpu"])
pipeline = backbones.load(cell.model, "cpu").pipeline
from sdbench.metrics.base import selfsupervised
selfsupervised.load(cell.metrics["dino"].model, 2, "cpu").load()
"""


def names(sent: list[str], repo: str) -> set[str]:
    return {file.removeprefix(f"{repo}/") for file in sent if file.startswith(f"{repo}/")}


@pytest.mark.endurance
def test_a_fetched_study_loads_without_a_network_and_with_one_asks_for_no_further_file(
    run: Fetch, server: Hub, repositories: Path
) -> None:
    done = run("fetch", *STUDY)
    assert done.returncode == 0, done.stderr
    sent = list(server.sent)
    assert len(sent) == len(set(sent)) and names(sent, DINO) == {"config.json", "model.safetensors"}
    weights = {name for name in names(sent, SD) if name.endswith((".safetensors", ".bin"))}
    assert weights == {"unet/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.safetensors",
                       "text_encoder/model.safetensors"}  # fmt: skip
    assert not any(name.startswith(("safety_checker", "whole", "README")) for name in names(sent, SD))
    for environment in ({"HF_HUB_OFFLINE": "1"}, {}):
        loaded = run(code=LOAD, **environment)
        assert loaded.returncode == 0, loaded.stderr
    assert server.sent == sent
    again = run("fetch", *STUDY, HF_HUB_OFFLINE="1")
    assert again.returncode == 0 and again.stdout.count("all here") == 2 and server.sent == sent


def test_in_float16_the_half_precision_files_are_fetched_and_loaded(run: Fetch, server: Hub) -> None:
    words = [STUDY[0], "metric=[yolo]", "model.dtype=float16"]
    done = run("fetch", *words)
    assert done.returncode == 0, done.stderr
    weights = {name for name in names(server.sent, SD) if name.endswith((".safetensors", ".bin"))}
    assert len(weights) == 3 and all(".fp16." in name for name in weights)
    loaded = run(code=LOAD.partition("from sdbench.metrics")[0].replace(repr(STUDY), repr(words)), HF_HUB_OFFLINE="1")
    assert loaded.returncode == 0, loaded.stderr


def test_it_says_how_much_it_is_and_which_commit_before_it_starts(run: Fetch, repositories: Path) -> None:
    lines = run("fetch", *STUDY).stdout.splitlines()
    size = sum((repositories / DINO / name).stat().st_size for name in ("config.json", "model.safetensors"))
    said = next(line for line in lines if line.startswith("metric dino: "))
    assert f"{DINO} at {commit_of(DINO)}: 2 files, {size / 1e6:.1f} MB" in said and "to fetch" in said
    assert lines.index(said) < lines.index(f"{SD} is here, at {commit_of(SD)}")


def test_what_was_interrupted_goes_on_with_the_files_that_lack(run: Fetch, server: Hub, tmp_path: Path) -> None:
    assert run("fetch", *STUDY).returncode == 0
    (file,) = (tmp_path / "hf").rglob("snapshots/*/unet/*.safetensors")
    file.resolve().unlink()
    file.unlink()
    server.sent.clear()
    assert "to fetch" in run("fetch", *STUDY).stdout
    assert server.sent == [f"{SD}/unet/diffusion_pytorch_model.safetensors"]


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        ([], {"HF_ENDPOINT": "http://127.0.0.1:9"}, "cannot be had from the hub"),
        ([], {"HF_HUB_OFFLINE": "1"}, "cannot be had from the hub"),
        (["model.path=someone/absent"], {}, "the hub has no someone/absent"),
        ([f"model.path={DINO}"], {}, "is no repository of this kind"),
    ],
)
def test_what_cannot_be_had_is_one_sentence(
    words: list[str], environment: dict[str, str], said: str, run: Fetch
) -> None:
    done = run("fetch", *STUDY, *words, **environment)
    own = [line for line in done.stderr.splitlines() if line.startswith("sdbench: ")]
    assert (done.returncode, len(own), "Traceback" in done.stderr) == (2, 1, False), done.stderr
    assert said in own[0]


def test_what_ships_needs_nothing_from_the_hub(run: Fetch, server: Hub) -> None:
    done = run("fetch", HF_HUB_OFFLINE="1")
    assert (done.returncode, done.stdout) == (0, "nothing here comes from the hub\n"), done.stderr


INDEX = {"_class_name": "x", "unet": ["diffusers", "UNet2DConditionModel"], "tokenizer": ["transformers", "x"],
         "safety_checker": ["diffusers", "x"], "image_encoder": [None, None]}  # fmt: skip
FILES = [
    "model_index.json", "README.md", "unet/config.json", "unet/diffusion_pytorch_model.bin", "tokenizer/vocab.json",
    "safety_checker/model.safetensors", "unet/diffusion_pytorch_model.safetensors", "v1.ckpt",
]  # fmt: skip


def read(files: list[str], dtype: str = "float32") -> tuple[set[str], str | None]:
    found, why = hub.read_by_loader(Repository("a/b", None, "diffusers", dtype, UNREAD), files, INDEX)
    return {name for name in found if name.endswith(("safetensors", "json")) and "unet/d" in name}, why


def test_half_precision_files_are_read_where_the_model_is_wanted_in_it_and_has_them() -> None:
    whole, half = (f"unet/diffusion_pytorch_model{middle}.safetensors" for middle in ("", ".fp16"))
    assert read([*FILES, half]) == ({whole}, None)
    assert read([*FILES, half], "bfloat16") == ({whole}, None)
    assert read([*FILES, half], "float16") == ({half}, None)
    assert read(FILES, "float16") == ({whole}, None)


def test_shards_come_with_their_index_and_weights_without_safetensors_are_told_of() -> None:
    stem = "unet/diffusion_pytorch_model"
    shards = {f"{stem}-0000{i}-of-00002.safetensors" for i in (1, 2)} | {f"{stem}.safetensors.index.json"}
    rest = [name for name in FILES if name != f"{stem}.safetensors"]
    assert read([*rest, *shards]) == (shards, None)
    assert read(rest) == (set(), "it has no unet in safetensors")


def test_every_study_says_what_it_needs_and_presets_need_what_their_papers_name() -> None:
    for path in config.EXPERIMENTS.glob("*/study.yaml"):
        found = wanted.of([cell for _, cell in config.load_study(path.parent.name).cells])
        assert found.troubles == {} and found.hub() == {}, path
    cells = [config.compose_cell(["model=sd15", "metric=[dreambench,peft_comparison,ocr]"])]
    needs = {(need.repo, need.layout): who for need, who in wanted.of(cells).hub().items()}
    assert needs == {
        ("stable-diffusion-v1-5/stable-diffusion-v1-5", "diffusers"): "model sd15",
        ("facebook/dino-vits16", "transformers"): "metric dreambench",
        ("timm/vit_base_patch32_clip_224.openai", "open_clip"): "metric dreambench",
        ("facebook/dinov2-base", "transformers"): "metric peft_comparison",
    }


def test_a_metric_that_cannot_say_what_it_needs_is_a_trouble_beside_the_others() -> None:
    cell = config.compose_cell(["model=sd15", "metric=[diversity,dino]", "metrics.diversity.lpips=/nowhere"])
    found = wanted.of([cell])
    assert list(found.troubles) == ["metric diversity", "subject red_hugo_logo"]  # whose pictures are small for SD 1.5
    assert "LPIPS lacks" in found.troubles["metric diversity"] and list(found.hub().values()) == ["model sd15"]


def test_a_full_disk_is_told_of_before_anything_is_brought(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from sdbench import fetching

    free = shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: free)
    with pytest.raises(UserError, match="free, and 2.0 MB are to come; free space, or set HF_HOME"):
        fetching._check_room(2_000_000)
