"""A matrix of CLIP image-text similarities beside the published one: a study that trains nothing and has no cells.

It is what experiments/<study>/matrix.yaml says. The pictures are those that scikit-image's wheel carries. Without the
CLIP that the file names there is a reason in place of every number: another CLIP's cosines lie on another scale, and
the microworld's has seen and read nothing but its own small world.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from PIL import Image

from sdbench import markdown
from sdbench.conversion import convert
from sdbench.errors import UserError
from sdbench.metrics.base import clip
from sdbench.plots import similarity
from sdbench.studies.base import StudyTable, write

PAGE = """# {name}

{question}

{section}

![heatmap](figures/heatmap.png)
"""
NOTE = (
    "Cosine of image and text, not scaled; {model}, texts led by {prefix!r}, pictures of scikit-image {version}. {said}"
)
BATCH = 8  # images or texts encoded at once


@dataclass(frozen=True)
class Matrix:
    """experiments/<study>/matrix.yaml. published: reference table there: its first column the captions, the other
    columns the pictures. model, pretrained: open_clip's names. weights: file, null: where the hub's cache has them.
    prefix: put before each caption.
    """

    question: str
    published: str
    model: str
    pretrained: str
    weights: str | None
    prefix: str


def render(name: str, experiments: Path, out: Path = Path("reports")) -> Path:
    """Measure the matrix and write `out/<name>/`: README.md, matrix.{md,csv,tex} and a heat map. The same bytes again.

    Raises UserError naming what is wrong with the study's files.
    """
    path = experiments / name / "matrix.yaml"
    try:
        asked: Matrix = convert(Matrix, yaml.safe_load(path.read_text()), "")
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    published = pd.read_csv(path.parent / asked.published, dtype={0: str}, index_col=0)
    weights = _weights(asked)
    absent = None if weights else (
        f"the weights {asked.model}/{asked.pretrained} are not on this machine, and nothing is fetched: see "
        f"experiments/{name}/README.md"
    )  # fmt: skip
    measured = None
    if weights is not None:
        judge = clip.load(asked.model, str(weights), BATCH, "cpu")
        measured = measure(judge, list(published.index), list(published.columns), asked.prefix)
    folder = out / name
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    beside = {f"Published, by ViT-B/32 on the same pictures ({asked.published})": _shown(published)}
    section = write(folder, "matrix", _table(asked, published, measured, absent), beside)
    similarity.heatmaps({"measured": measured, "published": published}, folder / "figures/heatmap.png")
    page = PAGE.format(name=name, question=markdown.escape(asked.question), section=section)
    (folder / "README.md").write_text(page)
    return folder


def measure(judge: clip.Clip, captions: list[str], pictures: list[str], prefix: str) -> pd.DataFrame:
    """(captions x pictures) cosines of scikit-image's pictures, by file name, and of captions led by `prefix`."""
    images = judge.images(_picture(name) for name in pictures)
    texts = judge.texts([f"{prefix}{caption}" for caption in captions])
    return pd.DataFrame((texts @ images.T).clip(-1, 1), index=captions, columns=pictures)


def compare(measured: pd.DataFrame, published: pd.DataFrame) -> str:
    """In words: the largest difference, and in how many rows the caption's own picture is the most similar."""
    apart = float(np.abs(measured.to_numpy() - published.to_numpy()).max())
    right = int((measured.to_numpy().argmax(1) == published.to_numpy().argmax(1)).sum())
    return (
        f"At most {apart:.3f} from the published numbers, which are rounded to 0.01; in {right} of {len(measured)} "
        "rows the most similar picture is the published one."
    )


def _picture(name: str) -> Image.Image:
    """A picture of scikit-image's wheel; its library is not imported, as that may fetch."""
    spec = importlib.util.find_spec("skimage")
    places = spec.submodule_search_locations if spec else None
    path = Path(*(places or [""])[:1]) / "data" / name
    if not path.is_file():
        raise UserError(f"scikit-image has no picture {path}; install the version that requirements.txt names")
    with Image.open(path) as image:
        return image.convert("RGB")


def _weights(asked: Matrix) -> Path | None:
    """The file with the weights, if it is here."""
    if asked.weights is not None:
        path = Path(asked.weights).expanduser()
        if not path.is_file() or path.suffix != ".safetensors":
            raise UserError(f"weights {asked.weights!r} is no safetensors file; name one, or write null")
        return path
    import open_clip
    from huggingface_hub import try_to_load_from_cache

    known: dict[str, Any] = open_clip.get_pretrained_cfg(asked.model, asked.pretrained)
    home = str(known.get("hf_hub", "")).rstrip("/")
    found = try_to_load_from_cache(home, "open_clip_model.safetensors") if home else None
    return Path(found) if isinstance(found, str) else None


def _table(asked: Matrix, published: pd.DataFrame, measured: pd.DataFrame | None, absent: str | None) -> StudyTable:
    empty = pd.DataFrame(index=published.index, columns=published.columns, dtype=float)
    frame = (empty if measured is None else measured).rename_axis("text").reset_index()
    frame["reason"] = absent
    said = f"Not scored: {absent}." if measured is None else compare(measured, published)
    skimage = importlib.metadata.version("scikit-image")
    note = NOTE.format(model=f"{asked.model}/{asked.pretrained}", prefix=asked.prefix, version=skimage, said=said)
    return StudyTable("CLIP image-text similarity", frame, _shown(empty if measured is None else measured), note)


def _shown(matrix: pd.DataFrame) -> pd.DataFrame:
    words = matrix.map(lambda value: None if pd.isna(value) else f"{value:.2f}")
    return words.rename_axis("text").reset_index()
