"""From a study's runs to a page: `reports/<study>/`. A reader: it runs nothing, imports no torch, changes no run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.metadata import requires
from pathlib import Path

import pandas as pd

from sdbench import markdown, page, studies, tables
from sdbench.errors import UserError
from sdbench.plots import grids, study
from sdbench.results import Results, load, losses, stage_folders

GRID_SEEDS = 2  # image seeds shown per prompt: the first of the test seeds, whatever they show

INTERVALS = """Means over the images of the test seeds; in brackets the 95 % interval, a bootstrap over clusters. A
cluster is one prompt with one image seed: {clusters} of them per row. Prompts are the study's fixed conditions, image
seeds its random draws; images of replicates (other training seeds) fall into the same cluster, so the spread between
trainings is averaged, not shown. An image that could not be judged is left out and counted, never 0."""

PAGE = """# {name}

{question}

{missing}{provenance}

Every number with the images behind it: open [index.html](index.html) in a browser, from disk.

## Best cell of each method

Chosen by the mean of `{select}` on the validation seeds; the numbers are from the test seeds, which the choice did
not see.

{thesis}

{intervals}

{published}{studies}## Leaderboard

Every setting tried, by `{select}`. `base` is the untuned model asked with the class words, `base_raw` with the raw
prompt (floors); `real` are held-out pictures of the subject (ceiling). All metrics and counts:
[leaderboard.csv](leaderboard.csv).

{leaderboard}

{unscored}## Against the untuned base

Best cell minus base, paired on the same prompt and image seed. `tie`: the interval holds 0. Each interval stands for
itself, none is widened for there being several. [paired.csv](paired.csv)

{paired}

## Pictures

{pictures}
"""


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
    summary = tables.summarise(results)
    folder = out / study_name
    folder.mkdir(parents=True, exist_ok=True)
    board, best, paired = (make(results, summary) for make in (tables.leaderboard, tables.thesis, tables.paired))
    for name, table in (("leaderboard", board), ("thesis", best), ("paired", paired)):
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    figures = _draw(results, summary, folder / "figures")
    made_with = _made_with(results)
    intervals = INTERVALS.format(clusters=_span(summary.loc[summary["n"] > 0, "clusters"]))
    page.write(results, summary, board, made_with, intervals, folder)
    parts = {
        "name": study_name,
        "question": markdown.escape(results.question),
        "select": results.select,
        "missing": f"**Not run yet:** {', '.join(results.missing)}\n\n" if results.missing else "",
        "provenance": markdown.table(made_with),
        "thesis": markdown.thesis(best),
        "intervals": intervals,
        "published": published,
        "studies": studies.sections(results, summary, runs, experiments, folder),
        "leaderboard": markdown.leaderboard(results, board),
        "unscored": _unscored(results),
        "paired": markdown.paired(results, paired),
        "pictures": "\n\n".join(_picture(file, caption) for file, caption in figures.items()),
    }
    (folder / "README.md").write_text(PAGE.format(**parts))
    (folder / "leaderboard.md").write_text("{leaderboard}\n\n{intervals}\n\n{unscored}".format(**parts).rstrip() + "\n")
    (folder / "thesis.md").write_text("{thesis}\n\n{intervals}\n\n{published}".format(**parts).rstrip() + "\n")
    return folder


def _span(counts: Iterable[int]) -> str:
    low, high = min(counts, default=0), max(counts, default=0)
    return f"{low}" if low == high else f"{low} to {high}"


def _unscored(results: Results) -> str:
    table = tables.unscored(results)
    return f"Images that could not be judged:\n\n{markdown.table(table)}\n\n" if len(table) else ""


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
    rows = [{"made with": name, "versions": ", ".join(values)} for name, values in seen.items() if values]
    return pd.DataFrame(rows, columns=["made with", "versions"])


def _draw(results: Results, summary: pd.DataFrame, folder: Path) -> dict[str, str]:
    """Draw what there is data for; file -> caption."""
    figures = {}
    images = _grid_images(results, summary)
    if len(images):
        grids.image_grid(images, folder / "grid.webp")
        figures["grid.webp"] = (
            "Best cell of each method at the same prompts and image seeds, the first test seeds; "
            "`real`: held-out pictures, which answer no prompt"
        )
    test = results.images[results.images["test"].astype(bool)]
    return figures | study.draw(summary, results.cards, losses(results), test, folder)


def _picture(file: str, caption: str) -> str:
    """A figure under its caption; a chart leads to its SVG."""
    shown = f"![{file}](figures/{file})"
    vector = f"figures/{file.removesuffix('.png')}.svg"
    return f"{markdown.escape(caption)}\n\n" + (f"[{shown}]({vector})" if file.endswith(".png") else shown)


def _grid_images(results: Results, summary: pd.DataFrame) -> pd.DataFrame:
    """label, sample_id, text, path of what the grid shows; held-out pictures, which answer no prompt, fill a column."""
    shown = summary[summary["best"] | ((summary["kind"] != "trained") & (summary["n"] > 0))]
    test = results.images[results.images["test"].astype(bool) & (results.images["asked"] == "")].merge(
        shown[["row", "label", "kind"]], on="row"
    )
    test = test.drop_duplicates(["row", "sample_id"]).sort_values("row", kind="stable")
    drawn, real = test[test["kind"] != "real"], test[test["kind"] == "real"]
    seeds = drawn["seed"].drop_duplicates().head(GRID_SEEDS)
    drawn = drawn[drawn["seed"].isin(seeds)]
    places = drawn.drop_duplicates("sample_id")[["sample_id", "class_prompt", "seed"]].reset_index(drop=True)
    filler = real.groupby("label", sort=False).head(len(places)).copy()
    filler["sample_id"] = places["sample_id"].loc[filler.groupby("label").cumcount()].to_numpy()
    places["text"] = places["class_prompt"] + "\nseed " + places["seed"].astype(str)
    both = pd.concat([drawn, filler])[["label", "sample_id", "path"]]
    return both.merge(places[["sample_id", "text"]], on="sample_id", how="left")
