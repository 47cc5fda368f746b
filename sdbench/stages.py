"""What each stage depends on, and so where the store keeps it: worked out without torch, before anything runs."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sdbench import external, packing, prompts, subjects
from sdbench.errors import UserError
from sdbench.external import Given
from sdbench.microworld import bundled
from sdbench.packing import Packing
from sdbench.records import PICTURES, Prompt, Sample
from sdbench.rows import Row
from sdbench.settings import Cell, PromptSettings, SamplerSettings
from sdbench.store import Store
from sdbench.subjects import Subject

VERSIONS = {"train": 2, "generate": 1, "score": 1, "detector": 1, "audit": 1}
NOT_KEYED = ("preview_every", "state_every", "keep", "cuda_graph")  # of the training: they change none of its bits
AS_BEFORE = {"processes": 1}  # of the training: settings that came later, which change no bits where they are so


@dataclass(frozen=True)
class Stage:
    """One folder of the store, and all that it depends on."""

    name: str
    settings: Mapping[str, Any]

    @functools.cached_property
    def key(self) -> str:
        return Store("").key(self.name, self.version, self.settings)

    @property
    def version(self) -> int:
        return VERSIONS["train" if self.name == "trajectory" else self.name]

    @property
    def path(self) -> str:
        """Relative to the store."""
        return f"{self.name}/{self.key}"


@dataclass(frozen=True)
class Asked:
    """Images of a metric's own prompts: the row's, and the untuned base's for the same prompts and seeds."""

    generate: Stage
    wanted: list[Sample]
    base: Stage
    base_wanted: list[Sample]


@dataclass(frozen=True)
class Chain:
    """A row's stages in the order in which they are made, with what they are made of. score: by kind of metric.

    wanted, class_wanted: the images to draw, of the row and of its method's prior. asked: by prompt set. packing: of
    its training, null where packs are not wanted.
    """

    subject: Subject
    base: str
    wanted: list[Sample]
    class_wanted: list[Sample]
    class_images: Stage | None
    trajectory: Stage | None
    train: Stage | None
    generate: Stage
    asked: dict[str, Asked]
    score: dict[str, Stage]
    packing: Packing | None

    @property
    def is_packed(self) -> bool:
        """Whether its training is a pack's to make."""
        return self.packing is not None and self.packing.slots is not None

    def all(self) -> list[Stage]:
        """Every finished folder that the row wants; a trajectory's is never finished."""
        return [stage for stage in (self.class_images, self.train, *self.judged()) if stage is not None]

    def judged(self) -> list[Stage]:
        """Images and what is said of them."""
        asked = [stage for one in self.asked.values() for stage in (one.generate, one.base)]
        return [self.generate, *asked, *self.score.values()]

    def judged_paths(self) -> dict[str, Any]:
        """Where a record says that they are: {"generate", "asked": {set}, "base": {set}, "score": {kind}}."""
        return {
            "generate": self.generate.path,
            "asked": {name: one.generate.path for name, one in self.asked.items()},
            "base": {name: one.base.path for name, one in self.asked.items()},
            "score": {kind: stage.path for kind, stage in self.score.items()},
        }


