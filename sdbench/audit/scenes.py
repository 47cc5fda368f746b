"""Scenes of the microworld in degrees: how much of the subject, the lettering or the prompt a render shows is known."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from sdbench.microworld.render import render
from sdbench.microworld.scene import BACKGROUNDS, COLORS, GARMENTS, ITEMS, PAIRED, Badge, Scene

COLLARS = (*COLORS, "none")
PERSON = (("skin", "0"), ("hair_tone", "0"))
# The subjects that ship, as sdbench.microworld.pretrain.subjects drew them: what makes each of them itself.
SUBJECTS = {
    "red_hugo_logo": Scene("item", "mug", "yellow", "studio", Badge("red", "HUGO")),
    "unicorn_girl": Scene("girl", "girl", "white", "studio", look=(("hair", "purple"), ("horn", "pink"), *PERSON)),
    "sks_dog": Scene(
        "animal", "dog", "white", "studio",
        look=(("ears", "floppy"), ("patch", "eye"), ("collar", "green"), ("dress", "none")),
    ),
}  # fmt: skip
TRAITS: dict[str, dict[str, Sequence[str]]] = {  # of each kind, what is the subject's own, and what else it could be
    "item": {"badge color": COLORS, "badge word": ()},
    "girl": {"color": COLORS, "hair": COLORS, "horn": COLORS},
    "animal": {"color": COLORS, "ears": ("floppy", "pointed"), "patch": ("none", "eye", "back"), "collar": COLLARS},
}
SAID = ("thing", "color", "background")  # what a caption says of an item


def draw(scene: Scene, seed: int) -> Image.Image:
    return render(scene, np.random.default_rng(seed)).image


def relative(one: Scene, kept: int, rng: np.random.Generator) -> Scene:
    """The subject elsewhere, with `kept` of its traits its own and the others changed. Nothing else is held fixed."""
    traits = TRAITS[one.kind]
    changed = rng.permutation(list(traits))[kept:]
    scene = replace(one, background=_pick(BACKGROUNDS, rng))
    for name in changed:
        scene = _change(scene, str(name), traits[str(name)], rng)
    if scene.badge:
        return replace(scene, thing=_pick(ITEMS, rng), color=_other(COLORS, scene.badge.color, rng))
    poses = ("standing", "sleeping") if one.kind == "animal" else ("standing", "waving", "jumping")
    return replace(scene, pose=_pick(poses, rng))


def _change(scene: Scene, trait: str, values: Sequence[str], rng: np.random.Generator) -> Scene:
    if scene.badge and trait == "badge color":
        return replace(scene, badge=replace(scene.badge, color=_other(values, scene.badge.color, rng)))
    if scene.badge:
        word = misspelled(scene.badge.word, len(scene.badge.word), rng)
        return replace(scene, badge=replace(scene.badge, word=word))
    if trait == "color":
        return replace(scene, color=_other(values, scene.color, rng))
    look = dict(scene.look)
    return replace(scene, look=tuple({**look, trait: _other(values, look[trait], rng)}.items()))


def misspelled(word: str, wrong: int, rng: np.random.Generator) -> str:
    """`wrong` of its letters replaced by others."""
    letters = list(word)
    for place in rng.permutation(len(letters))[:wrong]:
        letters[place] = _other(string.ascii_uppercase, letters[place], rng)
    return "".join(letters)


def item(rng: np.random.Generator) -> Scene:
    """A thing of one colour before a background, without a badge."""
    return Scene("item", _pick(ITEMS, rng), _pick(COLORS, rng), _pick(BACKGROUNDS, rng))


def altered(scene: Scene, wrong: int, rng: np.random.Generator) -> Scene:
    """An item of which `wrong` of thing, colour and background are others."""
    values = {"thing": ITEMS, "color": COLORS, "background": list(BACKGROUNDS)}
    changed = [str(name) for name in rng.permutation(SAID)[:wrong]]
    said = {name: str(getattr(scene, name)) for name in SAID}
    said |= {name: _other(values[name], said[name], rng) for name in changed}
    return Scene("item", said["thing"], said["color"], said["background"])


def say(scene: Scene) -> str:
    return f"a {scene.color} {scene.thing} {BACKGROUNDS[scene.background]}"


def of_parts(prompt: str, parts: Sequence[tuple[str, str]], background: str) -> Scene | None:
    """What a prompt with two (thing, colour) asks for, or None where the microworld cannot draw it."""
    if len(parts) != 2:
        return None
    (first, color), (second, other) = parts
    if {first, second} <= set(PAIRED) and {color, other} <= set(COLORS):
        return Scene("pair", first, color, background, look=(("second", second), ("second_color", other)))
    if first in GARMENTS and second == "pants" and {color, other} <= set(COLORS):
        sex = "female" if "woman" in prompt else "male"
        return Scene("model", first, color, background, look=(("sex", sex), ("pants", other), *PERSON))
    return None


def with_one_missing(scene: Scene) -> Scene:
    """One thing of such a scene alone: the first, where the microworld draws it by itself."""
    thing, color = scene.thing, scene.color
    if scene.kind == "pair" and thing not in (*ITEMS, "dog", "cat"):
        thing, color = scene.trait("second"), scene.trait("second_color")
    kind = "animal" if thing in ("dog", "cat") else "item"
    return Scene(kind, thing, color, scene.background, look=(("ears", "floppy"),))


def with_colors_swapped(scene: Scene) -> Scene:
    """Each thing of such a scene in the colour of the other."""
    key = "second_color" if scene.kind == "pair" else "pants"
    return replace(scene, color=scene.trait(key), look=tuple({**dict(scene.look), key: scene.color}.items()))


def _pick(values: Sequence[str] | dict[str, str], rng: np.random.Generator) -> str:
    return str(rng.choice(list(values)))


def _other(values: Sequence[str], value: str, rng: np.random.Generator) -> str:
    return _pick([one for one in values if one != value], rng)
