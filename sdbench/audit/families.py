"""What may be asked of a metric, by what its card says that it judges."""

from __future__ import annotations

from dataclasses import dataclass

SPOILT = ("others", "blank", "noise", "blurred")


@dataclass(frozen=True)
class Family:
    """right: the pictures that show most of it: `heldout` or `train` pictures of the subject, held-out pictures as the
    `base`'s own, renders of the metric's `parts`, or `groups` of different pictures. sign: -1 where those score lowest.

    swapped: what prompts swapped among these pictures do: `same`, `falls`, or empty where the prompt groups them.
    spoilt: what in their place must score on the other side. degrades: whether each degradation must tell.
    ceiling: where the right pictures must reach: an end of the card's `range`; what the `heldout` pictures have, on the
    way there from others'; or empty where there is no ceiling.
    """

    right: str
    sign: int = 1
    swapped: str = "same"
    spoilt: tuple[str, ...] = SPOILT
    degrades: bool = True
    ceiling: str = "range"

    @property
    def grouped(self) -> bool:
        """Are prompts judged, and not images?"""
        return self.right == "groups"


_FAILURE = Family("parts", sign=-1, swapped="falls")
FAMILIES = {
    # Not the held-out pictures: those are the references, and one that is degraded would be compared with itself.
    "identity": Family("train", ceiling="heldout"),
    "presence": Family("heldout"),
    "spelling": Family("heldout"),
    "prompt": Family("heldout", swapped="falls", ceiling=""),
    "failure": _FAILURE,
    "neglect": _FAILURE,
    "binding": _FAILURE,
    "memorization": Family("train"),
    "drift": Family("base", sign=-1),
    # Noise is diverse, and pictures of others are too: only the same picture over again is not.
    "diversity": Family("groups", swapped="", spoilt=("repeated", "one blank"), degrades=False, ceiling=""),
}
