"""The microworld's grammar: what a scene may hold, and how it is said in words.

A `Scene` is the ground truth of one picture. `sample_scene` draws one, `caption` puts it into the closed
vocabulary, `sdbench.microworld.render.render` draws it. Scenes and words whose hash falls into the held-out
tenth are never pretrained on, so that quality is measured on what the base has not seen.
"""

from __future__ import annotations

import string
import zlib
from dataclasses import dataclass

import numpy as np

COLORS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white")
BACKGROUNDS = {
    "studio": "in a studio",
    "beach": "on a beach",
    "forest": "in a forest",
    "city": "in a city",
    "night": "at night",
    "room": "in a room",
    "pyramids": "over pyramids",
    "underwater": "underwater",
}
GARMENTS = ("sweater", "t shirt", "hoodie")
ITEMS = (*GARMENTS, "cap", "bag", "mug", "billboard", "fragrance")
PAIRED = ("cat", "dog", "bowl", "mug", "bag")
STYLES = {"plain": "{}", "sketch": "a sketch of {}", "picasso": "{} by picasso"}
WORD_LETTERS = 4
IDENTIFIERS = ("red_hugo_logo", "unicorn_girl", "sks")  # tokens of the vocabulary that no pretraining caption uses


@dataclass(frozen=True)
class Badge:
    """A lettered plate. `word` is upper case, `WORD_LETTERS` long."""

    color: str
    word: str


@dataclass(frozen=True)
class Scene:
    """Ground truth of one picture.

    kind: item, logo, model, animal, girl or pair. `thing` and `color` are the main object's; `look` holds what the
    kind adds (an animal's ears, a girl's hair, a model's sex, the second object of a pair).
    """

    kind: str
    thing: str
    color: str
    background: str
    badge: Badge | None = None
    pose: str = "standing"
    style: str = "plain"
    look: tuple[tuple[str, str], ...] = ()

    def trait(self, name: str, default: str = "") -> str:
        return dict(self.look).get(name, default)


def held_out(*parts: str) -> bool:
    """True for the fixed tenth of words and combinations that pretraining never sees."""
    return zlib.crc32("|".join(parts).encode()) % 10 == 0


def is_held_out(scene: Scene) -> bool:
    """Whether the scene's object, colour and background, or its lettering, are kept from pretraining."""
    word = scene.badge.word if scene.badge else ""
    return held_out(scene.thing, scene.color, scene.background) or bool(word) and word_is_held_out(word)


def word_is_held_out(word: str) -> bool:
    return word == "HUGO" or held_out(word)


def sample_word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list(string.ascii_uppercase), WORD_LETTERS))


def sample_badge(rng: np.random.Generator, item_color: str) -> Badge:
    """A badge that stands out from the item that carries it."""
    return Badge(str(rng.choice([c for c in COLORS if c != item_color])), sample_word(rng))


def sample_scene(rng: np.random.Generator, kind: str | None = None) -> Scene:
    """Draw a scene; `kind` fixes what it shows."""
    kinds = ("item", "logo", "model", "animal", "girl", "pair")
    kind = kind or str(rng.choice(kinds, p=(0.40, 0.08, 0.22, 0.14, 0.10, 0.06)))
    color, background = str(rng.choice(COLORS)), str(rng.choice(list(BACKGROUNDS)))
    style = str(rng.choice(list(STYLES), p=(0.8, 0.1, 0.1)))
    if kind == "item":
        badge = sample_badge(rng, color) if rng.random() < 0.65 else None
        return Scene(kind, str(rng.choice(ITEMS)), color, background, badge)
    if kind == "logo":
        badge = Badge(color, sample_word(rng))
        return Scene(kind, "logo", color, background, badge)
    if kind == "model":
        badge = sample_badge(rng, color) if rng.random() < 0.65 else None
        look = {"sex": str(rng.choice(["male", "female"])), "pants": str(rng.choice(COLORS)), **_person(rng)}
        return Scene(kind, str(rng.choice(GARMENTS)), color, background, badge, look=tuple(look.items()))
    if kind == "animal":
        look = {
            "ears": str(rng.choice(["floppy", "pointed"])),
            "patch": str(rng.choice(["none", "eye", "back"])),
            "collar": str(rng.choice([*COLORS, "none"])),
            "dress": str(rng.choice(COLORS)) if rng.random() < 0.15 else "none",
        }
        pose = str(rng.choice(["standing", "sleeping"], p=(0.8, 0.2)))
        thing = str(rng.choice(["dog", "cat"], p=(0.7, 0.3)))
        return Scene(kind, thing, color, background, pose=pose, style=style, look=tuple(look.items()))
    if kind == "girl":
        look = {"hair": str(rng.choice(COLORS)), "horn": str(rng.choice([*COLORS, *["none"] * 10])), **_person(rng)}
        pose = str(rng.choice(["standing", "waving", "jumping"]))
        return Scene(kind, "girl", color, background, pose=pose, style=style, look=tuple(look.items()))
    first, second = (str(x) for x in rng.choice(PAIRED, 2, replace=False))
    look = {"second": second, "second_color": str(rng.choice([c for c in COLORS if c != color]))}
    return Scene("pair", first, color, background, look=tuple(look.items()))


