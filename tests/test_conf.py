"""conf/ and the modules match: every file composes, is named by what it holds, and has a module that reads it."""

from __future__ import annotations

import pytest
import yaml

from sdbench.config import CONF, compose_cell
from sdbench.conversion import kinds
from sdbench.settings import Cell

FILES = sorted((path.parent.name, path.stem) for path in CONF.glob("*/*.yaml"))
NEEDED = {
    "folder": ["subject.folder=pictures", "subject.identifier=sks cat", "subject.class_words=cat"],
    "flow_euler": ["model=sd35_medium"],
}


def compose(group: str, option: str) -> Cell:
    if group == "prior":  # stands inside of a method
        return compose_cell(["method=dreambooth", f"prior@method.prior={option}"])
    if group == "probes":  # of a metric that asks them
        return compose_cell(["metric=[drift]", f"probes@metrics.drift.prompts.class={option}"])
    return compose_cell([f"{group}={option}", *NEEDED.get(option, [])])


@pytest.mark.parametrize(("group", "option"), FILES)
def test_every_file_composes_into_checked_settings(group: str, option: str) -> None:
    assert isinstance(compose(group, option), Cell)


@pytest.mark.parametrize(("group", "option"), [f for f in FILES if f[0] in ("model", "subject", "method", "prompts")])
def test_a_file_that_says_a_name_says_its_own(group: str, option: str) -> None:
    if option not in NEEDED:
        assert getattr(compose(group, option), group).name == option


@pytest.mark.parametrize("option", [option for group, option in FILES if group == "metric"])
def test_a_metric_file_lands_under_its_own_name(option: str) -> None:
    assert list(compose("metric", option).metrics) == [option]


def test_every_metric_module_has_a_file_and_every_file_a_module() -> None:
    from importlib import import_module

    with_settings = {k for k in kinds("sdbench.metrics") if hasattr(import_module(f"sdbench.metrics.{k}"), "Settings")}
    assert {option for group, option in FILES if group == "metric"} == with_settings


def test_every_adapter_is_used_by_some_method_and_every_family_by_some_model() -> None:
    methods = [compose("method", option).method for group, option in FILES if group == "method"]
    assert {kind for method in methods for kind in method.adapters} == set(kinds("sdbench.adapters"))
    models = [compose("model", option).model for group, option in FILES if group == "model"]
    assert {model.family for model in models} == set(kinds("sdbench.backbones"))


def test_no_value_stands_both_in_the_primary_file_and_in_a_group() -> None:
    primary = yaml.safe_load((CONF / "config.yaml").read_text())
    for group, option in FILES:
        own = yaml.safe_load((CONF / group / f"{option}.yaml").read_text()) or {}
        assert not set(own) & set(primary.get(group, {})), f"{group}/{option} repeats a key of config.yaml"


def test_prompts_of_the_microworld_stay_in_its_closed_vocabulary() -> None:
    from sdbench.microworld.scene import IDENTIFIERS, VOCABULARY

    known = {*VOCABULARY, *IDENTIFIERS}
    for subject in ("red_hugo_logo", "unicorn_girl", "sks_dog"):
        cell = compose_cell([f"subject={subject}", "prompts=" + subject.replace("red_hugo_logo", "thesis")])
        for template in cell.prompts.templates:
            for words in (cell.subject.identifier, cell.subject.class_words):
                assert set(template.format(subject=words).lower().split()) <= known
    for option in (option for group, option in FILES if group == "probes"):
        for template in yaml.safe_load((CONF / "probes" / f"{option}.yaml").read_text())["templates"]:
            assert set(template.format(class_words="dog", subject="dog").lower().split()) <= known
