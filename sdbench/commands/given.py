"""What a person brings: labelled pictures for a detector, and others' images and weights to score."""

from __future__ import annotations

import sys
from pathlib import Path

from sdbench.commands.base import Parser
from sdbench.errors import UserError


def detector(words: list[str]) -> int:
    """sdbench detector SUBJECT --labels FOLDER [OVERRIDE...]

    Train a YOLOv8 for the logo of a subject's folder from labelled pictures, and measure its error rates.

      --labels FOLDER   with images/ and labels/ in YOLO's format; an empty label file is a picture without the logo

    An OVERRIDE is one of conf/detector.yaml (epochs=50), or store=..., device=... or threads=...
    """
    parser = Parser(prog="sdbench detector", add_help=False, allow_abbrev=False)
    parser.add_argument("subject")
    parser.add_argument("--labels", type=Path)
    asked, overrides = parser.parse(words)
    if asked.labels is None:
        without = "without labels the subject is scored by everything else, and `yolo` says why it is not"
        raise UserError(f"detector wants --labels FOLDER, with images/ and labels/ in YOLO's format; {without}")
    from sdbench import config, devices
    from sdbench.conversion import convert
    from sdbench.detector import Machine, Settings, make, plan, summary
    from sdbench.store import Store

    shared = [word for word in overrides if word.partition("=")[0] in ("store", "device", "threads")]
    cell = config.compose_cell(shared)
    plain = config.compose_file("detector", [word for word in overrides if word not in shared])
    machine = Machine(devices.resolve(cell.device), devices.threads(cell.threads))
    wanted = plan(asked.subject, asked.labels, convert(Settings, plain, ""), machine)
    print(summary(make(wanted, Store(cell.store))))
    return 0


def score(words: list[str]) -> int:
    """sdbench score --images FOLDER [--prompts FILE] [--name NAME] [--study NAME] OVERRIDE...

    Judge images that others made, beside a study's own; or draw its prompts with others' weights, and judge those.

      --images FOLDER     the images; what they show is said in its metadata.jsonl
      --prompts FILE      lines {"file_name", "prompt", "seed"}, where --images has no metadata.jsonl of its own
      --lora FILE         a LoRA in safetensors, for the study's base model
      --embedding FILE    a Textual Inversion in safetensors, for the study's base model
      --pipeline FOLDER   a whole pipeline, as diffusers saves it
      --name NAME         of the row; else the file's or folder's
      --study NAME        of experiments/; else study=... and what else is to be set
    """
    parser = Parser(prog="sdbench score", add_help=False, allow_abbrev=False)
    kinds = ("images", "lora", "embedding", "pipeline")
    for option in (*kinds, "prompts", "name", "study"):
        parser.add_argument(f"--{option}")
    known, overrides = parser.parse(words)
    asked = vars(known)
    chosen = [kind for kind in kinds if asked[kind]]
    if len(chosen) != 1:
        raise UserError("score takes one of --images FOLDER, --lora FILE, --embedding FILE and --pipeline FOLDER")
    if asked["prompts"] and chosen != ["images"]:
        raise UserError("--prompts says what --images were drawn for; weights are asked the prompts of the study")
    from sdbench.settings import External
    from sdbench.sweep import external

    path = Path(asked[chosen[0]])
    name = asked["name"] or "".join(c if c.isalnum() or c in "-_." else "-" for c in path.expanduser().resolve().stem)
    made = External(name, chosen[0], str(path), asked["prompts"])
    record = external.score(made, asked["study"], overrides)
    if record["status"] != "done":
        print(f"{record['cell']}: {record['status']} ({record['cause']}); log: {record.get('log')}", file=sys.stderr)
        return 1
    print(f"{record['cell']} is in runs/{record['study']}/; sdbench report {record['study']} shows it")
    return 0
