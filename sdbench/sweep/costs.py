"""What work like this took before: from the store's own results, else from a table measured on a named machine.

python -m sdbench.sweep.costs STORE "MACHINE"     writes that table, measured.json, from a store
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sdbench.store import Store

MEASURED = Path(__file__).parent / "measured.json"
LEAST = 200  # examples, or images x inference steps: what took less tells of loading and warming up
READ_AT_MOST = 300  # finished folders of a kind: the newest tell enough
BYTES_LEARNT = 12  # of resume state for each trainable parameter: itself and AdamW's two moments, in float32
ALIKE = (0, 1, 3, 5, 6)  # words of a key: work, family, resolution, precision and device
Work = Sequence[tuple[int, Mapping[str, Any]]]  # how often, and the settings of the stage


@dataclass(frozen=True)
class Range:
    """low and high are null where nothing like it was ever measured. source: where the figures come from."""

    low: float | None
    high: float | None
    source: str


def estimate(store: Store, steps: Work, images: Work, checkpoints: Work, judged: Work) -> tuple[Range, Range]:
    """Seconds on one worker, and bytes that stay in the store. checkpoints: how many of each trajectory stay.

    judged: images of each score that is to be made. What was never measured counts as what is most like it, and is
    said to be rough; a judge that never was is left out, and said to be.
    """
    if not (steps or images or checkpoints or judged):
        return Range(0.0, 0.0, ""), Range(0.0, 0.0, "")
    shipped = json.loads(MEASURED.read_text())
    known = {key: (found, shipped["machine"]) for key, found in shipped["costs"].items()}
    known |= {key: (found, "this store's own results") for key, found in history(store).items()}
    seconds = [_cost(known, f"example {_step(s)}", count * _examples(s)) for count, s in steps]
    seconds += [_cost(known, f"call {_base(s)}", count * s["sampler"]["num_inference_steps"]) for count, s in images]
    seconds += _judging(known, judged)
    size = [_cost(known, f"weights {_training(settings)}", count) for count, settings in checkpoints]
    size += [_cost(known, f"state {_training(settings)}", 1) for _, settings in checkpoints]
    size += [_cost(known, f"image {_base(settings)}", count) for count, settings in images]
    return _sum(seconds), _sum(size)


def history(store: Store) -> dict[str, list[float]]:
    """Kind of work -> [lowest, highest] that the store's finished folders took, for each step, image and file."""
    found: dict[str, list[float]] = {}

    def note(key: str, value: float) -> None:
        low, high = found.get(key, (value, value))
        found[key] = [min(low, value), max(high, value)]

    for folder in _newest(store, "train"):
        settings, result = _read(folder)
        if result["status"] == "done":
            if (examples := result["steps"] * _examples(settings)) >= LEAST:
                note(f"example {_step(settings)}", result["train_seconds"] / examples)
            note(f"weights {_training(settings)}", result["weight_bytes"])
            note(f"state {_training(settings)}", BYTES_LEARNT * result["trainable_parameters"])
    for folder in _newest(store, "generate"):
        settings, result = _read(folder)
        if count := len(settings.get("samples", [])):
            if (calls := count * settings["sampler"]["num_inference_steps"]) >= LEAST:
                note(f"call {_base(settings)}", result["seconds"] / calls)
            note(f"image {_base(settings)}", _bytes(folder) / count)
    return found | _judges(store)


def _judges(store: Store) -> dict[str, list[float]]:
    """Judge -> seconds an image: of the fastest folder, and of all together, the loading of weights included."""
    found: dict[str, list[tuple[float, int]]] = {}
    for folder in _newest(store, "score"):
        settings = json.loads((folder / "settings.json").read_text())["settings"]
        seconds = json.loads((folder / "provenance.json").read_text())["seconds"]
        if images := len(set(pq.read_table(folder / "scores.parquet", columns=["sample_id"])["sample_id"].to_pylist())):
            found.setdefault(f"judged {_judge(settings)}", []).append((seconds, images))
    return {
        key: [min(s / n for s, n in all_), sum(s for s, _ in all_) / sum(n for _, n in all_)]
        for key, all_ in found.items()
    }


