"""A study's run folder as the pipeline leaves it, small enough to work out by hand; built with plain pandas.

Two prompts, validation seeds 0 and 1, test seeds 10, 11 and 12. Scores are functions of (prompt, seed), see SCORES.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from sdbench.folders import hashes, write_record
from sdbench.records import PICTURES

PROMPTS = {"p-0": "A badge", "p-1": "A model | wearing a <b>blue</b> badge sweater"}
VALIDATION, TEST = [0, 1], [10, 11, 12]
CARD = {"unit": "", "direction": "higher", "low": 0.0, "high": 1.0, "backbone": "x", "preprocessing": "x",
        "aggregation": "mean", "version": 1, "source": "x"}  # fmt: skip
PROVENANCE = {
    "commit": "abc123", "dirty": False, "device": "cpu", "python": "3.11.7", "packages": {"torch": "2.13.0"},
    "seconds": 2.0,
}  # fmt: skip
Scorer = Callable[[str, int], float | None]


def write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


class Folder:
    """`runs/<study>/` under `root`, filled cell by cell, then closed with `finish`."""

    def __init__(
        self, root: Path, study: str = "tiny", test: list[int] = TEST, cards: dict[str, dict[str, Any]] | None = None
    ) -> None:
        """test: the test seeds. cards: what a metric's card says otherwise."""
        self.runs, self.study, self.cells = root / "runs", study, list[str]()
        self.test, self.cards = test, cards or {}
        self.store = self.runs / ".store"

    def stage(self, name: str, files: dict[str, Any]) -> str:
        folder = self.store / name
        folder.mkdir(parents=True)
        for file, content in files.items():
            if isinstance(content, pd.DataFrame):
                content.to_parquet(folder / file)
            else:
                write_json(folder / file, content)
        return name

    def cell(self, method: str, parameters: str = "", scores: dict[str, Scorer] | None = None, **fields: Any) -> None:
        """One cell; `scores` maps metric to value by (prompt id, seed). Without scores it is what `fields` says."""
        parts = [fields.get("subject", ""), fields.get("context", ""), f"seed{fields.get('train_seed', 0)}"]
        name = "-".join(filter(None, [method, parameters, *parts]))
        kind = fields.get("kind", "trained")
        stages: dict[str, Any] = {}
        if kind == "trained":
            steps = np.arange(40)
            loss = pd.DataFrame({"step": steps, "loss": 0.2 + np.exp(-steps / 10.0), "lr": 0.001})
            result = {"train_seconds": 10.0 + 2 * fields.get("train_seed", 0), "peak_memory_bytes": 2_000_000_000,
                      "trainable_parameters": 12345, "weight_bytes": 50_000}  # fmt: skip
            stages["train"] = self.stage(f"train/{name}", {"loss.parquet": loss, "result.json": result})
        if scores is not None:
            stages["generate"], keys = self._generate(name, kind)
            stages["score"] = {f"k_{metric}": self._score(name, metric, by, keys) for metric, by in scores.items()}
        record = {
            "cell": name, "study": self.study, "subject": "hugo", "model": "micro", "method": method,
            "parameters": parameters, "kind": kind, "lr": None, "steps": None, "train_seed": 0, "status": "done",
            "cause": None, "validation_seeds": VALIDATION, "test_seeds": self.test, "overrides": [],
            "store": str(self.store), "stages": stages,
        }  # fmt: skip
        write_json(self.runs / self.study / name / "cell.json", {**record, **fields})
        self.cells.append(name)

    def _generate(self, name: str, kind: str) -> tuple[str, list[tuple[str, int]]]:
        keys = [(prompt, seed) for prompt in PROMPTS for seed in VALIDATION + self.test]
        if kind in PICTURES:
            keys = [(kind, seed) for seed in range(4)]
        rows = [
            {"sample_id": f"{prompt}-{seed}", "prompt_id": prompt, "prompt": "as given", "seed": seed,
             "class_prompt": PROMPTS.get(prompt, ""), "file": f"images/{prompt}-{seed}.png"}
            for prompt, seed in keys
        ]  # fmt: skip
        files = {"samples.parquet": pd.DataFrame(rows), "result.json": {"seconds": 3.5}}
        stage = self.stage(f"generate/{name}", files)
        (self.store / stage / "images").mkdir(exist_ok=True)
        for index, row in enumerate(rows):
            pixels = np.random.default_rng([index, len(name)]).integers(0, 255, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(pixels).resize((64, 64), 0).save(self.store / stage / row["file"])
        return stage, keys

    def _score(self, name: str, metric: str, value: Scorer, keys: list[tuple[str, int]]) -> str:
        values = [value(prompt, seed) for prompt, seed in keys]
        rows = [
            {"sample_id": f"{prompt}-{seed}", "metric": metric, "value": got, "evidence": "{}",
             "reason": None if got is not None else f"no {metric} here"}
            for (prompt, seed), got in zip(keys, values, strict=True)
        ]  # fmt: skip
        frame = pd.DataFrame(rows).sample(frac=1, random_state=0)  # the order of scores is nobody's promise
        cards = [{**CARD, "name": metric, "title": f"title of {metric}", "headline": metric != "detail"}]
        cards[0] |= self.cards.get(metric, {})
        return self.stage(f"score/{name}-{metric}", {"scores.parquet": frame, "cards.json": cards})

    def finish(
        self, select: str = "average(ocr, yolo)", published: str | None = None, joules: dict[str, float] | None = None,
        **fields: Any,
    ) -> Path:  # fmt: skip
        """joules: what was read of each stage, `train` or `generate`."""
        for folder in self.store.glob("*/*"):
            energy = {"energy_joules": (joules or {}).get(folder.parent.name)}
            write_record(folder, {**PROVENANCE, **energy, "files": hashes(folder)})
        study = {"name": self.study, "question": "Which?", "published": published, "select": select}
        write_json(self.runs / self.study / "study.json", {**study, "cells": self.cells, **fields})
        return self.runs


def everywhere(value: float | None) -> Scorer:
    return lambda prompt, seed: value


def by_seed(validation: float, test: dict[int, float | None]) -> Scorer:
    return lambda prompt, seed: test.get(seed, validation)


def example(root: Path, **study: Any) -> Path:
    """base, base_raw, dreambooth (two rates), lora (two train seeds; another rate diverged at one seed), real."""
    folder = Folder(root)
    base = {"yolo": by_seed(0.1, {10: 0.1, 11: 0.2, 12: 0.3}), "ocr": everywhere(0.0), "clip": everywhere(0.3)}
    folder.cell("base", scores=base, kind="base")
    folder.cell("base_raw", scores={**base, "yolo": everywhere(0.05)}, kind="base_raw")
    good = {"yolo": by_seed(0.6, {10: 0.5, 11: 0.7, 12: 0.9}), "ocr": by_seed(0.0, {10: 1.0, 11: 0.0, 12: None})}
    flattered = {"yolo": by_seed(0.5, {10: 1.0, 11: 1.0, 12: 1.0}), "ocr": by_seed(0.0, {10: 1.0, 11: 1.0, 12: 1.0})}
    folder.cell("dreambooth", "lr0.001", {**good, "clip": everywhere(0.2)}, lr=1e-3, steps=40)
    folder.cell("dreambooth", "lr0.01", {**flattered, "clip": everywhere(0.4)}, lr=1e-2, steps=40)
    for seed, yolo in ((0, 0.4), (1, 0.8)):
        scores = {"yolo": everywhere(yolo), "ocr": everywhere(float(seed)), "clip": everywhere(0.3)}
        folder.cell("lora", "lr0.001", scores, lr=1e-3, steps=40, train_seed=seed)
    folder.cell("lora", "lr0.01", {metric: everywhere(1.0) for metric in base}, lr=1e-2, steps=40)
    folder.cell("lora", "lr0.01", status="diverged", cause="loss was nan at step 7", lr=1e-2, steps=40, train_seed=1)
    folder.cell("real", scores={"yolo": everywhere(0.9), "ocr": everywhere(1.0), "clip": everywhere(None)}, kind="real")
    return folder.finish(**study)
