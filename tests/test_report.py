"""The report's folder: what is in it, that it is reproducible and that torch stays away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from study_folder import Folder, by_seed, everywhere, example

from sdbench.errors import UserError
from sdbench.folders import read_record, write_record
from sdbench.report import render


def rendered(root: Path, out: str = "reports", **study: object) -> Path:
    runs = root / "runs"
    if not runs.is_dir():
        example(root, **study)
    return render("tiny", runs, root / out, root / "experiments")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("page")
    (root / "experiments/tiny").mkdir(parents=True)
    (root / "experiments/tiny/published.csv").write_text("method,parameters,mean_ocr_score\ndb,lr0_00002,0.479166667\n")
    return rendered(root, published="published.csv")


def test_every_file_of_the_contract_is_written_and_the_page_links_to_them(page: Path) -> None:
    files = {str(path.relative_to(page)) for path in page.rglob("*") if path.is_file()}
    charts = ["intervals", "score_vs_lr", "quality_vs_train_seconds", "loss", "tuning"]
    figures = {f"figures/{name}.{kind}" for name in charts for kind in ("png", "svg")} | {"figures/grid.webp"}
    files = {name for name in files if not name.startswith("page/")}  # see test_page.py
    data = ["leaderboard", "thesis", "paired", "compare", "ranks", "rescaled", "noise", "tuning", "sensitivity",
            "metrics", "unscored"]  # fmt: skip
    written = {f"{name}.csv" for name in data} | {f"{name}.tex" for name in ("leaderboard", "thesis", "compare")}
    pages = {"README.md", "index.html", "leaderboard.md", "thesis.md", "compare.md"}
    assert files == figures | written | pages
    text = (page / "README.md").read_text()
    for name in [*figures, *written - {"thesis.csv", "noise.csv"}, "index.html", "compare.md"]:
        assert f"({name})" in text, name


def test_the_page_shows_question_provenance_published_numbers_and_clusters(page: Path) -> None:
    text = (page / "README.md").read_text()
    for part in ("Which?", "abc123", "torch 2.13.0", "| db | lr0_00002 | 0.479166667 |", "4 to 6 of them per row"):
        assert part in text
    assert "0.700 [0." in text and "0.500 [0.000, 1.000]† n 4, 2 unscored" in text


def test_the_tables_read_back_as_numbers(page: Path) -> None:
    board = pd.read_csv(page / "leaderboard.csv").set_index(["method", "parameters"])
    assert board.loc[("dreambooth", "lr0.001"), "yolo"].item() == 0.7
    assert board.loc[("dreambooth", "lr0.001"), "trainable_parameters"].item() == 12345
    assert "2000000000," in (page / "leaderboard.csv").read_text()
    assert pd.read_csv(page / "thesis.csv")["mean_confidence_score"].tolist() == [0.7, 0.6]


def test_a_second_render_is_byte_identical(page: Path) -> None:
    again = rendered(page.parents[1], "again")
    for file in (path for path in page.rglob("*") if path.is_file()):
        assert (again / file.relative_to(page)).read_bytes() == file.read_bytes(), file.name


def test_the_grid_has_a_column_per_best_cell_and_reference_and_a_row_per_prompt_and_seed(page: Path) -> None:
    with Image.open(page / "figures/grid.webp") as grid:
        pixels = np.asarray(grid.convert("RGB"))
    assert pixels.shape == (34 + 4 * 132, 170 + 5 * 132, 3)
    base = np.asarray(Image.open(page.parents[1] / "runs/.store/generate/base-seed0/images/p-0-10.png"))
    shown = pixels[34 : 34 + 128 : 2, 170 : 170 + 128 : 2].astype(int)
    assert np.abs(shown - base).mean() < 8 < np.abs(shown - base[::-1]).mean()  # the image, but for what WebP loses


def test_prompts_and_causes_cannot_break_the_page(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("base", scores={"yolo": everywhere(0.5)}, kind="base")
    folder.cell("lora", "lr1", status="failed", cause="bad | <script>\nline", lr=1.0, steps=1)
    text = (render("tiny", folder.finish("yolo"), tmp_path / "out", tmp_path) / "README.md").read_text()
    assert "failed: bad \\| &lt;script&gt; line" in text and "<script>" not in text


def test_a_study_whose_cells_all_failed_still_has_a_page_that_says_why(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("lora", "lr1", status="failed", cause="out of memory", lr=1.0, steps=1)
    page = render("tiny", folder.finish(), tmp_path / "out", tmp_path)
    assert "failed: out of memory" in (page / "README.md").read_text()


def test_a_published_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"published table .*tiny/gone\.csv, which is missing"):
        rendered(tmp_path, published="gone.csv")


def test_rendering_never_imports_torch(page: Path) -> None:
    code = (
        "import sys, pathlib; from sdbench.report import render; "
        f"root = pathlib.Path({str(page.parents[1])!r}); "
        "render('tiny', root / 'runs', root / 'third', root / 'experiments'); "
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "sdbench.report" in loaded and not {"torch", "diffusers", "hydra"} & set(loaded)


def test_a_study_of_no_logo_shows_its_best_cells_by_its_own_metrics(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("base", scores={"clip": everywhere(0.2)}, kind="base")
    folder.cell("lora", "lr0.001", {"clip": everywhere(0.4)}, lr=1e-3, steps=40)
    said = (render("tiny", folder.finish(select="clip"), tmp_path / "reports", tmp_path) / "README.md").read_text()
    best = said.partition("## Best cell of each method")[2].partition("## Who is ahead")[0]
    assert "0.400" in best and "average(ocr, yolo)" not in said


def test_what_was_no_choice_and_what_was_not_audited_is_said(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for rate, test in (("1e-3", 0.4), ("1e-4", 0.9), ("1e-5", 0.2)):
        scores = by_seed(0.5 if rate != "1e-5" else 0.1, dict.fromkeys([10, 11, 12], test))
        folder.cell("lora", f"lr{rate}", {"clip": scores}, lr=float(rate), steps=40)
    runs = folder.finish(select="clip")
    said = (render("tiny", runs, tmp_path / "reports", tmp_path) / "README.md").read_text()
    assert "of which the first stands here: 2 of lora." in said and "Not audited: sdbench audit tiny" in said
    assert "Not audited" in (tmp_path / "reports" / "tiny" / "leaderboard.tex").read_text()
    (runs / "tiny" / "audit.json").write_text("{}")
    said = (render("tiny", runs, tmp_path / "again", tmp_path) / "README.md").read_text()
    assert "Not audited" not in said


def test_images_per_second_come_from_the_seconds_of_the_stages_that_scored_them(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name in ("base", "base_raw"):  # ten images each
        folder.cell(name, scores={"yolo": everywhere(0.5), "ocr": everywhere(None)}, kind=name)
    runs = folder.finish("yolo")
    for name, seconds in {"base-seed0-yolo": 1, "base_raw-seed0-yolo": 4, "base-seed0-ocr": 8}.items():  # the other: 2
        stage = runs / ".store/score" / name
        write_record(stage, {**read_record(stage), "seconds": seconds})
    text = (render("tiny", runs, tmp_path / "out", tmp_path) / "README.md").read_text()
    assert "| scoring | k_yolo 4 images/s, k_ocr 2 images/s |" in text
