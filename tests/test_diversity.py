"""Diversity within a prompt, on distances and kernels worked out by hand, and LPIPS against its formula."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sdbench import config, subjects
from sdbench.errors import UserError
from sdbench.metrics import diversity
from sdbench.metrics.base import Judged, lpips
from sdbench.metrics.base.pairwise import ALONE, squared_distances, to_others, vendi
from sdbench.microworld.render import render
from sdbench.microworld.scene import Scene
from sdbench.records import Sample, Score

CELL = config.compose_cell(["metric=[diversity]", "device=cpu"])
SETTINGS: diversity.Settings = CELL.metrics["diversity"]


def draw(thing: str, color: str, seed: int = 0) -> Image.Image:
    return render(Scene("item", thing, color, "studio", None), np.random.default_rng(seed)).image


def judged(image: Image.Image, prompt: str, seed: int) -> Judged:
    return Judged(Sample(f"{prompt}-{seed}", prompt, "", "", seed, ""), image)


def scored(groups: dict[str, list[Image.Image]], **changed: Any) -> dict[tuple[str, str], Score]:
    metric = diversity.create(dataclasses.replace(SETTINGS, **changed), subjects.load(CELL.subject, 64))
    items = [judged(image, prompt, i) for prompt, images in groups.items() for i, image in enumerate(images)]
    return {(s.sample_id, s.metric): s for s in metric.score(items)}


# --- the pure core ----------------------------------------------------------------------------------------------------


def test_vendi_is_1_for_equal_images_and_n_for_images_that_share_nothing() -> None:
    assert vendi(np.ones((5, 5))) == pytest.approx(1)
    assert vendi(np.eye(5)) == pytest.approx(5)


def test_vendi_of_two_images_is_the_exponential_of_the_entropy_of_its_two_eigenvalues() -> None:
    cosine = 0.5  # eigenvalues of K / 2: (1 + c) / 2 and (1 - c) / 2
    assert vendi(np.array([[1, cosine], [cosine, 1]])) == pytest.approx(
        np.exp(-0.75 * np.log(0.75) - 0.25 * np.log(0.25))
    )


def test_vendi_counts_each_of_two_kinds_once_however_often_it_comes() -> None:
    same = np.ones((3, 3))
    assert vendi(np.block([[same, 0 * same], [0 * same, same]])) == pytest.approx(2)


def test_the_distance_to_the_others_leaves_the_image_itself_out() -> None:
    distances = np.array([[0, 1, 2], [1, 0, 4], [2, 4, 0]])
    assert to_others(distances) == [1.5, 2.5, 3]


def test_squared_distance_of_unit_vectors_is_twice_1_minus_cosine() -> None:
    first, second = np.array([1, 0]), np.array([0.6, 0.8])
    assert squared_distances(np.stack([first, second])) == pytest.approx(np.array([[0, 0.8], [0.8, 0]]))


# --- the metric -------------------------------------------------------------------------------------------------------


def test_equal_images_have_no_diversity_and_different_ones_some() -> None:
    mug = draw("mug", "red")
    scores = scored({"same": [mug, mug], "mixed": [mug, draw("bag", "yellow")]})
    assert scores["same-0", "diversity_features"].value == 0
    assert scores["same-0", "diversity_vendi"].value == pytest.approx(1)
    features, vendi = (scores["mixed-0", f"diversity_{name}"].value for name in ("features", "vendi"))
    assert features is not None and features > 0.1
    assert vendi is not None and 1.1 < vendi <= 2


def test_images_are_compared_only_with_those_of_their_own_prompt() -> None:
    groups = {"a": [draw("mug", "red", s) for s in range(3)], "b": [draw("bag", "yellow", s) for s in range(2)]}
    together, alone = scored(groups), scored({"b": groups["b"]})
    assert all(together[key].value == score.value for key, score in alone.items())


def test_vendi_belongs_to_the_prompt_so_each_of_its_images_has_the_same() -> None:
    metric = diversity.create(SETTINGS, subjects.load(CELL.subject, 64))
    assert {card.name: card.per for card in metric.cards}["diversity_vendi"] == "prompt" and metric.grouped
    scores = scored({"p": [draw(t, "red") for t in ("mug", "cap", "bag")]})
    assert len({score.value for (_, name), score in scores.items() if name == "diversity_vendi"}) == 1


def test_an_image_alone_in_its_prompt_has_a_reason() -> None:
    assert {score.reason for score in scored({"p": [draw("mug", "red")]}).values()} == {ALONE}


# --- LPIPS ------------------------------------------------------------------------------------------------------------


def test_lpips_of_one_layer_worked_out_by_hand() -> None:
    """Two places: (3, 4) against (4, 3), (0, 2) against (0, 5); weights 1 and 2.

    Unit: (.6, .8) and (.8, .6), then (0, 1) twice; weighted squares .04 + 2 * .04 and 0; their mean .06.
    """
    features = np.array([[[[3, 0]], [[4, 2]]], [[[4, 0]], [[3, 5]]]], dtype=np.float32)
    vectors = lpips.layer(features, np.array([1, 2], dtype=np.float32))
    assert squared_distances(vectors)[0, 1] == pytest.approx(0.06)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """LPIPS's two files, with random numbers in them."""
    import torch
    from safetensors.torch import save_file
    from torchvision.models import alexnet

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("lpips")
    with torch.device("meta"):
        shapes = {k: v.shape for k, v in alexnet(weights=None).state_dict().items() if k.startswith("features")}
    save_file({key: 0.1 * torch.randn(shape) for key, shape in shapes.items()}, folder / lpips.FILES[0])
    sizes = (64, 192, 384, 256, 256)
    heads = {f"lin{i}.model.1.weight": torch.rand(1, size, 1, 1) for i, size in enumerate(sizes)}
    save_file(heads, folder / lpips.FILES[1])
    yield folder
    shutil.rmtree(folder)


