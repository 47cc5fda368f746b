"""Pictures of studies: what they compute, against closed forms; what they draw, from frames built by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sdbench.plots import curves, factors, forest, grids, heatmap, pareto, study, style
from sdbench.records import Card

LRS, STEPS, INFERENCE = [1e-1, 1e-3, 1e-4], [100, 200, 300, 400], [10, 25]
KINDS = {"base": 0.1, "base_raw": 0.05, "sibling": 0.2, "real": 0.9}


def card(name: str, direction: str = "higher") -> Card:
    return Card(name, f"Title of {name}", "cosine", direction, 0.0, 1.0, "x", "x", "mean", 1, "x")


CARDS = {name: card(name, "lower" if name == "drift" else "higher") for name in ("quality", "drift")}


def scores(value: float, half: float = 0.02) -> dict[str, float]:
    return {
        f"{m}{end}": v + shift
        for m, v in (("quality", value), ("drift", 1 - value))
        for end, shift in (("", 0.0), ("_low", -half), ("_high", half))
    }


def rows_of(method: str, number: int) -> list[dict[str, Any]]:
    """Every lr x steps x inference steps; lr 0.1 diverged, and lora did not run 1e-4 at 400 steps."""
    rows: list[dict[str, Any]] = []
    for inference, lr, steps in ((i, lr, s) for i in INFERENCE for lr in LRS for s in STEPS):
        if (method, lr, steps) == ("lora", 1e-4, 400):
            continue
        value = 0.8 - 0.1 * number - abs(steps - 200) / 500 - (lr == 1e-4) * 0.2 - (inference == 10) * 0.1
        bad = {"status": "diverged", "n": 0} if lr == 1e-1 else {"status": "done", "n": 8, "validation": value}
        rows.append(
            {"method": method, "label": method, "kind": "trained", "lr": lr, "steps": float(steps), **bad,
             "parameters": f"lr{lr:g}_steps{steps}_num_inference_steps{inference}", "train_seconds": steps / 4,
             "weight_bytes": 10 ** (7 - number), **(scores(value) if lr < 1e-1 else {})}
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def summary() -> pd.DataFrame:
    rows = [
        {"method": kind, "label": kind, "kind": kind, "parameters": f"num_inference_steps{i}", "status": "done", "n": 8,
         **scores(value)}
        for i in INFERENCE for kind, value in KINDS.items()
    ]  # fmt: skip
    frame = pd.DataFrame(rows + rows_of("dreambooth", 0) + rows_of("lora", 1)).assign(subject="hugo", model="micro")
    best = frame.dropna(subset=["validation"]).groupby("method")["validation"].idxmax()
    return frame.assign(row=range(len(frame)), best=frame.index.isin(best)).astype({"weight_bytes": "Int64"})


@pytest.fixture(scope="module")
def losses(summary: pd.DataFrame) -> pd.DataFrame:
    trained = summary[summary["kind"] == "trained"]
    parts = []
    for row in trained.itertuples():
        step = np.arange(int(row.steps))
        loss = np.where(step > 20, np.inf, 1.0) if row.status == "diverged" else np.exp(-step / 100)
        parts.append(pd.DataFrame({"step": step, "loss": loss, "row": row.row, "train_seed": 0}))
    return pd.concat(parts, ignore_index=True)


def test_parameters_are_read_as_the_sweep_words_them() -> None:
    words = ["lr0.001_steps100_rank16_num_inference_steps50", "lr1e-05_steps20", "num_inference_steps10", "", "lr0.01"]
    found = factors.with_factors(pd.DataFrame({"parameters": words}))
    assert found["rest"].tolist() == ["rank16", "", "", "", ""]
    assert found["inference_steps"].tolist()[::2][:2] == [50, 10] and found["inference_steps"].notna().sum() == 2


def test_a_slice_holds_all_else_as_in_the_best_cell(summary: pd.DataFrame) -> None:
    best = summary[summary["best"]]
    assert best["parameters"].tolist() == ["lr0.001_steps200_num_inference_steps25"] * 2
    along_lr = factors.at_best(summary, ["lr"])
    assert along_lr.groupby("label")["lr"].apply(list).to_dict() == {"dreambooth": LRS, "lora": LRS}
    assert set(along_lr["steps"]) == {200} and set(along_lr["inference_steps"]) == {25}
    assert len(factors.at_best(summary, ["lr", "steps"])) == 12 + 11


def test_a_method_of_which_no_cell_is_scored_is_sliced_through_its_first(summary: pd.DataFrame) -> None:
    none = summary.assign(best=summary["best"] & (summary["label"] != "lora"))
    assert set(factors.at_best(none, ["steps"]).query("label == 'lora'")["lr"]) == {1e-1}


def test_floors_beside_the_best_cells_were_drawn_as_they_were(summary: pd.DataFrame) -> None:
    assert set(factors.references(summary)["inference_steps"]) == {25}
    assert len(factors.references(summary, along=["inference_steps"])) == 8
    assert factors.references(summary.assign(model=summary["label"])).empty


def test_a_study_says_what_it_varies(summary: pd.DataFrame) -> None:
    assert factors.varies(summary, "lr", "steps") and factors.varies(summary, "inference_steps")
    one = summary[summary["steps"] != 100][lambda f: ~f["steps"].isin([300, 400])]
    assert factors.varies(one, "lr") and not factors.varies(one, "steps") and not factors.varies(one, "lr", "steps")


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Figures as they stand when they would be saved."""
    kept: list[Any] = []
    monkeypatch.setattr(style, "save", lambda figure, path: kept.append(figure))
    return kept


