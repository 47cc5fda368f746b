"""The CLIP matrix: measured by a CLIP that ships, and what stands where the published one's weights are absent."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sdbench import similarity
from sdbench.config import EXPERIMENTS
from sdbench.errors import UserError
from sdbench.metrics.base import clip

PUBLISHED = pd.read_csv(EXPERIMENTS / "clip_similarity/clip_similarity.csv", index_col=0)


@pytest.fixture
def without_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the study, on a machine that has nothing of Hugging Face's."""
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda home, name: None)
    shutil.copytree(EXPERIMENTS / "clip_similarity", tmp_path / "clip_similarity")
    return tmp_path


def test_the_matrix_is_every_cosine_of_every_caption_with_every_picture() -> None:
    judge = clip.load("bundled:clip", None, 8, "cpu")
    captions, pictures = list(PUBLISHED.index), list(PUBLISHED.columns)
    got = similarity.measure(judge, captions, pictures, "This is ")
    assert list(got.index) == captions and list(got.columns) == pictures
    alone = similarity.measure(judge, captions[2:3], pictures[4:5], "This is ")
    assert got.iloc[2, 4] == pytest.approx(alone.iloc[0, 0], abs=1e-5)
    assert (got.abs() <= 1).all().all() and got.to_numpy().std() > 0


def test_measured_and_published_are_compared_in_words() -> None:
    assert "At most 0.000 from" in similarity.compare(PUBLISHED, PUBLISHED) and (
        "in 8 of 8 rows" in similarity.compare(PUBLISHED, PUBLISHED)
    )
    turned = PUBLISHED.iloc[:, ::-1].set_axis(PUBLISHED.columns, axis=1)
    assert "in 0 of 8 rows" in similarity.compare(turned, PUBLISHED)


def test_without_the_weights_every_cell_is_empty_and_says_why_beside_the_published(without_weights: Path) -> None:
    page = similarity.render("clip_similarity", without_weights, without_weights / "reports")
    frame = pd.read_csv(page / "matrix.csv")
    assert frame[list(PUBLISHED.columns)].isna().all().all()
    assert frame["reason"].str.contains("are not on this machine, and nothing is fetched").all()
    assert "| a facial photo of a tabby cat | 0.31 |" in (page / "README.md").read_text()
    with Image.open(page / "figures/heatmap.png") as figure:
        assert np.asarray(figure.convert("L")).std() > 10
    again = similarity.render("clip_similarity", without_weights, without_weights / "again")
    for file in (path for path in page.rglob("*") if path.is_file()):
        assert (again / file.relative_to(page)).read_bytes() == file.read_bytes(), file.name


def test_weights_that_are_no_safetensors_file_are_refused(without_weights: Path) -> None:
    path = without_weights / "clip_similarity/matrix.yaml"
    path.write_text(path.read_text().replace("weights: null ", "weights: ViT-B-32.pt "))
    with pytest.raises(UserError, match=r"'ViT-B-32\.pt' is no safetensors file"):
        similarity.render("clip_similarity", without_weights, without_weights / "reports")


def test_a_mistyped_key_of_the_matrix_is_named(without_weights: Path) -> None:
    path = without_weights / "clip_similarity/matrix.yaml"
    path.write_text(path.read_text().replace("prefix:", "prefx:"))
    with pytest.raises(UserError, match=r"matrix\.yaml: prefx is not a setting; did you mean 'prefix'"):
        similarity.render("clip_similarity", without_weights, without_weights / "reports")


def test_a_picture_that_scikit_image_does_not_carry_is_named() -> None:
    judge = clip.load("bundled:clip", None, 8, "cpu")
    with pytest.raises(UserError, match=r"has no picture .*dog\.png"):
        similarity.measure(judge, ["a dog"], ["dog.png"], "")
