"""What an error says of a word that is not valid: the one that was meant, or those that are."""

from __future__ import annotations

import pytest

from sdbench import cli
from sdbench.conversion import types_of
from sdbench.errors import nearest
from sdbench.settings import SamplerSettings, TrainSettings

METHODS = ["dreambooth", "dreambooth_lora", "lora", "textual_inversion"]
MODELS = ["microworld", "sd14", "sd15", "sd20", "sd21"]
SUBJECTS = ["folder", "red_hugo_logo", "sks_dog", "unicorn_girl"]
TRAIN = [f"train.{name}" for name in types_of(TrainSettings)]
SAMPLER = [f"sampler.{name}" for name in types_of(SamplerSettings)]
OPTIONS = ["--images", "--lora", "--embedding", "--pipeline", "--prompts", "--name", "--study"]


@pytest.mark.parametrize(
    ("word", "valid", "meant"),
    [
        ("rnu", list(cli.COMMANDS), "run"),
        ("reprot", list(cli.COMMANDS), "report"),
        ("lroa", METHODS, "lora"),
        ("textual_inverson", METHODS, "textual_inversion"),
        ("SD15", MODELS, "sd15"),
        ("mircoworld", MODELS, "microworld"),
        ("dog", SUBJECTS, "sks_dog"),
        ("train.lrr", TRAIN, "train.lr"),
        ("train.batchsize", TRAIN, "train.batch_size"),
        ("sampler.num_steps", SAMPLER, "sampler.num_inference_steps"),
        ("--image", OPTIONS, "--images"),
    ],
)
def test_a_typo_gets_the_word_that_was_meant(word: str, valid: list[str], meant: str) -> None:
    assert nearest(word, valid) == f"; did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("word", "valid"),
    [
        ("train", list(cli.COMMANDS)),
        ("delete", list(cli.COMMANDS)),
        ("sdxl", MODELS),
        ("hypernetwork", METHODS),
        ("cat", SUBJECTS),
        ("train.epochs", TRAIN),
        ("train.learning_rate", TRAIN),
        ("train.rank", TRAIN),
        ("sampler.cfg", SAMPLER),
        ("--output", OPTIONS),
        ("--help", OPTIONS),
    ],
)
def test_a_word_that_is_none_of_them_gets_all_that_are_valid(word: str, valid: list[str]) -> None:
    assert nearest(word, valid) == f"; valid: {', '.join(sorted(valid))}"


def test_many_valid_words_are_counted_and_not_listed() -> None:
    said = nearest("resnet", [f"ViT-{i:02}" for i in range(40)])
    assert said.startswith("; 40 are valid, ViT-") and said.count("ViT-") == 3


def test_where_nothing_is_valid_nothing_is_added() -> None:
    assert nearest("mine", []) == ""