@dataclass
class Chains:
    """Works out chains; what many rows share is read once. identity: hash of a file or folder.

    Raises UserError where a subject, a prompt or a judge's weights are not as they must be.
    """

    identity: Callable[[Path], str]
    _known: dict[Any, Any] = field(default_factory=dict)

    def of(self, row: Row) -> Chain:
        cell = row.cell
        subject = self._once(subjects.load, cell.subject, cell.model.resolution_px)
        base = self._once(self.base, cell.model.path, cell.model.revision)
        drawn = {"base": base, **_model(cell), **_machine(cell), **_norms(cell)}
        class_images, trajectory, train, packed = None, None, None, None
        class_wanted: list[Sample] = []
        if row.kind == "trained":
            if prior := cell.method.prior:
                class_wanted = class_samples(cell, subject)
                class_images = _generate(drawn, None, prior.sampler, class_wanted)
            packed = packing.of(cell, subject, base)
            settings = _training(cell, subject, base, class_images)
            if packed and packed.slots:
                settings["pack"] = packed.slots
            train = Stage("train", settings)
            trajectory = Stage("trajectory", _without_end(settings))
        ours = {**drawn, "adapters": "in seats"} if packed and packed.slots else drawn
        if row.external is not None and not row.is_given:
            ours = {**drawn, **external.identity(row.external, self.identity)}
        wanted: list[Sample] = []
        if row.kind in PICTURES:
            shown = {"real": subject.identity, "sibling": subject.sibling_identity}[row.kind]
            generate = Stage("generate", {row.kind: shown, "size_px": cell.model.resolution_px})
        elif row.is_given:
            images = [[asdict(one.sample), self.identity(one.path)] for one in given(row, subject)]
            generate = Stage("generate", {"images": images})
        else:
            wanted = self._once(_wanted, row.kind, cell.prompts, cell.sample, subject)
            generate = _generate(ours, train.key if train else None, cell.sampler, wanted)
        judging = {k: s for k, s in cell.metrics.items() if not row.is_given or not prompt_sets(s)}
        sets = [one for settings in judging.values() for one in prompt_sets(settings)]
        asked = {one.name: self._asked(row, one, subject, drawn, ours, train) for one in _distinct(sets)}
        score = {kind: self._score(kind, s, row, subject, generate, asked) for kind, s in judging.items()}
        return Chain(
            subject, base, wanted, class_wanted, class_images, trajectory, train, generate, asked, score, packed
        )

    def _asked(
        self,
        row: Row,
        asked: PromptSettings,
        subject: Subject,
        drawn: dict[str, Any],
        ours: dict[str, Any],
        train: Stage | None,
    ) -> Asked:
        """drawn, ours: what draws, for the untuned base and for the row."""
        sampler, sample = row.cell.sampler, row.cell.sample
        wanted, base_wanted = (self._once(_wanted, kind, asked, sample, subject) for kind in (row.kind, "base"))
        generate = _generate(ours, train.key if train else None, sampler, wanted)
        return Asked(generate, wanted, _generate(drawn, None, sampler, base_wanted), base_wanted)

    def _score(
        self, kind: str, settings: Any, row: Row, subject: Subject, generate: Stage, asked: dict[str, Asked]
    ) -> Stage:
        by, grouped = self._once(judge, kind, settings, subject, self.identity)
        images: dict[str, Any] = {"generate": generate.key}
        if sets := [asked[one.name] for one in prompt_sets(settings)]:
            images = {"generate": [one.generate.key for one in sets], "baseline": [one.base.key for one in sets]}
        if grouped and row.kind not in PICTURES:
            images["validation_seeds"] = row.cell.sample.validation_seeds
        return Stage("score", {**by, "subject": subject.identity, **images})

    def base(self, path: str, revision: str | None) -> str:
        """What the base's weights are: their hash where they lie on this machine, else hub id and revision."""
        local = path.startswith("bundled:") or Path(path).expanduser().exists()
        if not local and not re.fullmatch(r"\w[\w.-]*/[\w.-]+", path):
            raise UserError(f"model.path is {path!r}, and there is no such folder; name a diffusers folder or a hub id")
        if local and not (bundled(path) / "model_index.json").is_file():
            raise UserError(f"model.path {path!r} has no model_index.json; give a folder that diffusers saved")
        return self.identity(bundled(path)) if local else f"{path}@{revision}"

    def _once(self, make: Callable[..., Any], *arguments: Any) -> Any:
        key = (make.__name__, *map(repr, arguments))
        if key not in self._known:
            self._known[key] = make(*arguments)
        return self._known[key]