def _judge(settings: Mapping[str, Any]) -> str:
    """What the cost of a judgement hangs on: `dino bundled:encoder cpu`."""
    said = (settings["kind"], settings["settings"].get("model"), settings["judge"].get("device"))
    return " ".join(str(word) for word in said if word)


def _judging(known: Mapping[str, tuple[list[float], str]], judged: Work) -> list[Range]:
    parts = [_cost(known, f"judged {_judge(settings)}", count) for count, settings in judged]
    unknown = sorted({_judge(settings) for (_, settings), part in zip(judged, parts, strict=True) if part.low is None})
    left_out = [Range(0.0, 0.0, f"without scoring by {', '.join(unknown)}, never measured")] if unknown else []
    return [part for part in parts if part.low is not None] + left_out


def _examples(settings: Mapping[str, Any]) -> int:
    """Of a step: the subject's, and as many of the class's where there is a prior."""
    size: int = settings["train"]["batch_size"]
    return size * (2 if settings["class_images"] else 1)


def _step(settings: Mapping[str, Any]) -> str:
    """What the cost of an example hangs on."""
    packs = f", packs of {settings['pack']}" if "pack" in settings else ""
    shared = f", {settings['train']['processes']} processes" if "processes" in settings["train"] else ""
    return _training(settings) + packs + shared


def _training(settings: Mapping[str, Any]) -> str:
    """What the size of what is learnt hangs on, and nearly all of its cost."""
    return f"{_base(settings)}, {'+'.join(sorted(settings['adapters']))}, mixed {settings['train']['mixed_precision']}"


def _base(settings: Mapping[str, Any]) -> str:
    model = settings["model"]
    return (
        f"{model['family']} {settings['base'][:12]} {model['resolution_px']} px {model['dtype']} {settings['device']}"
    )


def _cost(known: Mapping[str, tuple[list[float], str]], key: str, count: int) -> Range:
    if not count:
        return Range(0.0, 0.0, "")
    if key in known:
        (low, high), source = known[key]
        return Range(count * low, count * high, source)
    if not (alike := _nearest(known, key)):
        return Range(None, None, f"never measured: {key}")
    low, high = min(known[one][0][0] for one in alike), max(known[one][0][1] for one in alike)
    return Range(count * low, count * high, f"rough: never measured, so as {' or '.join(alike)}")


def _nearest(known: Mapping[str, Any], key: str) -> list[str]:
    """The measured keys that have most words in common with one that is not: of the same family, device and size.

    And, where bytes are asked for, of the same adapters; none of a judge.
    """
    words = _words(key)
    if words[0] == "judged":
        return []
    same = [*ALIKE, *([7] if words[0] in ("weights", "state") else [])]
    able = [
        one
        for one in known
        if one.split()[0] == words[0] and [_words(one)[i] for i in same] == [words[i] for i in same]
    ]
    most = max((len({*words} & {*_words(one)}) for one in able), default=0)
    return sorted(one for one in able if len({*words} & {*_words(one)}) == most)


def _words(key: str) -> list[str]:
    return key.replace(",", "").split()


def _sum(parts: Sequence[Range]) -> Range:
    """Unknown where any part is."""
    unknown = {part.source for part in parts if part.low is None}
    if unknown:
        return Range(None, None, "; ".join(sorted(unknown)))
    sources = sorted({part.source for part in parts} - {""})
    return Range(sum(p.low or 0.0 for p in parts), sum(p.high or 0.0 for p in parts), "; ".join(sources))


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _newest(store: Store, stage: str) -> list[Path]:
    folders = [p.parent for p in (store.root / stage).glob("[!.]*/provenance.json")]
    return sorted(folders, key=lambda folder: folder.stat().st_mtime_ns)[-READ_AT_MOST:]


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    settings = json.loads((folder / "settings.json").read_text())["settings"]
    return settings, json.loads((folder / "result.json").read_text())


if __name__ == "__main__":
    found = history(Store(sys.argv[1]))
    MEASURED.write_text(json.dumps({"machine": sys.argv[2], "costs": dict(sorted(found.items()))}, indent=1) + "\n")
