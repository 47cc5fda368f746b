"""The images that an audit puts before a metric: right ones, others in their place, and those of known truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sdbench.audit import pictures, scenes
from sdbench.audit.families import FAMILIES
from sdbench.metrics.base import Judged
from sdbench.microworld.scene import BACKGROUNDS, Badge, Scene
from sdbench.records import Sample
from sdbench.seeds import seed_of
from sdbench.subjects import SHIPPED, Reference, Subject

PER_DEGREE = 8  # scenes drawn for each degree of truth
GROUP = 6  # images of a prompt, of those that are judged together


@dataclass(frozen=True)
class Case:
    """One metric's audit. known: the subject as a scene, where it is of the microworld. asked: the card's prompt set.

    parts: of each of a metric's own prompts (template, [(thing, colour)]), where it has such.
    """

    subject: Subject
    known: Scene | None
    asked: str
    parts: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()


@dataclass(frozen=True)
class Trial:
    """Images and how right each is, in degrees; two degrees are asked for separation, more for association.

    scenes: which of them are draws of one scene, and so resampled together.
    """

    judged: list[Judged]
    right: list[float]
    scenes: list[Any] | None = None


def case_of(subject: Subject, settings: Any, asked: str) -> Case:
    """settings: the metric's."""
    shipped = subject.train[0].path.parent.parent.parent == SHIPPED
    parts = []
    if hasattr(settings, "parts"):
        (own,) = settings.prompts.values()
        parts = [
            (template, [(part.thing, part.attribute) for part in one])
            for template, one in zip(own.templates, settings.parts, strict=True)
        ]
    known = scenes.SUBJECTS.get(subject.train[0].path.parent.parent.name) if shipped else None
    return Case(subject, known, asked, parts)


# --- the right images -------------------------------------------------------------------------------------------------


def right(case: Case, kind: str) -> list[Judged]:
    """The images that show most of what is judged; see `Family`. Empty where there are none."""
    if kind == "parts":
        return [judged for judged, _ in _parts(case)]
    if kind == "groups":
        return _groups(case, [[r.image() for r in case.subject.heldout]] * PER_DEGREE)
    references = case.subject.train if kind == "train" else case.subject.heldout
    images = [_reference(case, r, i) for i, r in enumerate(references)]
    return [replace(one, base=one.image) for one in images] if kind == "base" else images


def _reference(case: Case, reference: Reference, index: int) -> Judged:
    said = reference.caption.replace(case.subject.identifier, case.subject.class_words)
    sample = Sample(f"real-{index}", f"real-{index}", reference.caption, said, index, "")
    return Judged(sample, reference.image(), case.asked)


def _new(case: Case, image: Image.Image, index: int, prompt: str = "", prompt_id: str = "audit") -> Judged:
    said = prompt or f"a {case.subject.class_words}"
    asked = prompt or f"a {case.subject.identifier}"
    return Judged(Sample(f"{prompt_id}-{index}", prompt_id, asked, said, index, ""), image, case.asked, image)


def _groups(case: Case, groups: Sequence[Sequence[Image.Image]]) -> list[Judged]:
    """GROUP images for each prompt, from as many as are given, cycled; each group begins with another one."""
    return [
        _new(case, images[(g + i) % len(images)], i, prompt_id=f"group{g}")
        for g, images in enumerate(groups)
        for i in range(GROUP)
    ]