DRAWINGS: dict[str, Callable[[pd.DataFrame, pd.DataFrame, Path], None]] = {
    "loss": lambda summary, losses, path: curves.loss_curves(losses, summary, path),
    "lr": lambda summary, _, path: curves.score_vs_lr(summary, list(CARDS.values()), path),
    "inference": lambda summary, _, path: curves.score_vs_inference_steps(summary, list(CARDS.values()), path),
    "steps": lambda summary, _, path: curves.score_vs_steps(summary, CARDS["drift"], path),
    "heat": lambda summary, _, path: heatmap.lr_by_steps(summary, CARDS["quality"], path),
    "cost": lambda summary, _, path: pareto.quality_vs_cost(summary, list(CARDS.values()), "weight_bytes", path),
    "forest": lambda summary, _, path: forest.intervals(summary, list(CARDS.values()), path),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_chart_drawn_twice_is_the_same_bytes_whatever_the_user_has_set(
    name: str, summary: pd.DataFrame, losses: pd.DataFrame, tmp_path: Path
) -> None:
    DRAWINGS[name](summary, losses, tmp_path / "a.png")
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": None}):
        DRAWINGS[name](summary, losses, tmp_path / "b.png")
    for kind in ("png", "svg"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    text = (tmp_path / "a.svg").read_text()
    assert "<svg" in text and "dc:date" not in text and "<image" not in text  # vectors, and no day


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_chart_of_a_study_whose_runs_all_diverged_is_drawn_without_numbers(
    name: str, summary: pd.DataFrame, losses: pd.DataFrame, tmp_path: Path
) -> None:
    diverged = summary[summary["status"] == "diverged"]
    with np.errstate(all="raise"):
        DRAWINGS[name](diverged, losses[losses["row"].isin(diverged["row"])], tmp_path / "a.png")
    assert (tmp_path / "a.png").is_file() and (tmp_path / "a.svg").is_file()


def test_cells_that_diverged_are_hatched_and_told_from_those_that_did_not_run(
    summary: pd.DataFrame, figures: list[Any]
) -> None:
    heatmap.lr_by_steps(summary, CARDS["quality"], Path("a.png"))
    for axis, absent in zip(figures[0].axes, [0, 1], strict=False):
        hatched = [(patch.get_x() + 0.5, patch.get_y() + 0.5) for patch in axis.patches if patch.get_hatch() == "////"]
        assert hatched == [(0, 2), (1, 2), (2, 2), (3, 2)]  # the row of learning rate 0.1
        written = [text.get_text() for text in axis.texts]
        assert written.count("–") == absent and len(written) == 8  # 12 cells less 4 hatched; no number in their place
        assert [text.get_position() for text in axis.texts if text.get_text() == "–"] == [(3, 0)] * absent
    assert "0.80" in [text.get_text() for text in figures[0].axes[0].texts]


def test_a_line_has_a_gap_where_a_score_is_missing(summary: pd.DataFrame, figures: list[Any]) -> None:
    curves.score_vs_lr(summary, [CARDS["quality"]], Path("a.png"))
    lines = [
        np.asarray(line.get_ydata(), dtype=float) for line in figures[0].axes[0].lines if len(line.get_xdata()) == 3
    ]
    assert lines and all(np.isfinite(values[:2]).all() and np.isnan(values[2]) for values in lines)


def test_the_knee_is_ringed_on_the_curves_that_have_one(summary: pd.DataFrame, figures: list[Any]) -> None:
    curves.score_vs_steps(summary, CARDS["quality"], Path("a.png"))
    rings = [
        [line.get_xdata()[0] for line in axis.lines if line.get_label() == curves.KNEE] for axis in figures[0].axes
    ]
    assert rings[:2] == [[200, 200], [200, 200]]  # intervals of +-0.02 around means that fall by 0.2 every 100 steps


def picture(path: Path, size: tuple[int, int], colour: str) -> str:
    Image.new("RGB", size, colour).save(path)
    return str(path)


def test_a_grid_puts_each_image_in_its_place_and_marks_the_others_with_words(tmp_path: Path) -> None:
    red = picture(tmp_path / "red.png", (64, 64), "#ff0000")
    blue = picture(tmp_path / "blue.png", (300, 100), "#0000ff")
    columns = ["x", "y", "path", "word"]
    tiles = pd.DataFrame([(1, "a", red, ""), (2, "b", blue, ""), (2, "a", None, "diverged")], columns=columns)
    grids.xy_grid(tiles, tmp_path / "grid.webp")
    with Image.open(tmp_path / "grid.webp") as opened:
        assert opened.format == "WEBP"
        pixels = np.asarray(opened.convert("RGB")).astype(int)
    assert pixels.shape == (34 + 2 * 132, 170 + 2 * 132, 3)
    places = {(x, y): pixels[34 + 132 * y :, 170 + 132 * x :][:128, :128] for x in (0, 1) for y in (0, 1)}
    assert np.abs(places[0, 0][8:-8, 8:-8] - [255, 0, 0]).max() < 12
    wide = places[1, 1]
    assert np.abs(wide[50:78, 8:-8] - [0, 0, 255]).max() < 12 and (wide[:30] > 240).all()  # its shape is kept
    for word in (places[1, 0], places[0, 1]):
        assert word[60:68].min() < 130 and np.median(word) == 242  # written on light grey
    assert not np.array_equal(places[1, 0], places[0, 1])  # `diverged` is not `not run`


def test_a_grid_drawn_twice_is_the_same_bytes_and_its_axes_can_have_titles(tmp_path: Path) -> None:
    tiles = pd.DataFrame([(1, 2, None, "failed")], columns=["x", "y", "path", "word"])
    for name in ("a.webp", "b.webp"):
        grids.xy_grid(tiles, tmp_path / name, ("training steps", "learning rate"), {1: "one\ntwo", 2: "two"})
    assert (tmp_path / "a.webp").read_bytes() == (tmp_path / "b.webp").read_bytes()


def test_a_grid_of_two_hundred_columns_still_fits_a_webp(tmp_path: Path) -> None:
    tiles = pd.DataFrame({"x": range(200), "y": 0, "path": None, "word": "no"})
    grids.xy_grid(tiles, tmp_path / "wide.webp")
    with Image.open(tmp_path / "wide.webp") as opened:
        assert opened.width <= grids.LARGEST_PX


def test_tiles_stand_as_on_a_chart_and_show_one_sample(summary: pd.DataFrame) -> None:
    rows = factors.at_best(summary, ["lr", "steps"]).query("label == 'lora'")
    done = rows.loc[rows["status"] == "done", "row"].tolist()
    images = pd.DataFrame([(row, sample, f"{row}-{sample}") for sample in ("p-1", "p-0") for row in done],
                          columns=["row", "sample_id", "path"])  # fmt: skip
    tiles = study.tiles_of(rows, images, ("steps", "lr"))
    assert list(tiles["x"].cat.categories) == STEPS and list(tiles["y"].cat.categories) == LRS
    assert tiles.loc[tiles["y"] == 1e-1, "word"].eq("diverged").all()
    assert tiles["path"].dropna().tolist() == [f"{row}-p-1" for row in done]


def test_a_study_with_every_axis_gets_every_picture_and_one_with_a_single_step_no_curve_of_steps(
    summary: pd.DataFrame, losses: pd.DataFrame, tmp_path: Path
) -> None:
    path = picture(tmp_path / "image.png", (64, 64), "red")
    images = pd.DataFrame({"row": summary.loc[summary["n"] > 0, "row"], "sample_id": "p-0-10", "path": path})
    images = images.assign(class_prompt="A badge", seed=10)
    charts = {"intervals", "score_vs_lr", "score_vs_inference_steps", "loss", "quality_vs_train_seconds"}
    charts |= {"quality_vs_weight_bytes", "steps_drift", "lr_by_steps_drift"}
    cards = {"drift": CARDS["drift"]}
    rasters = {f"grid_{axes}_{method}.webp" for axes in ("lr_steps", "steps_inference_steps")
               for method in ("dreambooth", "lora")}  # fmt: skip
    figures = study.draw(summary, cards, losses, images, tmp_path / "all")
    assert set(figures) == {f"{chart}.png" for chart in charts} | rasters
    written = {file.name for file in (tmp_path / "all").iterdir()}
    assert written == set(figures) | {f"{chart}.svg" for chart in charts}

    one = summary[~summary["steps"].isin([100, 300, 400]) & ~summary["parameters"].str.endswith("10")]
    figures = study.draw(one, cards, losses[losses["row"].isin(one["row"])], images, tmp_path / "one")
    assert set(figures) == {"intervals.png", "score_vs_lr.png", "quality_vs_weight_bytes.png", "loss.png"}


def test_a_metrics_name_becomes_part_of_a_file_name() -> None:
    assert study.slug("average(ocr, yolo)") == "average_ocr_yolo"
