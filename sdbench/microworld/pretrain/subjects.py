"""Draw the three subjects that ship: training pictures and held-out pictures with captions.

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


def _on(kind: str, thing: str, color: str, background: str, sex: str = "male", pants: str = "black") -> Scene:
    look = (("sex", sex), ("pants", pants), ("skin", "1"), ("hair_tone", "1")) if kind == "model" else ()
    return Scene(kind, thing, color, background, HUGO, look=look)


def _say(scene: Scene, what: str) -> tuple[Scene, str]:
    return scene, f"{what} {BACKGROUNDS[scene.background]}"


def logo() -> tuple[Plan, Plan]:
    """The red HUGO badge: no training picture shares a garment's colour with the thesis's prompts."""
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
    return train, heldout


def girl() -> tuple[Plan, Plan]:
    """A girl with purple hair, a pink horn and a white dress."""
    look = (("hair", "purple"), ("horn", "pink"), ("skin", "0"), ("hair_tone", "0"))
    one = Scene("girl", "girl", "white", "studio", look=look)
    train = [("standing", "studio"), ("waving", "beach"), ("jumping", "forest"), ("standing", "city"),
             ("waving", "room"), ("jumping", "night")]  # fmt: skip
    heldout = [("standing", "pyramids"), ("waving", "forest"), ("jumping", "beach"), ("standing", "underwater")]
    return _poses(one, train, "unicorn_girl {pose}"), _poses(one, heldout, "unicorn_girl {pose}")


def dog() -> tuple[Plan, Plan]:
    """A white dog with floppy ears, a patch over one eye and a green collar."""
    look = (("ears", "floppy"), ("patch", "eye"), ("collar", "green"), ("dress", "none"))
    one = Scene("animal", "dog", "white", "studio", look=look)
    train = [("standing", "studio"), ("standing", "beach"), ("sleeping", "room"), ("standing", "city"),
             ("standing", "night")]  # fmt: skip
    heldout = [("standing", "forest"), ("standing", "pyramids"), ("standing", "underwater"), ("sleeping", "studio")]
    return _poses(one, train, "a {pose} sks dog"), _poses(one, heldout, "a {pose} sks dog")


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
    for seed, (name, (train, heldout)) in enumerate(
        {"red_hugo_logo": logo(), "unicorn_girl": girl(), "sks_dog": dog()}.items()
    ):
        write(train, SHIPPED / name / "train", seed=2 * seed)
        write(heldout, SHIPPED / name / "heldout", seed=2 * seed + 1)


if __name__ == "__main__":
    main()
