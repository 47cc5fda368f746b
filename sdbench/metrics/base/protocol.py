"""A preset of sdbench.protocols as a metric: its backbones and its pairs, and columns under its own name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sdbench import protocols
from sdbench.errors import UserError
from sdbench.metrics.base import Judged, Metric, clip, lpips, selfsupervised
from sdbench.metrics.base.encoder import Encoder
from sdbench.metrics.base.pairwise import ALONE, squared_distances
from sdbench.needs import Need
from sdbench.protocols import Backbone, Measure
from sdbench.records import Card, Score
from sdbench.settings import PromptSettings
from sdbench.subjects import Subject

OF_SUBJECT = "its prompt leaves the subject out, and this is of images of the subject"
NO_CAPTION = "no held-out picture has its prompt as caption, so there is none to pair it with"


class Protocol(Metric):
    """settings: batch_size, device, and for each backbone under its key where its weights are: a hub id or a folder,
    for `clip` open_clip's tag or a file, for `lpips` a folder or null. own: prompts that leave the subject out, for the
    measures that ask for such; without it, it is all the others. Raises UserError for another architecture.
    """

    grouped = True

    def __init__(
        self, preset: str, settings: Any, subject: Subject, version: int, own: PromptSettings | None = None
    ) -> None:
        self.preset, self.settings, self.subject, self.own = preset, settings, subject, own
        self.measures = [measure for measure in protocols.PRESETS[preset] if measure.asks == (own is not None)]
        self.encoders = {measure.backbone: self._encoder(measure.backbone) for measure in self.measures}
        self.cards = tuple(self._card(measure, version) for measure in self.measures)
        self.of_prompts = {f"{preset}_{m.name}" for m in self.measures if m.pairs not in ("train", "source")}

    def judge(self, identity: Callable[[Path], str]) -> dict[str, Any]:
        return {b.title: encoder.judge(identity) if encoder else None for b, encoder in self.encoders.items()}

    def needs(self) -> list[Need]:
        return [need for encoder in self.encoders.values() if encoder for need in encoder.needs()]

    def check(self) -> None:
        for encoder in self.encoders.values():
            if encoder:
                encoder.check()

    def score(self, judged: Sequence[Judged]) -> list[Score]:
        asked, scores = list(judged) if self.own else of_subject(judged), []
        for measure, card in zip(self.measures, self.cards, strict=True):
            got = dict(zip([j.sample.sample_id for j in asked], self._values(measure, asked), strict=True))
            for name in (j.sample.sample_id for j in judged):
                value = got.get(name, OF_SUBJECT)
                why = value if isinstance(value, str) else None
                scores.append(Score(name, card.name, None if isinstance(value, str) else value, why))
        return scores

    def _encoder(self, backbone: Backbone) -> Encoder | None:
        s, weights = self.settings, getattr(self.settings, backbone.key)
        if backbone.key == "lpips":
            return lpips.Lpips(weights, s.batch_size, s.device) if weights else None
        if backbone.key != "clip":
            return selfsupervised.load(weights, s.batch_size, s.device, backbone.architecture)
        name, tag = backbone.weights.split("/")
        if weights != tag and not Path(weights).expanduser().is_file():
            key = f"metrics.{self.preset}.clip"
            raise UserError(f"{key} is {weights!r}, the protocol has {tag!r}; write that, or a file that holds it")
        return clip.load(name, weights, s.batch_size, s.device)

    def _card(self, measure: Measure, version: int) -> Card:
        low, high = protocols.RANGES[measure.scale]
        backbone, preset = measure.backbone, self.preset
        encoder = self.encoders[backbone]
        how = encoder.preprocessing if encoder else lpips.Lpips.preprocessing
        return Card(
            f"{preset}_{measure.name}", f"{measure.title} ({preset})", protocols.UNITS[measure.scale],
            measure.direction, low, high, backbone.title,
            protocols.CLIP_PREPROCESSING if backbone.key == "clip" else how, protocols.PAIRS[measure.pairs], version,
            measure.source, headline=False, prompts=self.own.name if self.own else "",
            per="prompt" if measure.pairs == "others" else "image",
            judges={"prompt": "prompt", "others": "diversity", "base": "drift"}.get(measure.pairs, "identity"),
        )  # fmt: skip

    def _values(self, measure: Measure, asked: list[Judged]) -> Sequence[float | str]:
        encoder, train = self.encoders[measure.backbone], self.subject.train
        if not asked:
            return []
        if measure.pairs == "others":
            return self._to_others(asked)
        assert encoder is not None  # only LPIPS may be absent
        if measure.pairs == "own":
            return [self._to_own(encoder, item) for item in asked]
        if measure.pairs == "source" and len(train) != 1:
            return [f"the protocol compares with the one picture trained on; the subject has {len(train)}"] * len(asked)
        images = encoder.images(item.image for item in asked)
        if measure.pairs == "prompt":
            assert isinstance(encoder, clip.Clip)
            cosines = protocols.own_pairs(images, encoder.texts([item.sample.class_prompt for item in asked]))
        elif measure.pairs == "base":
            before = encoder.images(item.base for item in asked if item.base is not None)
            cosines = protocols.own_pairs(before, images)
        else:
            cosines = protocols.all_pairs(images, encoder.images(reference.image() for reference in train))
        return [float(value) for value in protocols.scaled(cosines, measure.scale)]

    def _to_own(self, encoder: Encoder, item: Judged) -> float | str:
        identifier, words = self.subject.identifier, self.subject.class_words
        for reference in self.subject.heldout:
            if reference.caption.replace(identifier, words) == item.sample.class_prompt:
                pair = encoder.images([item.image, reference.image()])
                return float(protocols.own_pairs(pair[:1], pair[1:])[0])
        return NO_CAPTION

    def _to_others(self, asked: list[Judged]) -> list[float | str]:
        network = self.encoders[protocols.LPIPS]
        if network is None:
            return [f"LPIPS has no weights here; set metrics.{self.preset}.lpips to {lpips.HOW}"] * len(asked)
        of: dict[str, float | str] = {}
        for prompt in {item.sample.prompt_id: None for item in asked}:
            images = [item.image for item in asked if item.sample.prompt_id == prompt]
            few = len(images) < 2
            of[prompt] = ALONE if few else protocols.diversity(squared_distances(network.encode(images)))
        return [of[item.sample.prompt_id] for item in asked]


def of_subject(judged: Sequence[Judged]) -> list[Judged]:
    """The images whose prompt names the subject; all of the untuned base's, which is asked in class words alone."""
    return [item for item in judged if item.sample.prompt != item.sample.class_prompt] or list(judged)


def without_subject(kind: str, prompts: dict[str, PromptSettings]) -> PromptSettings:
    """The one prompt set of metric `kind`. Raises UserError where there are others, or where it names the subject."""
    if len(prompts) != 1:
        raise UserError(f"metrics.{kind}.prompts has {len(prompts)} sets, and the protocol's is one; give one")
    (own,) = prompts.values()
    for template in own.templates:
        if "{subject}" in template:
            raise UserError(f"metrics.{kind}.prompts has {template!r}; write {{class_words}} for {{subject}} there")
    return own
