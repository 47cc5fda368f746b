"""What a cell learnt as files that other programs load: as diffusers saves it, or as kohya's scripts do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from sdbench import backbones, kohya
from sdbench.adapters.embedding import placeholder
from sdbench.cells import Found, weights
from sdbench.errors import UserError

FORMATS = ("diffusers", "kohya")
LORA, EMBEDDING = "pytorch_lora_weights.safetensors", "learned_embeds.safetensors"  # as adapters save them


def export(found: Found, form: str, folder: Path) -> list[Path]:
    """The files written into `folder`, which is made. Raises UserError for what has no such form."""
    if found.trained is None:
        raise UserError(f"{found.folder} is the untuned base, which learnt nothing; name a cell that was trained")
    with found.store.reading(found.trained):
        if form == "kohya":
            return [_to_kohya(file, found, folder) for file in _files(found.trained)]
        return [_copy(file, folder / file.relative_to(found.trained)) for file in weights(found.trained)]


def how_to_load(found: Found, form: str, written: list[Path]) -> list[str]:
    """Lines that say what to do with the files: Python for diffusers, a place for web interfaces."""
    if form == "kohya":
        return ["put a LoRA among the Loras of your program, and an embedding among its embeddings: its file's name is "
                "the word for the subject in prompts"]  # fmt: skip
    names = {path.name: path for path in written}
    said = [f'pipeline.load_lora_weights("{names[LORA].parent}")'] if LORA in names else []
    said += _load_words(found, names[EMBEDDING]) if EMBEDDING in names else []
    whole = names.get("model_index.json")
    return said or ([f'DiffusionPipeline.from_pretrained("{whole.parent}")'] if whole else [])


def _load_words(found: Found, path: Path) -> list[str]:
    """Vectors of several text encoders are loaded one encoder after the other: the file does not name the word."""
    from safetensors import safe_open

    with safe_open(path, "pt") as content:
        keys = sorted(content.keys(), reverse=True)  # clip_l, of the first encoder, then clip_g
    if len(keys) == 1:
        return [f'pipeline.load_textual_inversion("{path}")']
    word = placeholder(found.cell.subject.identifier)
    if backbones.words_by_hand(found.cell.model):
        return [f"# diffusers has no loader of words for this pipeline: give both tokenizers the word {word} and put "
                f"the rows of clip_l and clip_g into their encoders' tables ({path})"]  # fmt: skip
    places = zip(keys, ("", "_2"), strict=True)
    return [
        "from safetensors.torch import load_file",
        f'learnt = load_file("{path}")',
        *(f'pipeline.load_textual_inversion(learnt["{key}"], token="{word}", tokenizer=pipeline.tokenizer{place}, '
          f"text_encoder=pipeline.text_encoder{place})" for key, place in places),
    ]  # fmt: skip


def _files(trained: Path) -> list[Path]:
    """The files of a training that kohya's format has a form for."""
    files = [trained / name for name in (LORA, EMBEDDING) if (trained / name).is_file()]
    if not files or (trained / "model_index.json").is_file():
        raise UserError(f"{trained} is a whole pipeline, which has no kohya form; export it with --format diffusers")
    return files


def _to_kohya(file: Path, found: Found, folder: Path) -> Path:
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(file, "pt") as content:
        tensors = {key: content.get_tensor(key) for key in content.keys()}  # noqa: SIM118 (it is no mapping)
        metadata = content.metadata() or {}
    if file.name == LORA:
        named, scales = kohya.lora(tensors, _alphas(json.loads(metadata["lora_adapter_metadata"])))
        named |= {name: torch.tensor(float(alpha)) for name, alpha in scales.items()}
        name = found.folder.resolve().name
    else:
        named = kohya.embedding(tensors)
        name = "_".join(found.cell.subject.identifier.split())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.safetensors"
    save_file({key: tensor.contiguous() for key, tensor in named.items()}, path)
    return path


def _alphas(metadata: dict[str, Any]) -> dict[str, float]:
    """Part -> alpha, from what diffusers keeps of peft's configurations. Raises UserError where modules differ."""
    if any(metadata.get(f"{part}.{pattern}") for part in kohya.PREFIXES for pattern in ("alpha_pattern", "use_rslora")):
        raise UserError("the LoRA's modules are scaled one by one, which is not exported; use --format diffusers")
    return {
        key.removesuffix(".lora_alpha"): float(value) for key, value in metadata.items() if key.endswith(".lora_alpha")
    }


def _copy(file: Path, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)
    return to
