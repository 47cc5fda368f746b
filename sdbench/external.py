"""What others made, to be judged as our own: a folder of images, or weights to draw with. Never torch at import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdbench import subjects
from sdbench.backbones.base import Backbone, owned
from sdbench.errors import UserError, nearest
from sdbench.records import Prompt, Sample
from sdbench.settings import External
from sdbench.subjects import Subject

METADATA, KEYS = "metadata.jsonl", ("file_name", "prompt", "seed")  # what is known of a folder's images


@dataclass(frozen=True)
class Given:
    """An image that is there already."""

    sample: Sample
    path: Path


@dataclass(frozen=True)
class _Line:
    prompt: str
    seed: int | None
    where: str


def identity(external: External, of: Callable[[Path], str]) -> dict[str, Any]:
    """Which weights draw, as settings of a generate stage: a pipeline is a base of its own, the rest goes on top."""
    path = Path(external.path).expanduser()
    if external.kind == "pipeline":
        if not (path / "model_index.json").is_file():
            raise UserError(f"{path} is not a pipeline's folder; give one that diffusers saved, with model_index.json")
        return {"base": of(path)}
    if path.suffix != ".safetensors" or not path.is_file():
        raise UserError(f"{path} is not a safetensors file; give one, for no pickle from outside is ever loaded")
    return {"external": [external.kind, of(path)]}


def put_into(backbone: Backbone, external: External, identifier: str) -> str:
    """Load a LoRA or an embedding into a fresh backbone; returns the words that stand for the subject with it.

    An embedding's are its own token, a LoRA's the identifier. Raises UserError where the weights do not fit.
    """
    path, pipeline = Path(external.path).expanduser(), backbone.pipeline
    try:
        if external.kind == "embedding":
            return _add_embedding(backbone, path)
        for encoder in backbone.text_encoders:
            owned(encoder)  # peft writes into weights for some ways to start, which a file may ask for
        pipeline.load_lora_weights(str(path.parent), weight_name=path.name, local_files_only=True, use_safetensors=True)
    except (ValueError, RuntimeError, KeyError, IndexError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f"{path} does not fit the model ({said}); set model=... to the one that it was made for"
        ) from error
    if not pipeline.get_list_adapters():
        raise UserError(f"{path} has no LoRA weights for this model; set model=... to the one that it was made for")
    return identifier


def _add_embedding(backbone: Backbone, path: Path) -> str:
    """{token: (vectors, width)} as diffusers saves it, {emb_params: ...} as web interfaces do, or a key per encoder."""
    from safetensors.torch import load_file

    tensors, encoders = load_file(path), backbone.text_encoders
    if len(tensors) != len(encoders):
        raise UserError(
            f"{path} holds {len(tensors)} tensors, and an embedding for this model is {len(encoders)}; "
            "give a Textual Inversion's file, or set model=... to the one that it was made for"
        )
    names = backbone.embedding_keys or tuple(tensors)
    if set(names) != set(tensors):
        raise UserError(f"{path} has no {' and '.join(names)}; set model=... to the one that it was made for")
    for name, encoder in zip(names, encoders, strict=True):
        width = encoder.get_input_embeddings().weight.shape[1]
        if tensors[name].shape[-1] != width:
            said = f"{path} is for text encoders of width {tensors[name].shape[-1]}, the model has {width}"
            raise UserError(f"{said}; set model=...")
    token = f"<{path.stem}>" if backbone.embedding_keys or names == ("emb_params",) else names[0]
    backbone.add_words(token, [tensors[name].reshape(-1, tensors[name].shape[-1]) for name in names])
    return token


def read(external: External, asked: Sequence[Prompt], validation_seeds: Sequence[int], subject: Subject) -> list[Given]:
    """The images of a folder with what is known of them. An image whose prompt is not known has an empty one.

    A prompt that the study asks has the study's id, so that its images stand beside the study's own. An image without
    a seed gets the least one that is free; none of these is a validation seed, as nothing is chosen by them. Raises
    UserError naming the file that is missing or wrong.
    """
    folder = Path(external.path).expanduser()
    files = {path.relative_to(folder).as_posix(): path for path in _pictures(folder)}
    if not files:
        raise UserError(f"{folder} holds no images to score; give the folder that they are in")
    said = Path(external.prompts).expanduser() if external.prompts else folder / METADATA
    lines = dict(_lines(said)) if external.prompts or said.is_file() else {}
    for name, line in lines.items():
        if name not in files:
            raise UserError(f"{line.where} names {name!r}, which is not in {folder}; add the image or drop the line")
    known = [(name, lines.get(name, _Line("", None, str(said)))) for name in files]
    ids = _prompt_ids([line.prompt for _, line in known], asked, subject)
    seeds = _seeds([(ids[line.prompt], line) for _, line in known], set(validation_seeds))
    return [
        Given(
            Sample(
                f"{ids[line.prompt]}-{seed}", ids[line.prompt], line.prompt,
                line.prompt.replace(subject.identifier, subject.class_words), seed, f"images/{name}",
            ),
            files[name],
        )
        for (name, line), seed in zip(known, seeds, strict=True)
    ]  # fmt: skip


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder; give the one that the images are in")
    return sorted(path for place in [folder, *folder.rglob("*/")] for path in subjects.files(place))


def _lines(path: Path) -> Iterator[tuple[str, _Line]]:
    seen: set[str] = set()
    for where, row in subjects.rows(path, "file_name and prompt"):
        for key in (key for key in row if key not in KEYS):
            raise UserError(f"{where} has {key!r}, which is no key of an image{nearest(key, KEYS)}")
        name, prompt, seed = row.get("file_name"), row.get("prompt", ""), row.get("seed")
        if not isinstance(name, str) or not isinstance(prompt, str):
            raise UserError(f"{where} has no file_name and prompt that are text; mend that line")
        if seed is not None and (type(seed) is not int or seed < 0):
            raise UserError(f"{where} has seed {json.dumps(seed)}; write a whole number, or leave it out")
        if name in seen:
            raise UserError(f"{where} names {name!r} a second time; leave one line per image")
        seen.add(name)
        yield name, _Line(prompt.strip(), seed, where)


def _prompt_ids(prompts: Sequence[str], asked: Sequence[Prompt], subject: Subject) -> dict[str, str]:
    """Prompt -> id: the study's own where it asks just that, with the identifier or with the class words."""
    known = {
        p.text(words, subject.class_words): p.id for p in asked for words in (subject.class_words, subject.identifier)
    }
    others = [prompt for prompt in dict.fromkeys(prompts) if prompt and prompt not in known]
    return {"": "external", **known, **{prompt: f"external-{i}" for i, prompt in enumerate(others)}}


def _seeds(lines: Sequence[tuple[str, _Line]], validation: set[int]) -> list[int]:
    """Each image's own seed, or the least that is neither taken for its prompt nor a validation seed."""
    taken: dict[str, set[int]] = {prompt: set() for prompt, _ in lines}
    for prompt, line in lines:
        if line.seed is not None:
            if line.seed in taken[prompt]:
                raise UserError(f"{line.where} says prompt and seed {line.seed} a second time; leave out the seed")
            taken[prompt].add(line.seed)
    seeds = []
    for prompt, line in lines:
        seed = line.seed
        if seed is None:
            seed = next(n for n in range(len(lines) + len(validation) + 1) if n not in taken[prompt] | validation)
            taken[prompt].add(seed)
        seeds.append(seed)
    return seeds
