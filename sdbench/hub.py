"""The hub's repositories: which files a loader reads, which of them are here, and bringing the others. Never torch.

huggingface_hub keeps what it downloads under the commit that it came from, and goes on where it was interrupted; a
branch's name then means that commit, with or without a network, until somebody asks for another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sdbench.errors import UserError
from sdbench.needs import LAYOUTS, Hub

STEMS = {"diffusers": r"(diffusion_pytorch_)?model", "transformers": "model", "open_clip": "open_clip_model",
         "open_clip_hub": "open_clip_model"}  # fmt: skip
ANY_WEIGHTS = re.compile(r".*\.(safetensors|bin|msgpack|h5|onnx|onnx_data|pt|pth|ckpt)")
WORDS = ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "vocab.txt",
         "special_tokens_map.json", "added_tokens.json", "spiece.model", "sentencepiece.bpe.model")  # fmt: skip
BESIDE = {  # at the top of a repository, read where they are there
    "diffusers": ("chat_template.jinja", "config.json", "generation_config.json", "preprocessor_config.json",
                  "processor_config.json", "scheduler_config.json", "tokenizer.json", "tokenizer_config.json"),
    "open_clip_hub": WORDS, "tokenizer": WORDS,
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """What is here of a repository. commit: None where nothing is. sizes: bytes of every file that the loader reads,
    None where the hub did not tell. missing: those that are not here. why: it cannot serve, whatever is downloaded.
    """

    commit: str | None = None
    folder: Path | None = None
    sizes: dict[str, int | None] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    why: str | None = None

    @property
    def ready(self) -> bool:
        return self.commit is not None and not self.missing and self.why is None

    def bytes(self, names: Sequence[str]) -> int:
        return sum(self.sizes[name] or 0 for name in names)


def read_by_loader(need: Hub, files: Sequence[str], index: dict[str, object]) -> tuple[list[str], str | None]:
    """Of a repository's files those that its loader reads, and why it cannot: safetensors weights are lacking.

    index: of a diffusers model, its model_index.json. Half-precision files stand in for a part's others where the model
    is wanted in float16 and has them, as diffusers' own `variant` does it.
    """
    top = [name for name in files if name == LAYOUTS[need.layout] or name in BESIDE.get(need.layout, ())]
    if need.layout == "tokenizer":
        return sorted(top), None
    if need.layout != "diffusers":
        weights = _weights(need, [name for name in files if "/" not in name])
        return sorted({*top, *weights}), None if weights else "it has no weights in safetensors"
    found, lacking = list(top), []
    for part, said in index.items():
        inside = [name for name in files if name.startswith(f"{part}/")]
        if not isinstance(said, list) or said[0] is None or part in need.unread:
            continue
        weights = _weights(need, inside)
        if not any(ANY_WEIGHTS.fullmatch(name) for name in inside):
            found += inside
        elif weights:
            found += [*weights, *(name for name in inside if name == f"{part}/config.json")]
        else:
            lacking.append(part)
    return sorted(found), f"it has no {' and '.join(lacking)} in safetensors" if lacking else None


def _weights(need: Hub, files: Sequence[str]) -> list[str]:
    """Weights of one part, with the list of their shards."""

    def like(variant: str) -> list[str]:
        shard, stem = r"(-\d{5}-of-\d{5})?", f"(.*/)?{STEMS[need.layout]}"
        wanted = rf"{stem}{variant}{shard}\.safetensors|{stem}\.safetensors\.index{variant}\.json"
        return [name for name in files if re.fullmatch(wanted, name)]

    half = like(r"\.fp16") if need.dtype == "float16" and need.layout == "diffusers" else []
    return half or like("")


def state(need: Hub) -> State:
    """What is here of it, found without a network."""
    from huggingface_hub import get_cached_repo_tree
    from huggingface_hub.errors import CachedRepoTreeNotFoundError

    index = LAYOUTS[need.layout]
    folder = snapshot(need.repo, need.revision, index)
    if folder is None:
        return State()
    try:
        sizes: dict[str, int | None] = {
            one.path: one.size for one in get_cached_repo_tree(need.repo, revision=folder.name)
        }
    except CachedRepoTreeNotFoundError:  # brought by an older huggingface_hub: what is here is all that is known
        sizes = dict.fromkeys(_inside(folder))
    try:
        content = json.loads((folder / index).read_text()) if need.layout == "diffusers" else {}
    except ValueError:
        return State(folder.name, folder, why=f"its {index} is broken: remove {folder}")
    names, why = read_by_loader(need, list(sizes), content)
    missing = tuple(name for name in names if not (folder / name).is_file())
    return State(folder.name, folder, {name: sizes[name] for name in names}, missing, why)


def snapshot(repo: str, revision: str | None, file: str) -> Path | None:
    """The folder of the repository's files that are here, of the commit that `revision` means; None without `file`."""
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(repo, file, revision=revision)
    return Path(path).parent if isinstance(path, str) else None


def _inside(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def listed(need: Hub) -> State:
    """As `state`, for a repository that nothing is known of here: its list of files is brought, and the one that says
    what it is. Raises UserError where the hub cannot be reached or does not give it.
    """
    _download(need, need.revision, [LAYOUTS[need.layout]])
    return state(need)


def fetch(need: Hub, found: State) -> None:
    """Bring what is missing, at the commit that was found. Raises UserError as `listed`."""
    _download(need, found.commit, list(found.sizes))


def _download(need: Hub, revision: str | None, files: list[str]) -> None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, LocalEntryNotFoundError, RepositoryNotFoundError

    repo = need.repo
    try:
        snapshot_download(repo, revision=revision, allow_patterns=files)
    except GatedRepoError:
        remedy = f"accept its terms at https://huggingface.co/{repo}, then `hf auth login`"
        raise UserError(f"{repo} is given only to who accepted its terms; {remedy}") from None
    except RepositoryNotFoundError:
        raise UserError(f"the hub has no {repo}, or shows it not to you; check the name, or `hf auth login`") from None
    except LocalEntryNotFoundError as error:
        said = str(error.__cause__ or error).splitlines()[0]
        raise UserError(f"{repo} cannot be had from the hub ({said}); fetch it where there is a network") from None
    except OSError as error:  # HfHubHTTPError among them
        said = str(error).splitlines()[0]
        raise UserError(f"{repo} could not be fetched ({said}); the same command goes on from here") from None