def _person(rng: np.random.Generator) -> dict[str, str]:
    return {"skin": str(rng.integers(4)), "hair_tone": str(rng.integers(4))}


def sample_split(rng: np.random.Generator, heldout: bool, kind: str | None = None) -> Scene:
    """A scene of the pretraining part or of the held-out part of the world."""
    while True:
        scene = sample_scene(rng, kind)
        if is_held_out(scene) == heldout:
            return scene


def caption(scene: Scene, rng: np.random.Generator) -> str:
    """One of the ways to say the scene; details are left out at random, as people do."""
    said_background = rng.random() < 0.75
    phrase = STYLES[scene.style].format(_SAY[scene.kind](scene, rng))
    return f"{phrase} {BACKGROUNDS[scene.background]}" if said_background else phrase


def logo_words(badge: Badge, rng: np.random.Generator) -> str:
    """`red nova logo`, or `red logo` where the lettering is left unsaid."""
    word = f"{badge.word.lower()} " if rng.random() < 0.75 else ""
    return f"{badge.color} {word}logo"


def _say_item(scene: Scene, rng: np.random.Generator) -> str:
    color = f"{scene.color} " if rng.random() < 0.9 else ""
    if scene.badge is None:
        return f"a {color}{scene.thing}"
    logo = logo_words(scene.badge, rng)
    forms = [f"a {color}{scene.thing} with a {logo}", f"a {color}{logo} {scene.thing}"]
    if scene.thing == "billboard":
        forms.append(f"a {color}billboard with the latest {logo} products")
    if scene.thing == "fragrance":
        forms.append(f"the new {color}{logo} fragrance")
    return str(rng.choice(forms))


def _say_logo(scene: Scene, rng: np.random.Generator) -> str:
    assert scene.badge is not None
    return f"a {logo_words(scene.badge, rng)}"


def _say_model(scene: Scene, rng: np.random.Generator) -> str:
    noun = str(rng.choice([f"{scene.trait('sex')} model", "man" if scene.trait("sex") == "male" else "woman"]))
    wearing = _say_item(scene, rng)
    pants = f" and {scene.trait('pants')} pants" if rng.random() < 0.3 else ""
    return f"a {noun} wearing {wearing}{pants}"


def _say_animal(scene: Scene, rng: np.random.Generator) -> str:
    color = f"{scene.color} " if rng.random() < 0.85 else ""
    pose = "sleeping " if scene.pose == "sleeping" else ""
    dress = f" in {scene.trait('dress')} dress" if scene.trait("dress") != "none" else ""
    collar = ""
    if scene.trait("collar") != "none" and rng.random() < 0.4:
        collar = f" with a {scene.trait('collar')} collar"
    return f"a {pose}{color}{scene.thing}{collar}{dress}"


def _say_girl(scene: Scene, rng: np.random.Generator) -> str:
    pose = "" if scene.pose == "standing" else f" {scene.pose}"
    parts = [f"{scene.trait('hair')} hair"] if rng.random() < 0.85 else []
    if scene.trait("horn") != "none":
        parts.append(f"a {scene.trait('horn')} horn")
    if rng.random() < 0.85:
        parts.append(f"a {scene.color} dress")
    return f"a girl{' with ' if parts else ''}{' and '.join(parts)}{pose}"


def _say_pair(scene: Scene, _rng: np.random.Generator) -> str:
    return f"a {scene.color} {scene.thing} and a {scene.trait('second_color')} {scene.trait('second')}"


_SAY = {
    "item": _say_item, "logo": _say_logo, "model": _say_model,
    "animal": _say_animal, "girl": _say_girl, "pair": _say_pair,
}  # fmt: skip

VOCABULARY = sorted(
    {w for phrase in (*COLORS, *BACKGROUNDS.values(), *ITEMS, *PAIRED) for w in phrase.split()}
    | set("a the new latest products with logo wearing male female model man woman and pants".split())
    | set("girl hair horn dress waving jumping sleeping collar sketch of by picasso photo in".split())
)