def test_lpips_is_its_formula_on_the_networks_own_layers(weights: Path) -> None:
    """Against equation 1 written out with hooks on torchvision's AlexNet."""
    import torch
    from safetensors.torch import load_file
    from torchvision.models import alexnet

    with torch.device("meta"):
        network = alexnet(weights=None)
    network.load_state_dict(load_file(weights / lpips.FILES[0]), strict=False, assign=True)
    seen: list[torch.Tensor] = []
    for part in network.features:
        if isinstance(part, torch.nn.ReLU):
            part.register_forward_hook(lambda _m, _i, out: seen.append(out.clone()))
    images, metric = [draw("mug", "red"), draw("cap", "blue")], lpips.Lpips(str(weights), 2, "cpu")
    pixels = torch.from_numpy(np.stack([metric.pixels(image) for image in images]))
    shift, scale = torch.tensor([-0.030, -0.088, -0.188]), torch.tensor([0.458, 0.448, 0.450])
    with torch.inference_mode():
        network.eval().features((pixels - shift[:, None, None]) / scale[:, None, None])
    expected = 0.0
    for i, features in enumerate(seen):
        first, second = torch.nn.functional.normalize(features, dim=1)
        head = load_file(weights / lpips.FILES[1])[f"lin{i}.model.1.weight"].reshape(-1, 1, 1)
        expected += float((head * (first - second) ** 2).sum(0).mean())
    distances = squared_distances(metric.encode(images))
    assert len(seen) == 5 and expected > 0
    assert distances == pytest.approx(np.array([[0, expected], [expected, 0]]), rel=1e-4)


def test_lpips_is_scored_where_its_weights_are_and_its_judge_names_them(weights: Path) -> None:
    scores = scored({"p": [draw(t, "red") for t in ("mug", "cap", "bag")]}, lpips=str(weights))
    values = [scores[f"p-{i}", "diversity_lpips"].value for i in range(3)]
    assert all(value is not None and value > 0 for value in values)
    metric = diversity.create(dataclasses.replace(SETTINGS, lpips=str(weights)), subjects.load(CELL.subject, 64))
    assert metric.judge(lambda path: path.name)["lpips"]["weights"] == list(lpips.FILES)


def test_without_weights_lpips_has_a_reason_that_says_which_to_get() -> None:
    score = scored({"p": [draw("mug", "red"), draw("cap", "red")]})["p-0", "diversity_lpips"]
    assert score.value is None and score.reason is not None
    assert "metrics.diversity.lpips" in score.reason and "lpips_alex.safetensors" in score.reason


def test_a_folder_without_lpips_weights_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"LPIPS lacks .*alexnet\.safetensors"):
        scored({"p": []}, lpips=str(tmp_path))


def test_files_that_hold_something_else_are_refused_in_one_sentence(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    for name in lpips.FILES:
        save_file({"a": torch.zeros(1)}, tmp_path / name)
    with pytest.raises(UserError, match="not the weights of LPIPS"):
        scored({"p": [draw("mug", "red"), draw("cap", "red")]}, lpips=str(tmp_path))
