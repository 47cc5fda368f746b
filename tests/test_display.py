"""Tables as a person reads them: marks, counts, notes, and the same numbers in LaTeX as in the CSV."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from study_folder import Folder, by_seed, everywhere, example

from sdbench import display, latex, readme, tables
from sdbench.records import Card
from sdbench.report import render
from sdbench.results import Results, load


def test_an_interval_from_fewer_than_ten_clusters_is_marked() -> None:
    assert display.interval(0.5, 0.25, 0.75, 9) == "0.500 [0.250, 0.750]†"
    assert display.interval(0.5, 0.25, 0.75, 10) == "0.500 [0.250, 0.750]"
    assert display.interval(0.5, None, None, 1) == "0.500" and display.interval(None, None, None, 0) is None


def test_nothing_is_a_little_less_than_zero() -> None:
    assert display.interval(-1e-9, -0.5, -1e-9, 30) == "0.000 [-0.500, 0.000]"


def test_counts_stand_beside_a_number_that_does_not_rest_on_the_rows_own() -> None:
    row = {"n": 6, "a": 0.5, "a_low": 0.4, "a_high": 0.6, "a_clusters": 30}
    assert display.score({**row, "a_n": 6, "a_n_unscored": 0}, "a") == "0.500 [0.400, 0.600]"
    assert display.score({**row, "a_n": 4, "a_n_unscored": 2}, "a") == "0.500 [0.400, 0.600] n 4, 2 unscored"
    assert display.score({**row, "a_n": 24, "a_n_unscored": 0}, "a") == "0.500 [0.400, 0.600] n 24"


def similar(root: Path, real: float = 0.8) -> tuple[Results, tables.Tables]:
    cards = {"likeness": {"unit": "cosine", "title": "Likeness"}}
    folder = Folder(root, cards=cards)
    folder.cell("base", scores={"likeness": everywhere(0.2), "dino": everywhere(None)}, kind="base")
    folder.cell("lora", "a", {"likeness": everywhere(0.5), "dino": everywhere(None)}, lr=1.0, steps=1)
    folder.cell("real", scores={"likeness": everywhere(real), "dino": everywhere(None)}, kind="real")
    results = load("tiny", folder.finish("likeness"))
    return results, tables.every(results)


def test_a_similarity_shows_where_it_lies_between_floor_and_ceiling(tmp_path: Path) -> None:
    text = readme.board(*(made := similar(tmp_path)), made[1].leaderboard)
    assert "0.500 [0.500, 0.500]† (0.50)" in text and "to its ceiling (`real`, 1)" in text


def test_a_similarity_whose_ceiling_is_not_above_its_floor_says_so(tmp_path: Path) -> None:
    text = readme.board(*(made := similar(tmp_path, real=0.1)), made[1].leaderboard)
    assert "(0.50)" not in text
    assert "Likeness is not rescaled: the ceiling, 0.100, is not better than the floor, 0.200." in text


def test_a_metric_without_any_value_is_a_dash_and_its_reason_is_below(tmp_path: Path) -> None:
    results, every = similar(tmp_path)
    assert display.leaderboard(results, every.leaderboard)["title of dino ↑"].isna().all()
    assert "title of dino has no score: no dino here (16 images)." in readme.board(results, every, every.leaderboard)


def test_a_metric_that_failed_its_audit_is_marked_in_every_table_that_shows_it(tmp_path: Path) -> None:
    runs = example(tmp_path)
    audit = {"yolo": {"passed": False, "why": "blur | is <b>rewarded</b>"}}
    (runs / "tiny/audit.json").write_text(json.dumps(audit))
    folder = render("tiny", runs, tmp_path / "out", tmp_path)
    for name in ("README", "leaderboard", "compare", "thesis"):
        text = (folder / f"{name}.md").read_text()
        assert "‡ title of yolo failed its audit: blur \\| is &lt;b&gt;rewarded&lt;/b&gt;" in text, name
    page = (folder / "README.md").read_text()
    for heading in ("| title of yolo ↑‡", "| mean_confidence_score‡"):
        assert heading in page
    for name in ("leaderboard", "thesis", "compare"):
        assert r"\textsuperscript{\ddag}" in (folder / f"{name}.tex").read_text()
    assert '"failed": "blur | is \\u003cb>rewarded\\u003c/b>"' in (folder / "page/data.js").read_text()


def test_without_replicates_the_page_says_how_to_get_a_noise_floor(tmp_path: Path) -> None:
    assert "add `train.seed=0,1,2`" in readme.noise(*similar(tmp_path))


def test_a_long_leaderboard_is_cut_but_for_best_cells_floors_and_ceiling(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.cell("base", scores={"good": everywhere(0.0)}, kind="base")
    for i in range(30):  # the last one is chosen and is the worst on the test seeds
        test = dict.fromkeys((10, 11, 12), 1 - i / 30)
        folder.cell("lora", f"lr{i}", {"good": by_seed(i / 30, test)}, lr=float(i + 1), steps=1)
    every = tables.every(load("tiny", folder.finish("good")))
    shown = readme.shortened(every)
    assert shown["parameters"].tolist() == [*(f"lr{i}" for i in range(readme.ROWS)), "lr29", ""]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("50% & a_b #1 {x}", r"50\% \& a\_b \#1 \{x\}"),
        ("a\\b~c^d", r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d"),
        ("[0.1, 0.2]†", r"{[0.1, 0.2]\textsuperscript{\dag}}"),
        ("two\nlines", "two lines"),
        (None, "--"),
    ],
)
def test_a_latex_cell_shows_its_text_literally(text: str | None, shown: str) -> None:
    assert latex.escape(text) == shown


def test_a_latex_table_has_booktabs_rules_and_as_many_cells_in_every_line() -> None:
    frame = pd.DataFrame({"a&b": ["x", None], "c": ["1", "2"]})
    lines = latex.table(frame, ["a note"]).splitlines()
    assert lines == [
        "% a note", r"\begin{tabular}{ll}", r"\toprule", r"a\&b & c \\", r"\midrule", r"x & 1 \\", r"-- & 2 \\",
        r"\bottomrule", r"\end{tabular}",
    ]  # fmt: skip


def test_the_numbers_in_latex_are_those_of_the_csv(tmp_path: Path) -> None:
    folder = render("tiny", example(tmp_path), tmp_path / "out", tmp_path)
    tex = (folder / "thesis.tex").read_text()
    for row in pd.read_csv(folder / "thesis.csv").to_dict("records"):
        line = next(line for line in tex.splitlines() if line.startswith(str(row["method"])))
        shown = [float(number) for number in re.findall(r"(?:^|& )(\d\.\d{3})", line)]
        assert shown == pytest.approx([row[name] for name in ("average(ocr, yolo)", "mean_confidence_score",
                                                              "mean_ocr_score")], abs=5e-4)  # fmt: skip


def test_only_a_cosine_that_is_better_higher_is_a_similarity() -> None:
    card = Card("a", "A", "cosine", "higher", -1, 1, "", "", "", 1, "")
    assert display.is_similarity(card)
    assert not display.is_similarity(Card("a", "A", "(1 - cosine) / 2", "lower", 0, 1, "", "", "", 1, ""))


def test_over_several_subjects_the_page_has_a_table_and_a_file_that_one_subject_does_not(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for subject in ("dog", "cat"):
        folder.cell("base", scores={"good": everywhere(0.1)}, kind="base", subject=subject)
        folder.cell("lora", "a", {"good": everywhere(0.5)}, lr=1.0, steps=1, subject=subject)
    several = render("tiny", folder.finish("good"), tmp_path / "out", tmp_path)
    assert (several / "across.csv").is_file() and "(across.csv)" in (several / "README.md").read_text()
    assert "No method has had more than one trial" in (several / "README.md").read_text()


def test_no_line_of_the_page_promises_a_file_that_is_not_there(tmp_path: Path) -> None:
    folder = render("tiny", example(tmp_path), tmp_path / "out", tmp_path)
    links = re.findall(r"\]\(([^)]+)\)", (folder / "README.md").read_text())
    assert links and all((folder / link).is_file() for link in links)
