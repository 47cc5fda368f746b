"""What the stages say to each other: prompts, samples, scores and a metric's card. Plain data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass

FLOORS = ("base", "base_raw", "sibling", "real")  # kinds of rows beside a study's cells: three floors and the ceiling
PICTURES = ("sibling", "real")  # those of pictures that nobody drew: they answer no prompt and have no image seed
DONE = ("done", "diverged")  # ways for a cell to end that stay: the same settings would end so again
FAILED = ("failed", "killed", "timed_out", "out_of_memory")  # ways to end that the next run tries again
STOPPED = "stopped"  # not run: early stopping ended its training at fewer steps


@dataclass(frozen=True)
class Prompt:
    """One prompt as the study words it.

    id: stable name, e.g. `thesis-0`. template: with `{subject}` where the subject stands, e.g. `A {subject}`, and
    `{class_words}` where its kind does, whoever is asked.
    """

    id: str
    template: str

    def text(self, subject: str, class_words: str) -> str:
        """The prompt with `subject` (identifier, class words or placeholder token) in its place."""
        return self.template.format(subject=subject, class_words=class_words)


@dataclass(frozen=True)
class Sample:
    """One image in a samples folder; a row of `samples.parquet`.

    sample_id: `<prompt_id>-<seed>`. prompt: the words the model was given. class_prompt: the same with the subject's
    class words, for judging. file: PNG relative to the folder.
    """

    sample_id: str
    prompt_id: str
    prompt: str
    class_prompt: str
    seed: int
    file: str


@dataclass(frozen=True)
class Score:
    """A metric's judgement of one sample; a row of `scores.parquet`.

    Exactly one of `value` and `reason` is None: a value, or why there is none. evidence: JSON object, what was seen.
    """

    sample_id: str
    metric: str
    value: float | None
    reason: str | None = None
    evidence: str = "{}"

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError(f"{self.metric}: a score has a value or a reason, got {self.value!r} and {self.reason!r}")


@dataclass(frozen=True)
class Card:
    """What a metric says of itself once: the columns, axes and titles of every table and plot come from here.

    direction: `higher` or `lower` is better, or `none`. low, high: the range of values. backbone: the model that
    judges. aggregation: how scores become a row's number. headline: shown in the leaderboard's first columns.
    prompts: the prompt set whose images it judges; empty: the study's own. per: `image`, or `prompt` where the images
    of a prompt have one score between them. judges: what an image shows more of that gets a higher value, whether that
    is good or bad: a key of sdbench.audit.families.FAMILIES, which says how the metric is audited; empty where there is
    no truth to audit it by.
    """

    name: str
    title: str
    unit: str
    direction: str
    low: float
    high: float
    backbone: str
    preprocessing: str
    aggregation: str
    version: int
    source: str
    headline: bool = True
    prompts: str = ""
    per: str = "image"
    judges: str = ""
