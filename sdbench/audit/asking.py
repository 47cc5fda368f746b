"""All that is asked of one card: its ceiling, sentinels, degradations, known truth, and another backbone."""

from __future__ import annotations

import numpy as np

from sdbench.audit import judgement, lettering, pictures
from sdbench.audit.families import FAMILIES
from sdbench.audit.judgement import Check, Floats
from sdbench.audit.panel import Panel, by_prompt
from sdbench.records import Card

UNDRAWN = "the microworld cannot draw what its prompts ask for"


def checks(panel: Panel, card: Card) -> list[Check]:
    """Empty of a card that judges nothing with a truth."""
    if card.judges not in FAMILIES:
        return []
    right = panel.of_right(card)
    if not np.isfinite(right).any():
        return [Check("right images", "", None, note=panel.reasons.get(card.name, UNDRAWN))]
    return [
        *_ceiling(panel, card, right), *_sentinels(panel, card, right), *_degradations(panel, card, right),
        *_truth(panel, card), *lettering.figures(panel, card),
    ]  # fmt: skip


def _ceiling(panel: Panel, card: Card, right: Floats) -> list[Check]:
    family = FAMILIES[card.judges]
    mean, n = _mean(right), int(np.isfinite(right).sum())
    told = judgement.figure("right images: mean", "score", family.sign * mean + 0.0, n)
    if family.ceiling == "range":
        floor, ceiling = sorted((family.sign * card.low, family.sign * card.high))
        return [told, judgement.reaches("right images: ceiling", mean, floor, ceiling, n)]
    if family.ceiling == "heldout":
        others, known = _mean(panel.of_instead(card, "others")), panel.of_right(card, "heldout")
        seen = int(np.isfinite(known).sum())
        return [
            told,
            judgement.figure("pictures of others: mean", "score", others, n),
            judgement.figure("held-out pictures: mean", "score", _mean(known), seen),
            judgement.reaches("right images: ceiling", mean, others, _mean(known), n),
        ]
    return [told]


def _sentinels(panel: Panel, card: Card, right: Floats) -> list[Check]:
    family = FAMILIES[card.judges]
    found = [judgement.separates(name, right, panel.of_instead(card, name)) for name in family.spoilt]
    if family.swapped == "same":
        found.append(judgement.unchanged("swapped prompts", right, panel.of_instead(card, "swapped")))
    elif family.swapped == "falls":
        found.append(judgement.wins("swapped prompts", right, panel.of_instead(card, "swapped")))
    return found


def _degradations(panel: Panel, card: Card, right: Floats) -> list[Check]:
    if not FAMILIES[card.judges].degrades:
        return []
    found = []
    for kind in pictures.DEGRADATIONS:
        levels = [right, *(panel.of_instead(card, f"{kind} {strength}") for strength in pictures.STRENGTHS)]
        found.append(judgement.falls(f"degradation: {kind}", [_mean(level) for level in levels]))
    return found


def _truth(panel: Panel, card: Card) -> list[Check]:
    family, found = FAMILIES[card.judges], []
    for name, trial in panel.trials(card).items():
        values = panel.values(card, name, trial.judged)
        right = by_prompt(family, trial.judged, np.array(trial.right))
        if len(set(trial.right)) > 2:
            found.append(judgement.follows(name, values, right, trial.scenes))
        else:
            found.append(judgement.separates(name, values[right == right.max()], values[right == right.min()]))
        if panel.other:
            theirs = panel.other.values(card, name, trial.judged)
            found.append(judgement.agrees(f"{name}, by {panel.other.backbone} too", values, theirs))
    return found


def _mean(values: Floats) -> float:
    """Of what has a score; NaN where nothing has."""
    scored = values[np.isfinite(values)]
    return float(scored.mean()) if len(scored) else np.nan
