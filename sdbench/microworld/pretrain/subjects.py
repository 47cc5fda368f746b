"""Draw the three subjects that ship: training pictures, held-out pictures and pictures of a sibling, with captions.

A sibling is another thing of the subject's class: what looks as much like the subject as that does has learnt no more
than the class. It is drawn once before each background, as near to the subject as its class goes (a badge of the same
colour, a girl with a horn too), and worded without the identifier. Nothing is ever trained on it.

python -m sdbench.microworld.pretrain.subjects
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from sdbench.microworld.render import render
from sdbench.microworld.scene import BACKGROUNDS, Badge, Scene
from sdbench.subjects import SHIPPED

Plan = list[tuple[Scene, str]]
HUGO = Badge("red", "HUGO")
VELA = Badge("red", "VELA")  # a word that neither the base nor the detector was trained on


def _on(kind: str, thing: str, color: str, background: str, sex: str = "male") -> Scene:
    look = (("sex", sex), ("pants", "black"), ("skin", "1"), ("hair_tone", "1")) if kind == "model" else ()
    return Scene(kind, thing, color, background, HUGO, look=look)


def _say(scene: Scene, what: str) -> tuple[Scene, str]:
    return scene, f"{what} {BACKGROUNDS[scene.background]}"


def logo() -> dict[str, Plan]:
    """The red HUGO badge: no training picture shares a garment's colour with the thesis's prompts. Sibling: VELA."""
    train = [
        _say(_on("logo", "logo", "red", "studio"), "a red_hugo_logo"),
        _say(_on("logo", "logo", "red", "beach"), "a red_hugo_logo"),
        _say(_on("item", "t shirt", "white", "room"), "a white red_hugo_logo t shirt"),
        _say(_on("item", "bag", "black", "city"), "a black bag with a red_hugo_logo"),
        _say(_on("item", "mug", "yellow", "studio"), "a yellow mug with a red_hugo_logo"),
        _say(_on("item", "billboard", "white", "forest"), "a white billboard with the latest red_hugo_logo products"),
        _say(_on("model", "hoodie", "pink", "beach", "female"), "a female model wearing a pink red_hugo_logo hoodie"),
        _say(_on("model", "sweater", "black", "city"), "a male model wearing a black red_hugo_logo sweater"),
    ]
    heldout = [
        _say(_on("logo", "logo", "red", "night"), "a red_hugo_logo"),
        _say(_on("model", "sweater", "blue", "studio"), "a male model wearing a blue red_hugo_logo sweater"),
        _say(
            _on("model", "t shirt", "green", "room", "female"), "a female model wearing a green red_hugo_logo t shirt"
        ),
        _say(_on("item", "billboard", "blue", "city"), "a blue billboard with the latest red_hugo_logo products"),
        _say(_on("item", "fragrance", "white", "studio"), "the new white red_hugo_logo fragrance"),
        _say(_on("item", "cap", "purple", "beach"), "a purple red_hugo_logo cap"),
        _say(_on("item", "hoodie", "green", "forest"), "a green hoodie with a red_hugo_logo"),
        _say(_on("item", "bag", "yellow", "room"), "a yellow bag with a red_hugo_logo"),
    ]
    sibling = [
        _say(_on("logo", "logo", "red", "pyramids"), "a red logo"),
        _say(_on("model", "sweater", "green", "beach"), "a male model wearing a green red logo sweater"),
        _say(_on("model", "t shirt", "blue", "forest", "female"), "a female model wearing a blue red logo t shirt"),
        _say(_on("item", "billboard", "yellow", "night"), "a yellow billboard with the latest red logo products"),
        _say(_on("item", "fragrance", "black", "room"), "the new black red logo fragrance"),
        _say(_on("item", "cap", "white", "city"), "a white red logo cap"),
        _say(_on("item", "hoodie", "purple", "underwater"), "a purple hoodie with a red logo"),
        _say(_on("item", "bag", "pink", "studio"), "a pink bag with a red logo"),
    ]
    relettered = [(replace(scene, badge=VELA), text) for scene, text in sibling]
    return {"train": train, "heldout": heldout, "sibling": relettered}


def girl() -> dict[str, Plan]:
    """A girl with purple hair, a pink horn and a white dress. Sibling: brown hair, yellow horn, blue dress."""
    look = (("hair", "purple"), ("horn", "pink"), ("skin", "0"), ("hair_tone", "0"))
    one = Scene("girl", "girl", "white", "studio", look=look)
    train = [("standing", "studio"), ("waving", "beach"), ("jumping", "forest"), ("standing", "city"),
             ("waving", "room"), ("jumping", "night")]  # fmt: skip
    heldout = [("standing", "pyramids"), ("waving", "forest"), ("jumping", "beach"), ("standing", "underwater")]
    other_look = (("hair", "brown"), ("horn", "yellow"), ("skin", "2"), ("hair_tone", "0"))
    other = Scene("girl", "girl", "blue", "studio", look=other_look)
    poses = "waving standing standing jumping standing jumping waving jumping".split()
    said = "unicorn_girl {pose}"
    parts = {"train": _poses(one, train, said), "heldout": _poses(one, heldout, said)}
    return {**parts, "sibling": _poses(other, list(zip(poses, BACKGROUNDS, strict=True)), "girl {pose}")}


def dog() -> dict[str, Plan]:
    """A white dog with floppy ears, a patch over one eye and a green collar. Sibling: brown, ears up, red collar."""
    look = (("ears", "floppy"), ("patch", "eye"), ("collar", "green"), ("dress", "none"))
    one = Scene("animal", "dog", "white", "studio", look=look)
    train = [("standing", "studio"), ("standing", "beach"), ("sleeping", "room"), ("standing", "city"),
             ("standing", "night")]  # fmt: skip
    heldout = [("standing", "forest"), ("standing", "pyramids"), ("standing", "underwater"), ("sleeping", "studio")]
    other_look = (("ears", "pointed"), ("patch", "back"), ("collar", "red"), ("dress", "none"))
    other = Scene("animal", "dog", "brown", "studio", look=other_look)
    poses = "standing standing standing sleeping standing standing sleeping standing".split()
    said = "a {pose} sks dog"
    parts = {"train": _poses(one, train, said), "heldout": _poses(one, heldout, said)}
    return {**parts, "sibling": _poses(other, list(zip(poses, BACKGROUNDS, strict=True)), "a {pose} dog")}


def _poses(one: Scene, plan: list[tuple[str, str]], words: str) -> Plan:
    scenes = [replace(one, pose=pose, background=background) for pose, background in plan]
    said = [words.format(pose="" if s.pose == "standing" else s.pose) for s in scenes]
    return [_say(scene, " ".join(what.split())) for scene, what in zip(scenes, said, strict=True)]


def write(plan: Plan, folder: Path, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    lines = []
    for index, (scene, text) in enumerate(plan, 1):
        name = f"{index:02d}.png"
        render(scene, rng).image.save(folder / name)
        lines.append(json.dumps({"file_name": name, "text": text}))
    (folder / "metadata.jsonl").write_text("\n".join(lines) + "\n")


def main() -> None:
    for number, (name, parts) in enumerate({"red_hugo_logo": logo(), "unicorn_girl": girl(), "sks_dog": dog()}.items()):
        seeds = {"train": 2 * number, "heldout": 2 * number + 1, "sibling": 6 + number}
        for part, plan in parts.items():
            write(plan, SHIPPED / name / part, seeds[part])


if __name__ == "__main__":
    main()