def judge(kind: str, settings: Any, subject: Subject, identity: Callable[[Path], str]) -> tuple[dict[str, Any], bool]:
    """Who judges: a metric's kind, settings, version and weights; and whether it compares images with each other."""
    module = importlib.import_module(f"sdbench.metrics.{kind}")
    metric = module.create(settings, subject)
    by = {"kind": kind, "settings": asdict(settings), "metric_version": module.VERSION}
    return {**by, "judge": metric.judge(identity)}, metric.grouped


def given(row: Row, subject: Subject) -> list[Given]:
    """The images of a row that others drew."""
    assert row.external is not None
    return external.read(row.external, prompts.load(row.cell.prompts), row.cell.sample.validation_seeds, subject)


def _distinct(sets: list[PromptSettings]) -> list[PromptSettings]:
    """Each once: metrics that ask the same share images. Raises UserError where one name means two things."""
    for one in sets:
        if not one.name or any(one.name == other.name and one != other for other in sets):
            raise UserError(f"two metrics ask different prompts under the name {one.name!r}; rename one set")
    return list({one.name: one for one in sets}.values())


def prompt_sets(settings: Any) -> list[PromptSettings]:
    """Of a metric that is judged on prompts of its own; none where it is judged on the study's."""
    return list(getattr(settings, "prompts", {}).values())


def class_samples(cell: Cell, subject: Subject) -> list[Sample]:
    """The prior's pictures, asked of the untuned base."""
    assert cell.method.prior is not None
    prompt = Prompt("class", cell.method.instance_prompt)
    return prompts.requests([prompt], range(cell.method.prior.images), subject.class_words, subject.class_words)


def _wanted(kind: str, asked: Any, sample: Any, subject: Subject) -> list[Sample]:
    """Validation and test seeds of every prompt; the base is asked with the class words."""
    words = subject.class_words if kind == "base" else subject.identifier
    seeds = [*sample.validation_seeds, *sample.test_seeds]
    return prompts.requests(prompts.load(asked), seeds, words, subject.class_words)


def _generate(drawn: dict[str, Any], trained: str | None, sampler: SamplerSettings, wanted: list[Sample]) -> Stage:
    samples = [asdict(sample) for sample in wanted]
    return Stage("generate", {**drawn, "trained": trained, "sampler": asdict(sampler), "samples": samples})


def _training(cell: Cell, subject: Subject, base: str, class_images: Stage | None) -> dict[str, Any]:
    method = cell.method
    worded = {"images": None, "instance": method.instance_prompt, "templates": method.templates}
    return {
        **_model(cell), **_machine(cell), "base": base, "subject": subject.train_identity,
        "adapters": {kind: asdict(settings) for kind, settings in method.adapters.items()},
        "captions": [method.captions, worded[method.captions]],
        "class_images": class_images.key if class_images else None,
        "prior_weight": method.prior.weight if method.prior else None,
        "train": {
            key: value for key, value in asdict(cell.train).items()
            if key not in NOT_KEYED and value != AS_BEFORE.get(key)
        },
    }  # fmt: skip


def _without_end(settings: dict[str, Any]) -> dict[str, Any]:
    """Where a training stops is no part of its trajectory, unless the learning rate looks ahead to it."""
    train = settings["train"]
    ahead = train["schedule"] != "constant"
    return {**settings, "train": {key: value for key, value in train.items() if ahead or key != "steps"}}


def _model(cell: Cell) -> dict[str, Any]:
    return {"model": {key: getattr(cell.model, key) for key in ("family", "resolution_px", "dtype")}}


def _machine(cell: Cell) -> dict[str, Any]:
    """What of the machine changes bits: on the CPU the threads, elsewhere whether determinism was asked for."""
    kind = cell.device.split(":")[0]
    if kind == "cpu":
        return {"device": kind, "threads": cell.threads}
    return {"device": kind, "deterministic": cell.deterministic}


def _norms(cell: Cell) -> dict[str, Any]:
    """On a CPU images in half precision once had their group norms in it too: others, and those are not these."""
    return {"norms": "float32"} if cell.device == "cpu" and cell.model.dtype != "float32" else {}
