"""A study's finished cells, read back from `runs/<study>/` and the store into frames. Never torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sdbench.errors import UserError, nearest
from sdbench.halving import EarlyStoppingSettings
from sdbench.records import PICTURES, STOPPED, Card
from sdbench.settings import AVERAGE
from sdbench.store import SMALL_BYTES, Store

ROW = ["subject", "model", "method", "parameters"]  # what a leaderboard row is; train seeds are replicates within it
THESIS = {AVERAGE: AVERAGE, "yolo": "mean_confidence_score", "ocr": "mean_ocr_score"}  # as published
AVERAGE_CARD = Card(
    name=AVERAGE,
    title=AVERAGE,
    unit="",
    direction="higher",
    low=0.0,
    high=1.0,
    backbone="as ocr and yolo",
    preprocessing="none",
    aggregation="mean",
    version=1,
    source="logo personalization thesis, June 2023",
)
TRAIN_COSTS = ["train_seconds", "peak_memory_bytes", "trainable_parameters", "weight_bytes"]
ENERGIES = {"train": "train_energy_joules", "generate": "generate_energy_joules"}
AUDIT = "audit.json"  # beside the cells: {metric: {"passed": bool, "why": str}}
IMAGE = ["cell", "asked", "sample_id", "prompt_id", "class_prompt", "seed", "path", "validation", "test"]


@dataclass(frozen=True)
class Results:
    """What a study's runs hold, the average of ocr and yolo included.

    cells: a row per finished cell, in the study's order: cell.json, costs, `context` (what it shares with its floors
    and ceiling) and `row`, the number of its leaderboard row. images: a row per image (columns IMAGE and `row`) of
    leaderboard rows whose cells are all done. asked: whose prompts the image was drawn for, a metric's own prompt set
    or, where empty, the study.
    values, reasons: the index of images, a column per metric. Of an image that a metric is to judge (its card's
    prompts are the image's), a value is NaN exactly where there is a reason; of the others there is neither.
    missing: cells of the study that have not run. audited: whether some audit was made; flagged: those that failed, and
    why. tables: of sdbench.studies, with what is published beside each. early_stopping: null where every cell was to be
    trained.
    """

    name: str
    question: str
    published: str | None
    select: str
    cells: pd.DataFrame
    images: pd.DataFrame
    values: pd.DataFrame
    reasons: pd.DataFrame
    cards: dict[str, Card]
    missing: list[str]
    audited: bool
    flagged: dict[str, str]
    tables: dict[str, str | None]
    early_stopping: EarlyStoppingSettings | None

    @property
    def caveats(self) -> list[str]:
        """What is to be said with every table."""
        asked = "asks each metric whether it sees on this subject what it claims to"
        unaudited = f"Not audited: sdbench audit {self.name} {asked}."
        return [*([self.protocol] if self.protocol else []), *([] if self.audited else [unaudited])]

    @property
    def protocol(self) -> str:
        """How its cells were chosen to be trained, in words, where that was not all of them."""
        if self.early_stopping is None:
            return ""
        metric, factor = self.early_stopping.metric, self.early_stopping.reduction_factor
        return (
            f"Early stopping (ASHA, arXiv 1810.05934; metric {metric} on validation seeds, reduction factor {factor}): "
            f"cells that are marked {STOPPED} were not trained, as fewer steps had not put them among the best of "
            "their method; which ones they are may hang on when each score arrived. Not comparable with a full grid."
        )


def load(study_name: str, runs: Path) -> Results:
    """Everything under `runs/<study_name>/`.

    Raises UserError if it is not there or a folder that it points to is gone, StoreError if a file of one changed.
    """
    path = runs / study_name / "study.json"
    if not path.is_file():
        known = sorted(found.parent.name for found in runs.glob("*/study.json"))
        missing = f"{path} is missing{nearest(study_name, known)}"
        raise UserError(f"study {study_name!r} has no results: {missing}; `make report` runs a study")
    study = json.loads(path.read_text())
    files = {name: path.parent / name / "cell.json" for name in study["cells"]}
    records = [json.loads(file.read_text()) for file in files.values() if file.is_file()]
    if not records:
        raise UserError(f"study {study_name!r} has no finished cell in {path.parent}; run it again to finish one")
    for store, folder in dict.fromkeys((r["store"], f) for r in records for f in stage_folders(r).values()):
        Store(store).check(folder, below=SMALL_BYTES)
    cells = pd.DataFrame([{**record, **_costs(record)} for record in records])
    cells["row"] = cells.groupby(ROW, sort=False, dropna=False).ngroup()
    cells["context"] = cells.reindex(columns=["context"])["context"].astype(object).fillna("")
    whole = cells.groupby("row")["status"].transform(lambda status: bool((status == "done").all()))
    images, values, reasons, cards = judged([record for record, done in zip(records, whole, strict=True) if done])
    if study["select"] not in cards and len(images):
        raise UserError(f"{path}: select is {study['select']!r}, which is no metric{nearest(study['select'], cards)}")
    return Results(
        name=study_name,
        question=study["question"],
        published=study["published"],
        select=study["select"],
        cells=cells,
        images=images.merge(cells[["cell", "row"]], on="cell", how="left"),
        values=values,
        reasons=reasons,
        cards=cards,
        missing=[name for name, file in files.items() if not file.is_file()],
        audited=(path.parent / AUDIT).is_file(),
        flagged=_flagged(path.parent / AUDIT),
        tables=study.get("tables", {}),
        early_stopping=EarlyStoppingSettings(**early) if (early := study.get("early_stopping")) else None,
    )


def _flagged(path: Path) -> dict[str, str]:
    """Metric -> why it failed the audit; the average of two is not better than either. Nothing without an audit."""
    if not path.is_file():
        return {}
    try:
        audit = json.loads(path.read_text())
        failed = {str(name): str(said["why"]) for name, said in audit.items() if not said["passed"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        content = '{metric: {"passed", "why"}}'
        raise UserError(f"{path} is no audit, {content}: {error!r}; audit the study again") from None
    parts = [f"{name}: {failed[name]}" for name in ("ocr", "yolo") if name in failed]
    return {AVERAGE: "; ".join(parts), **failed} if parts else failed


def stage_folders(cell: Mapping[Any, Any]) -> dict[str, Path]:
    """`train`, `generate`, `asked <prompt set>` and each metric kind -> its folder in the store, where it ran."""
    made = ("train", "generate")  # a trajectory is resume state, which may be let go
    stages = {name: stage for name, stage in cell["stages"].items() if name in made}
    stages |= {f"asked {name}": stage for name, stage in cell["stages"].get("asked", {}).items()}
    stages |= cell["stages"].get("score") or {}
    folders = {name: Path(cell["store"]) / stage for name, stage in stages.items()}
    for folder in folders.values():
        if not folder.is_dir():
            raise UserError(f"cell {cell['cell']!r} points to {folder}, which is gone; run the study again")
    return folders


def losses(results: Results) -> pd.DataFrame:
    """Loss per step of every training that left one, diverged ones too: step, loss, row, train_seed."""
    parts = [pd.DataFrame({"step": [], "loss": [], "row": [], "train_seed": []})]
    for cell in results.cells.to_dict("records"):
        file = stage_folders(cell).get("train", Path("absent")) / "loss.parquet"
        if file.is_file():
            loss = pd.read_parquet(file)[["step", "loss"]]
            parts.append(loss.assign(row=cell["row"], train_seed=cell["train_seed"]))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _costs(cell: dict[str, Any]) -> dict[str, float | None]:
    folders = stage_folders(cell)
    results: dict[str, dict[str, Any]] = {}
    for stage in ENERGIES:
        file = folders.get(stage, Path("absent")) / "result.json"
        results[stage] = json.loads(file.read_text()) if file.is_file() else {}
    measured = {key: results["train"].get(key) for key in TRAIN_COSTS}
    measured["generate_seconds"] = results["generate"].get("seconds")
    return measured | {key: _energy(folders.get(stage), results[stage]) for stage, key in ENERGIES.items()}


def _energy(folder: Path | None, result: Mapping[str, Any]) -> float | None:
    """Joules as the stage's provenance read them.

    A training that went on from an earlier checkpoint read only its own steps': they stand for all of its steps. None
    is known of an arm of a pack: the meter ran only while its folder was written.
    """
    if folder is None or "slots" in result:
        return None
    read: float | None = json.loads((folder / "provenance.json").read_text()).get("energy_joules")
    steps, run = result.get("steps"), result.get("steps_run")
    if read is None or steps is None or run is None:
        return read
    return read * steps / run if run else None


def validation_mean(cells: list[dict[str, Any]], metric: str) -> float | None:
    """What cells that are done are chosen by: the mean over their images of validation seeds; None without a score."""
    images, values, *_ = judged(cells)
    chosen = values.loc[images["validation"].to_numpy(dtype=bool), metric].mean() if metric in values else float("nan")
    return float(chosen) if chosen == chosen else None


def judged(cells: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, Card]]:
    """Images, values, reasons and cards of cells that are done."""
    images, values, reasons = [pd.DataFrame(columns=IMAGE)], [pd.DataFrame()], [pd.DataFrame()]
    cards = {AVERAGE: AVERAGE_CARD}
    for cell in cells:
        folders = stage_folders(cell)
        scored = [folders[kind] for kind in cell["stages"].get("score") or ()]
        if not scored:
            raise UserError(f"cell {cell['cell']!r} has no scores; give its study a metric and run it again")
        for folder in scored:
            cards |= {card["name"]: Card(**card) for card in json.loads((folder / "cards.json").read_text())}
        long = pd.concat([pd.read_parquet(folder / "scores.parquet") for folder in scored])
        for asked in ("", *cell["stages"].get("asked", {})):
            drawn = _images(cell, asked, folders[f"asked {asked}" if asked else "generate"])
            images.append(drawn)
            mine = long[long["metric"].isin([name for name, card in cards.items() if card.prompts == asked])]
            for parts, column in ((values, "value"), (reasons, "reason")):
                wide = mine.pivot(index="sample_id", columns="metric", values=column)
                parts.append(wide.reindex(drawn["sample_id"]))
    table = pd.concat(images[1:] or images, ignore_index=True)
    numbers = pd.concat(values[1:] or values, ignore_index=True).reindex(columns=list(cards)).astype(float)
    words = pd.concat(reasons[1:] or reasons, ignore_index=True).reindex(columns=list(cards)).astype(object)
    for name, card in cards.items():
        lost = (table["asked"] == card.prompts) & words[name].isna() & numbers[name].isna()
        words.loc[lost, name] = "was not scored"
    _add_average(numbers, words, table["asked"] == "")
    return table, numbers, words, cards


def _images(cell: dict[str, Any], asked: str, folder: Path) -> pd.DataFrame:
    samples = pd.read_parquet(folder / "samples.parquet")
    every_split = cell["kind"] in PICTURES  # they have no image seed to split by
    columns = samples[["sample_id", "prompt_id", "class_prompt", "seed"]]
    return columns.assign(
        cell=cell["cell"],
        asked=asked,
        path=[str(folder / file) for file in samples["file"]],
        validation=samples["seed"].isin(cell["validation_seeds"]) | every_split,
        test=samples["seed"].isin(cell["test_seeds"]) | every_split,
    )


def _add_average(values: pd.DataFrame, reasons: pd.DataFrame, judged: pd.Series) -> None:
    """Per image the mean of exact OCR and detector confidence, or the reason of the one that is missing."""
    for metric in ("ocr", "yolo"):
        if metric not in values:
            reasons.loc[judged, AVERAGE] = f"{metric} is not among the study's metrics"
            return
    values[AVERAGE] = (values["ocr"] + values["yolo"]) / 2
    reasons[AVERAGE] = reasons["ocr"].fillna(reasons["yolo"])
