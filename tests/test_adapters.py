"""Adapters one by one: what is attached, and what a fresh backbone gets back from what was saved."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sdbench import adapters, backbones
from sdbench.errors import UserError
from sdbench.settings import Cell
from sdbench.subjects import Subject
from tests.tiny_base import SAVE

MakeCell = Callable[..., Cell]


def attach(cell: Cell, logo: Subject) -> tuple[backbones.Backbone, adapters.Adapter, list[torch.nn.Parameter]]:
    backbone = backbones.load(cell.model, "cpu")
    (adapter,) = adapters.create(cell.method, logo, seed=0)
    return backbone, adapter, [p for group in adapter.attach(backbone, lr=1e-3) for p in group["params"]]


def test_lora_starts_as_the_base_itself_and_has_the_rank_it_was_given(make_cell: MakeCell, logo: Subject) -> None:
    cell = make_cell("method=lora", "method.adapters.lora.rank=3", "method.adapters.lora.alpha=6")
    backbone, _, learn = attach(cell, logo)
    fresh = backbones.load(cell.model, "cpu")
    latents, times = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(0)), torch.tensor([300])
    losses = [b.loss(latents, latents, times, b.encode_prompts(["a mug"])) for b in (backbone, fresh)]
    assert torch.equal(losses[0], losses[1])
    assert {min(p.shape) for p in learn} == {3}
    assert {m.scaling["default"] for m in backbone.denoiser.modules() if hasattr(m, "scaling")} == {2.0}


def test_text_encoders_lora_has_its_own_rank_and_rate(make_cell: MakeCell, logo: Subject) -> None:
    name = "method.adapters.lora"
    cell = make_cell("method=lora", f"{name}.text_encoder_lr=1e-4", f"{name}.text_encoder_rank=2", f"{name}.rank=5")
    backbone = backbones.load(cell.model, "cpu")
    (adapter,) = adapters.create(cell.method, logo, seed=0)
    unet, text = adapter.attach(backbone, lr=1e-3)
    assert (unet["lr"], text["lr"]) == (1e-3, 1e-4)
    assert ({min(p.shape) for p in unet["params"]}, {min(p.shape) for p in text["params"]}) == ({5}, {2})


@pytest.mark.parametrize("initializer", (None, "blue mug"))
def test_embedding_starts_from_its_initializers_words_one_after_the_other(
    initializer: str | None, make_cell: MakeCell, logo: Subject
) -> None:
    cell = make_cell("method=textual_inversion", "method.adapters.embedding.vectors=3")
    settings = replace(cell.method.adapters["embedding"], initializer=initializer)
    backbone, adapter, (vectors,) = attach(
        replace(cell, method=replace(cell.method, adapters={"embedding": settings})), logo
    )
    first, second = (initializer or "red logo").split()
    tokenizer = backbone.pipeline.tokenizer
    table = backbone.pipeline.text_encoder.get_input_embeddings().weight
    expected = torch.stack([table[tokenizer.convert_tokens_to_ids(word)] for word in (first, second, first)])
    assert torch.equal(vectors, expected) and adapter.words("red_hugo_logo") == "<red_hugo_logo>"


def test_embedding_only_changes_prompts_that_use_it(make_cell: MakeCell, logo: Subject) -> None:
    cell = make_cell("method=textual_inversion")
    backbone, _, (vectors,) = attach(cell, logo)
    fresh = backbones.load(cell.model, "cpu")
    with torch.no_grad():
        vectors += 1.0
        assert torch.equal(*(b.encode_prompts(["a red logo"])["hidden"] for b in (backbone, fresh)))
        moved = backbone.encode_prompts(["a <red_hugo_logo>"])["hidden"]
        vectors -= 1.0
        assert not torch.allclose(moved, backbone.encode_prompts(["a <red_hugo_logo>"])["hidden"])


WIDE = "method.adapters.lora.targets=[to_q,to_k,to_v,to_out.0,proj_in,ff.net.2,conv1]"


@pytest.mark.parametrize(
    "overrides",
    (["method=dreambooth"], ["method=lora"], ["method=lora", WIDE], ["method=textual_inversion"]),
    ids=("full", "lora", "lora with convolutions", "embedding"),
)
def test_what_was_saved_gives_a_fresh_backbone_the_trained_ones_loss(
    overrides: list[str], make_cell: MakeCell, logo: Subject, tmp_path: Path
) -> None:
    cell = make_cell(*overrides)
    backbone, adapter, learn = attach(cell, logo)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in learn:
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    adapter.save(backbone, tmp_path)
    restored = backbones.load(cell.model, "cpu")
    (other,) = adapters.create(cell.method, logo, seed=0)
    other.load(restored, tmp_path)
    latents, times = torch.randn(1, 4, 16, 16, generator=generator), torch.tensor([300])
    prompt = [f"a {adapter.words('red_hugo_logo')}"]
    with torch.no_grad():
        trained, again = (b.loss(latents, latents, times, b.encode_prompts(prompt)) for b in (backbone, restored))
    torch.testing.assert_close(trained, again, rtol=1e-6, atol=0)


@pytest.mark.parametrize("first", ("lora", "embedding"))
def test_lora_on_the_text_encoder_and_new_words_learn_together_in_either_order(
    first: str, make_cell: MakeCell, logo: Subject
) -> None:
    lora = make_cell("method=lora", "method.adapters.lora.text_encoder_lr=1e-3").method.adapters["lora"]
    both = {"lora": lora, "embedding": make_cell("method=textual_inversion").method.adapters["embedding"]}
    cell = make_cell("method=lora")
    method = replace(cell.method, adapters={kind: both[kind] for kind in sorted(both, key=lambda kind: kind != first)})
    backbone = backbones.load(cell.model, "cpu")
    learning = adapters.create(method, logo, seed=0)
    learn = [p for adapter in learning for group in adapter.attach(backbone, 1e-3) for p in group["params"]]
    prompt = f"a {adapters.words(learning, 'red_hugo_logo')}"
    latents = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(0))
    backbone.loss(latents, latents + 1, torch.tensor([500]), backbone.encode_prompts([prompt])).sum().backward()
    assert all(parameter.grad is not None for parameter in learn)
    assert any(parameter is p for p in learn for parameter in backbone.text_encoders[0].parameters())


@pytest.mark.parametrize("family", SAVE)
@pytest.mark.parametrize("method", ["lora", "dreambooth", "textual_inversion"])
def test_the_same_base_at_another_place_is_saved_in_the_same_bytes(
    family: str, method: str, make_cell: MakeCell, logo: Subject, tmp_path: Path, on_family: Callable[[str], list[str]]
) -> None:
    words = on_family(family)
    place = Path(words[1].removeprefix("model.path="))
    shutil.copytree(place, tmp_path / "elsewhere" / "base")
    text = ["method.adapters.lora.text_encoder_lr=1e-2"] if method == "lora" else []
    saved = []
    for path in (place, tmp_path / "elsewhere" / "base"):
        cell = make_cell(f"method={method}", *text, *words, f"model.path={path}")
        backbone, adapter, _ = attach(cell, logo)
        folder = tmp_path / f"saved{len(saved)}"
        folder.mkdir()
        adapter.save(backbone, folder)
        saved.append({file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()})
    assert saved[0] == saved[1] and saved[0]


def test_full_and_lora_of_one_denoiser_exclude_each_other(make_cell: MakeCell, logo: Subject) -> None:
    cell = make_cell("method=lora")
    full = make_cell("method=dreambooth").method.adapters["full"]
    method = replace(cell.method, adapters={**cell.method.adapters, "full": full})
    with pytest.raises(UserError, match="full and lora"):
        adapters.create(method, logo, seed=0)


def test_an_adapters_own_rate_is_taken_even_where_it_is_zero(make_cell: MakeCell, logo: Subject) -> None:
    cell = make_cell("method=lora", "method.adapters.lora.lr=0")
    (adapter,) = adapters.create(cell.method, logo, seed=0)
    (group,) = adapter.attach(backbones.load(cell.model, "cpu"), lr=1e-3)
    assert group["lr"] == 0