def _parts(case: Case) -> list[tuple[Judged, Scene]]:
    """Renders of what each of the metric's own prompts asks for, before a few backgrounds."""
    found: list[tuple[Judged, Scene]] = []
    for index, (template, parts) in enumerate(case.parts):
        for place in list(BACKGROUNDS)[: PER_DEGREE // 2]:
            scene = scenes.of_parts(template, parts, place)
            if scene is not None:
                image = scenes.draw(scene, seed_of("audit parts", template, place))
                found.append((_new(case, image, len(found), template, f"{case.asked}-{index}"), scene))
    return found


# --- what stands in their place ---------------------------------------------------------------------------------------


def instead(case: Case, name: str, those: Sequence[Judged]) -> list[Judged]:
    """The same prompts with other images, or (`swapped`) the same images with each other's prompts."""
    if name == "swapped":
        return _swapped(those)
    if name == "repeated":
        first = {one.sample.prompt_id: one.image for one in reversed(those)}
        return [replace(one, image=first[one.sample.prompt_id]) for one in those]
    if name == "one blank":  # one grey for all images of a prompt, or a group of them would show different pictures
        prompts = list(dict.fromkeys(one.sample.prompt_id for one in those))
        return [replace(one, image=pictures.blank(one.image, prompts.index(one.sample.prompt_id))) for one in those]
    return [replace(one, image=_instead(case, name, one.image, i)) for i, one in enumerate(those)]


def _instead(case: Case, name: str, image: Image.Image, index: int) -> Image.Image:
    seed = seed_of("audit", name, index)
    if name == "others":
        others = _others(case.subject)
        return others[index % len(others)]
    if name == "blank":
        return pictures.blank(image, index)
    if name == "noise":
        return pictures.static(image, seed)
    if name == "blurred":
        return pictures.blur(image, pictures.STRENGTHS[-1], seed)
    kind, _, strength = name.partition(" ")
    return pictures.DEGRADATIONS[kind](image, int(strength), seed)


def _others(subject: Subject) -> list[Image.Image]:
    """Held-out pictures of the other subjects that ship, taken in turn."""
    own = subject.heldout[0].path.parent.parent
    folders = [folder for folder in sorted(SHIPPED.iterdir()) if folder.is_dir() and folder != own]
    files = [sorted((folder / "heldout").glob("*.png")) for folder in folders]
    mixed = [file for turn in zip(*files, strict=False) for file in turn]
    return [Reference(Path(file), "").image() for file in mixed]


def _swapped(those: Sequence[Judged]) -> list[Judged]:
    """Each image with the words of the next one: rotated so that as few as can be keep their own."""
    said = [one.sample.class_prompt for one in those]
    kept = [sum(a == b for a, b in zip(said, said[turn:] + said[:turn], strict=True)) for turn in range(len(said))]
    turn = int(np.argmin(kept)) if kept else 0
    samples = [one.sample for one in those]
    return [replace(one, sample=s) for one, s in zip(those, samples[turn:] + samples[:turn], strict=True)]


# --- known truth ------------------------------------------------------------------------------------------------------


def trials(case: Case, judges: str) -> dict[str, Trial]:
    """What has a known truth. Copies of training pictures have one for any subject; the rest is the microworld's."""
    if judges == "memorization":
        return {"copies against new pictures": _copies(case)}
    if case.known is None:
        return {}
    if FAMILIES[judges].right == "parts":
        return {f"truth: {judges}": _broken(case, judges)} if _parts(case) else {}
    made: dict[str, Callable[[Case, Scene], dict[str, Trial]]] = {
        "identity": _sameness, "presence": _presence, "spelling": _letters, "prompt": _said, "diversity": _distinct,
        "drift": _moved,
    }  # fmt: skip
    return made[judges](case, case.known)


def _relatives(case: Case, one: Scene, kept: int) -> list[Judged]:
    rngs = [np.random.default_rng(seed_of("audit relatives", kept, i)) for i in range(PER_DEGREE)]
    drawn = [scenes.draw(scenes.relative(one, kept, rng), int(rng.integers(2**31))) for rng in rngs]
    return [_new(case, image, i, prompt_id=f"kept{kept}") for i, image in enumerate(drawn)]


def _sameness(case: Case, one: Scene) -> dict[str, Trial]:
    """Renders of the subject's kind with 0 .. all of its own traits."""
    degrees = range(len(scenes.TRAITS[one.kind]) + 1)
    judged = [j for kept in degrees for j in _relatives(case, one, kept)]
    return {"truth: traits of the subject": Trial(judged, [float(k) for k in degrees for _ in range(PER_DEGREE)])}


def _presence(case: Case, one: Scene) -> dict[str, Trial]:
    """The logo against logos of another colour or word, and none."""
    full = len(scenes.TRAITS[one.kind])
    there = _relatives(case, one, full)
    near = [j for kept in range(full) for j in _relatives(case, one, kept)]
    rng = np.random.default_rng(seed_of("audit no logo"))
    none = [_new(case, scenes.draw(scenes.item(rng), i), i, prompt_id="none") for i in range(PER_DEGREE)]
    absent = [*near, *none]
    return {"truth: logo there or not": Trial([*there, *absent], [1.0] * len(there) + [0.0] * len(absent))}


def _letters(case: Case, one: Scene) -> dict[str, Trial]:
    """The lettering with 0 .. all letters wrong."""
    judged, correct = [], []
    assert case.subject.lettering and one.badge
    for wrong in range(len(case.subject.lettering) + 1):
        for i in range(PER_DEGREE):
            rng = np.random.default_rng(seed_of("audit letters", wrong, i))
            badge = Badge(one.badge.color, scenes.misspelled(case.subject.lettering, wrong, rng))
            scene = replace(scenes.relative(one, len(scenes.TRAITS[one.kind]), rng), badge=badge)
            judged.append(_new(case, scenes.draw(scene, i), i, prompt_id=f"wrong{wrong}"))
            correct.append(-float(wrong))
    whole = [float(c == 0) for c in correct]
    return {"truth: letters right": Trial(judged, correct), "truth: all letters right": Trial(judged, whole)}


def _said(case: Case, _one: Scene) -> dict[str, Trial]:
    """Items with captions of which 0 .. all of thing, colour and background are wrong."""
    judged, correct, which = [], [], []
    for i in range(2 * PER_DEGREE):
        rng = np.random.default_rng(seed_of("audit captions", i))
        scene = scenes.item(rng)
        image = scenes.draw(scene, i)
        for wrong in range(len(scenes.SAID) + 1):
            said = scenes.say(scenes.altered(scene, wrong, rng))
            judged.append(_new(case, image, i, said, f"wrong{wrong}"))
            correct.append(-float(wrong))
            which.append(i)
    return {"truth: words right": Trial(judged, correct, which)}


def _distinct(case: Case, _one: Scene) -> dict[str, Trial]:
    """Prompts whose images show 1 .. GROUP different items; what shows the same is drawn again, at another place."""
    judged, distinct = [], []
    for many in range(1, GROUP + 1):
        for turn in range(PER_DEGREE):
            rng = np.random.default_rng(seed_of("audit distinct", many, turn))
            shown = [scenes.item(rng) for _ in range(many)]
            for i in range(GROUP):
                image = scenes.draw(shown[i % many], int(rng.integers(2**31)))
                judged.append(_new(case, image, i, prompt_id=f"distinct{many}x{turn}"))
                distinct.append(float(many))
    return {"truth: different scenes": Trial(judged, distinct)}


def _moved(case: Case, _one: Scene) -> dict[str, Trial]:
    """Items of which 0 .. all of thing, colour and background are not the base's."""
    judged, same, which = [], [], []
    for i in range(PER_DEGREE):
        rng = np.random.default_rng(seed_of("audit drift", i))
        scene = scenes.item(rng)
        base = scenes.draw(scene, i)
        for wrong in range(len(scenes.SAID) + 1):
            image = scenes.draw(scenes.altered(scene, wrong, rng), i)
            judged.append(replace(_new(case, image, i, prompt_id=f"moved{wrong}"), base=base))
            same.append(-float(wrong))
            which.append(i)
    return {"truth: unchanged": Trial(judged, same, which)}


def _copies(case: Case) -> Trial:
    copies = [image for i, r in enumerate(case.subject.train) for image in pictures.near_copies(r.image(), i)]
    new = [reference.image() for reference in case.subject.heldout]
    if case.known is not None:
        full = len(scenes.TRAITS[case.known.kind])
        new += [judged.image for judged in _relatives(case, case.known, full)]
    judged = [_new(case, image, i) for i, image in enumerate([*copies, *new])]
    return Trial(judged, [1.0] * len(copies) + [0.0] * len(new))


def _broken(case: Case, judges: str) -> Trial:
    """Right renders, renders with colours swapped, and renders with a thing missing: right is what does not fail."""
    judged, right_ones, drawn = [], [], _parts(case)
    changes: dict[str, Callable[[Scene], Scene]] = {
        "": lambda scene: scene, "binding": scenes.with_colors_swapped, "neglect": scenes.with_one_missing,
    }  # fmt: skip
    for fault, change in changes.items():
        for i, (one, scene) in enumerate(drawn):
            image = scenes.draw(change(scene), i)
            sample = replace(one.sample, sample_id=f"{one.sample.sample_id}{fault}")
            judged.append(replace(one, sample=sample, image=image))
            right_ones.append(float(not fault or judges not in ("failure", fault)))
    return Trial(judged, right_ones)
