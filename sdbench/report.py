"""From a study's runs to a page: `reports/<study>/`. A reader: it runs nothing, imports no torch, changes no run."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from importlib.metadata import requires
from pathlib import Path

import pandas as pd

from sdbench import display, gallery, latex, markdown, page, readme, studies, tables
from sdbench.errors import UserError
from sdbench.plots import grids, study
from sdbench.plots.tuning import CAPTION, tuning_curves
from sdbench.records import PICTURES
from sdbench.results import THESIS, Results, load, losses, stage_folders

SHOWN = {"sibling": "`sibling`: pictures of another of the subject's class", "real": "`real`: held-out pictures"}
GRID_SEEDS = 2  # image seeds shown per prompt: the first of the test seeds, whatever they show
OPTIONAL = ("across", "noise")  # tables that only some studies have data for


def render(
    study_name: str, runs: Path = Path("runs"), out: Path = Path("reports"), experiments: Path = Path("experiments")
) -> Path:
    """Write `out/<study_name>/` from what ran, and return it: README.md, CSV and Markdown tables, figures, and
    index.html to browse (sdbench.page).

    The same runs give the same bytes. UserError names what is missing: the study's runs, a store folder, or the
    published table that the study names, in its folder under `experiments`.
    """
    results = load(study_name, runs)
    published = _published(results, experiments)
    made = tables.every(results)
    folder = out / study_name
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(made, folder)
    _write_latex(results, made, folder)
    figures = _draw(results, made, folder / "figures")
    made_with, intervals = _made_with(results), readme.intervals(made.summary)
    page.write(results, made.summary, made.leaderboard, made_with, f"{intervals} {readme.MARKS}", folder)
    pictures = "\n\n".join(_picture(file, caption) for file, caption in figures.items())
    own = studies.sections(results, made.summary, runs, experiments, folder)
    parts = {"made_with": markdown.table(made_with), "published": published, "studies": own, "pictures": pictures}
    best = readme.noted(results, made, display.thesis(results, made.thesis), list(THESIS))
    every_pair = display.compare(results, made.compare, [card.name for card in display.headline(results)])
    pages = {
        "README": [readme.write(results, made, parts)],
        "leaderboard": [readme.board(results, made, made.leaderboard), intervals, readme.noise(results, made)],
        "thesis": [best, intervals, published],
        "compare": [readme.noted(results, made, every_pair, list(results.flagged)), readme.CORRECTED],
    }
    for name, sections in pages.items():
        above = [] if name == "README" else readme.caveats(results)
        (folder / f"{name}.md").write_text("\n\n".join([*above, *sections]).rstrip() + "\n")
    return folder


def _write_csv(made: tables.Tables, folder: Path) -> None:
    """A file per table; of one that this study has no data for, none, not even an older one."""
    frames = {field.name: getattr(made, field.name) for field in fields(made) if field.name != "summary"}
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        if name in OPTIONAL and frame.empty:
            path.unlink(missing_ok=True)
        else:
            frame.to_csv(path, index=False, float_format="%.6g", lineterminator="\n")


def _write_latex(results: Results, made: tables.Tables, folder: Path) -> None:
    shown = [card.name for card in display.headline(results)]
    frames = {
        "leaderboard": (display.leaderboard(results, made.leaderboard), shown),
        "thesis": (display.thesis(results, made.thesis), list(THESIS)),
        "compare": (display.compare(results, made.compare, shown), list(results.flagged)),
    }
    for name, (frame, metrics) in frames.items():
        notes = [*results.caveats, *readme.notes(results, made, frame, metrics)]
        (folder / f"{name}.tex").write_text(latex.table(frame, notes))


def _published(results: Results, experiments: Path) -> str:
    if results.published is None:
        return ""
    path = experiments / results.name / results.published
    if not path.is_file():
        raise UserError(f"study {results.name!r} names the published table {path}, which is missing; put it there")
    return f"Published, on other models and pictures (`{path.name}`):\n\n{markdown.table(pd.read_csv(path))}\n\n"


def _made_with(results: Results) -> pd.DataFrame:
    """What made the numbers: every commit, device, Python and version of sdbench's own requirements that was recorded.

    Columns `made with` and `versions`. Each stage's provenance.json holds the versions of all that was installed.
    """
    own = {
        re.split(r"[^\w.-]", wanted)[0].lower().replace("_", "-")
        for wanted in requires("sdbench") or []
        if "extra ==" not in wanted
    }
    seen: dict[str, dict[str, None]] = {"commit": {}, "device": {}, "python": {}, "packages": {}}
    for cell in results.cells.to_dict("records"):
        for folder in stage_folders(cell).values():
            record = json.loads((folder / "provenance.json").read_text())
            modified = " (with uncommitted changes)" if record.get("dirty") else ""
            for name, note in (("commit", modified), ("device", ""), ("python", "")):
                if record.get(name) is not None:  # a stage that only reads files names no device
                    seen[name][f"{record[name]}{note}"] = None
            packages = record.get("packages", {}).items()
            seen["packages"] |= {f"{n} {v}": None for n, v in packages if n.lower().replace("_", "-") in own}
    seen["protocol"] = {results.protocol: None} if results.protocol else {}
    seen["scoring"] = dict.fromkeys(_scoring_speeds(results))
    rows = [{"made with": name, "versions": ", ".join(values)} for name, values in seen.items() if values]
    return pd.DataFrame(rows, columns=["made with", "versions"])


def _scoring_speeds(results: Results) -> list[str]:
    """Images per second of each kind of metric over all cells, the loading of its weights included."""
    scored = [
        {"kind": kind, "images": pd.read_parquet(folder / "scores.parquet")["sample_id"].nunique(),
         "seconds": json.loads((folder / "provenance.json").read_text())["seconds"]}
        for cell in results.cells.to_dict("records")
        for kind, folder in stage_folders(cell).items() if kind in (cell["stages"].get("score") or {})
    ]  # fmt: skip
    total = pd.DataFrame(scored, columns=["kind", "images", "seconds"]).groupby("kind", sort=False).sum()
    return [f"{kind} {images / seconds:.3g} images/s" for kind, images, seconds in total.itertuples()]


def _draw(results: Results, made: tables.Tables, folder: Path) -> dict[str, str]:
    """Draw what there is data for; file -> caption."""
    figures, summary = {}, made.summary
    images = _grid_images(results, summary)
    if len(images):
        grids.image_grid(images, folder / "grid.webp")
        figures["grid.webp"] = (
            "Best cell of each method at the same prompts and image seeds, the first test seeds; "
            f"{'; '.join(said for kind, said in SHOWN.items() if kind in set(summary['kind']))}, which answer no prompt"
        )
    if len(copies := gallery.nearest(results, summary)):
        grids.xy_grid(copies, folder / "nearest_training.webp", absent="no picture")
        figures["nearest_training.webp"] = gallery.CAPTION
    test = results.images[results.images["test"].astype(bool)]
    figures |= study.draw(summary, results.cards, losses(results), test, folder)
    if made.tuning["expected"].notna().any() and made.tuning["k"].max() > 1:
        tuning_curves(made.tuning, results.cards[results.select], folder / "tuning.png")
        figures["tuning.png"] = CAPTION.format(title=results.cards[results.select].title)
    return figures


def _picture(file: str, caption: str) -> str:
    """A figure under its caption; a chart leads to its SVG."""
    shown = f"![{file}](figures/{file})"
    vector = f"figures/{file.removesuffix('.png')}.svg"
    return f"{markdown.escape(caption)}\n\n" + (f"[{shown}]({vector})" if file.endswith(".png") else shown)


def _grid_images(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """label, sample_id, text, path of what the grid shows; pictures, which answer no prompt, fill a column in order."""
    shown = summary[summary["best"] | ((summary["kind"] != "trained") & (summary["n"] > 0))]
    test = results.images[results.images["test"].astype(bool) & (results.images["asked"] == "")].merge(
        shown[["row", "label", "kind"]], on="row"
    )
    test = test.drop_duplicates(["row", "sample_id"]).sort_values("row", kind="stable")
    answers = ~test["kind"].isin(PICTURES)
    drawn, given = test[answers], test[~answers]
    seeds = drawn["seed"].drop_duplicates().head(GRID_SEEDS)
    drawn = drawn[drawn["seed"].isin(seeds)]
    places = drawn.drop_duplicates("sample_id")[["sample_id", "class_prompt", "seed"]].reset_index(drop=True)
    filler = given.groupby("label", sort=False).head(len(places)).copy()
    filler["sample_id"] = places["sample_id"].loc[filler.groupby("label").cumcount()].to_numpy()
    places["text"] = places["class_prompt"] + "\nseed " + places["seed"].astype(str)
    both = pd.concat([drawn, filler])[["label", "sample_id", "path"]]
    return both.merge(places[["sample_id", "text"]], on="sample_id", how="left")
