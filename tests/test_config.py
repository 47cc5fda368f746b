"""Settings: what a command line means, and that nothing mistyped is ever let through."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sdbench import config
from sdbench.conversion import convert
from sdbench.errors import UserError
from sdbench.settings import TrainSettings


def test_a_number_in_scientific_notation_is_a_float_wherever_it_is_written() -> None:
    assert config.compose_cell(["train.lr=1e-4"]).train.lr == 1e-4
    assert config.compose_cell(["train.lr='1e-4'"]).train.lr == 1e-4
    whole = config.compose_cell(["train.lr=1"]).train.lr
    assert whole == 1.0 and type(whole) is float


def test_a_kind_gets_the_settings_class_of_its_own_module() -> None:
    from sdbench.adapters import lora
    from sdbench.metrics import ocr

    cell = config.compose_cell(["method=lora", "method.adapters.lora.rank=3"])
    assert isinstance(cell.method.adapters["lora"], lora.Settings)
    assert cell.method.adapters["lora"].rank == 3
    assert isinstance(cell.metrics["ocr"], ocr.Settings)


def test_metrics_are_exactly_those_asked_for() -> None:
    assert list(config.compose_cell(["metric=[ocr]"]).metrics) == ["ocr"]
    assert set(config.compose_cell([]).metrics) == {"yolo", "ocr", "clip_text", "clip_image"}


def test_equal_overrides_in_another_order_are_the_same_cell() -> None:
    one = config.compose_cell(["train.lr=1e-3", "method=dreambooth"])
    assert one == config.compose_cell(["method=dreambooth", "train.lr=0.001"])


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("train.lrr=1", ["train.lrr", "'train.lr'"]),
        ("lr=1", ["lr", "'train.lr'"]),
        ("mthod=lora", ["mthod", "'method'"]),
        ("metirc=yolo", ["metirc", "'metric'"]),
        ("+train.learning=1", ["train.learning", "train.lr,"]),
        ("train={lrr: 1}", ["train.lrr", "'train.lr'"]),
        ("train.steps=many", ["train.steps", "'many'", "whole number"]),
        ("train.steps=1.5", ["train.steps", "1.5", "whole number"]),
        ("train.steps=true", ["train.steps", "whole number"]),
        ("train.cache=1", ["train.cache", "true or false"]),
        ("train.lr=null", ["train.lr", "a number"]),
        ("train.lr=fast", ["train.lr", "'fast'"]),
        ("train.lr.x=1", ["train.lr", "a number"]),
        ("train=3", ["train is 3"]),
        ("subject.lettering=2024", ["subject.lettering", "quote"]),
        ("sample.test_seeds=3", ["sample.test_seeds", "a list"]),
        ("sample.test_seeds=[a]", ["sample.test_seeds[0]", "whole number"]),
        ("~train.lr", ["train.lr is missing"]),
        ("subject=hugo_logo", ["conf/subject/hugo_logo.yaml", "'red_hugo_logo'"]),
        ("metric=[yolo,orc]", ["conf/metric/orc.yaml", "'ocr'"]),
        ("subject=folder", ["subject.class_words", "subject.folder", "subject.identifier"]),
        ("+method.adapters.lorra={rank: 1}", ["method.adapters.lorra", "'lora'"]),
        ("method.adapters.lora.rnk=1", ["method.adapters.lora.rnk", "'method.adapters.lora.rank'"]),
        ("model.family=stable_difusion", ["model.family", "'stable_diffusion'"]),
        ("device=cdua", ["device", "'cuda'"]),
        ("study=../x", ["study", "folder"]),
        ("prompts.templates=['a {subjct}']", ["prompts.templates", "{subject}"]),
        ("method.instance_prompt='a {'", ["method.instance_prompt", "{subject}"]),
        ("train.lr=[1", ["'train.lr=[1'", "key=value"]),
        ("train.lr", ["'train.lr'", "key=value"]),
        ("train.lr=1,2", ["train.lr=1,2", "one value"]),
        ("train.lr=-1", ["train.lr", "greater than 0"]),
        ("subject.lettering=${subject.letters}", ["subject.lettering", "subject.letters"]),
        ("method=null", ["conf/method/None.yaml", "lora"]),
        ("method=[lora,dreambooth]", ["method=[lora,dreambooth]", "one"]),
        ("subject.identifier=''", ["subject.identifier", "empty"]),
        ("subject.class_words=' '", ["subject.class_words", "empty"]),
        ("sampler.scheduler=ddmi", ["sampler.scheduler", "'ddim'"]),
        ("sampler.num_inference_steps=0", ["sampler.num_inference_steps", "greater than 0"]),
        ("sampler.batch_size=0", ["sampler.batch_size", "greater than 0"]),
        ("sampler.guidance_scale=-1", ["sampler.guidance_scale", "at least 0"]),
        ("prompts.templates=[]", ["prompts.templates", "empty"]),
        ("prompts.templates=['a {subject}','a logo']", ["prompts.templates", "'a logo'", "{subject}"]),
        ("sample.test_seeds=[]", ["sample.test_seeds", "empty"]),
        ("sample.validation_seeds=[]", ["sample.validation_seeds", "empty"]),
        ("sample.test_seeds=[1000,1000]", ["sample.test_seeds", "twice"]),
        ("train.warmup_steps=-1", ["train.warmup_steps", "at least 0"]),
        ("train.preview_every=-1", ["train.preview_every", "at least 0"]),
        ("train.weight_decay=-0.1", ["train.weight_decay", "at least 0"]),
        ("train.lr=nan", ["train.lr", "finite"]),
        ("train.max_grad_norm=inf", ["train.max_grad_norm", "large number"]),
        ("metrics.yolo.floor=nan", ["metrics.yolo.floor", "finite"]),
        ("model.revision='???'", ["no value", "model.revision"]),
        ("sample.test_seeds.9=5", ["sample.test_seeds", "out of range"]),
        ("sample.test_seeds.a=5", ["sample.test_seeds.a=5", "cannot be set"]),
        ("sample=[1]", ["sample=[1]", "cannot be set"]),
        ("study='${x'", ["study", "cannot be set"]),
    ],
)
def test_bad_input_names_the_key_and_what_is_valid(override: str, said: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        config.compose_cell([override])
    assert "\n" not in str(caught.value)
    assert [part for part in said if part not in str(caught.value)] == [], str(caught.value)


def test_a_subject_folder_of_ones_own_is_named_after_its_identifier() -> None:
    words = ["subject.folder=/x", "subject.identifier='my cat'", "subject.class_words=cat"]
    subject = config.compose_cell(["subject=folder", *words]).subject
    assert (subject.name, subject.folder, subject.lettering) == ("my cat", "/x", None)


def test_a_grid_expands_in_order_with_the_last_key_fastest() -> None:
    points = config.expand(["method=lora,dreambooth", "train.seed=0", "train.steps=range(100,300,100)"])
    assert points == [
        ["method=lora", "train.seed=0", "train.steps=100"],
        ["method=lora", "train.seed=0", "train.steps=200"],
        ["method=dreambooth", "train.seed=0", "train.steps=100"],
        ["method=dreambooth", "train.seed=0", "train.steps=200"],
    ]


def test_a_glob_sweeps_the_files_of_its_group() -> None:
    assert config.expand(["sampler=glob(d*)"]) == [["sampler=ddim"], ["sampler=dpm"]]
    with pytest.raises(UserError, match="matches nothing"):
        config.expand(["sampler=glob(zz*)"])


def test_a_key_said_twice_counts_as_it_was_said_last() -> None:
    assert config.expand(["train.lr=1,2", "train.lr=3"]) == [["train.lr=3"]]


def test_an_interval_is_refused_because_it_has_no_end_of_values() -> None:
    with pytest.raises(UserError, match=r"train.lr=interval\(1,2\)"):
        config.expand(["train.lr=interval(1,2)"])


def test_several_cells_need_the_sweep_flag_and_cells_that_are_equal_stand_once() -> None:
    with pytest.raises(UserError, match="-m"):
        config.scratch_study(["train.steps=1,2"], multirun=False)
    study = config.scratch_study(["train.steps=1,2,1", "study=mine"], multirun=True)
    assert [cell.train.steps for _, cell in study.cells] == [1, 2]
    assert study.name == "mine"


@pytest.mark.parametrize("name", sorted(p.parent.name for p in config.EXPERIMENTS.glob("*/study.yaml")))
def test_every_study_loads_and_its_cells_are_compositions_of_their_overrides(name: str) -> None:
    study = config.load_study(name)
    assert study.name == name and study.cells
    assert all(cell.study == name for _, cell in study.cells)
    overrides, cell = study.cells[-1]
    assert config.compose_cell(overrides) == cell


def test_overrides_after_the_study_hold_for_every_cell() -> None:
    study = config.load_study("smoke", ["train.steps=2", "device=cpu"])
    assert {(cell.train.steps, cell.device) for _, cell in study.cells} == {(2, "cpu")}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("question: [", "not yaml"),
        ("3", "mapping"),
        ("question: q\npublished: null\nselect: s\ncommon: []\ngird: []", "'grid'"),
        ("question: q\npublished: null\nselect: s\ncommon: []", "grid is missing"),
        ("question: q\npublished: x.csv\nselect: s\ncommon: []\ngrid: []", "x.csv"),
        ("question: q\npublished: null\nselect: s\ncommon: []\ngrid: [[train.lr=1,2]]", r"grid\[0\]\[1\]"),
        ("question: q\npublished: null\nselect: ocr\ncommon: []\ngrid: []", "grid is empty"),
        ("question: q\npublished: null\nselect: orc\ncommon: []\ngrid: [[]]", "select is 'orc'.*'ocr'"),
        ("question: q\npublished: null\nselect: yolo\ncommon: [metric=ocr]\ngrid: [[]]", "select is 'yolo'"),
    ],
)
def test_a_broken_study_file_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "study.yaml").write_text(content)
    with pytest.raises(UserError, match=said) as caught:
        config.load_study("mine", experiments=tmp_path)
    assert "study.yaml" in str(caught.value)


def test_an_unknown_study_gets_the_nearest_one() -> None:
    with pytest.raises(UserError, match="'microworld'"):
        config.load_study("micro_world")


def test_conversion_is_exact_about_types() -> None:
    values = TrainSettings.__annotations__.keys()
    with pytest.raises(UserError, match=r"train\.steps is missing"):
        convert(TrainSettings, {name: 1 for name in values if name != "steps"}, "train")


def test_a_thousand_cells_are_checked_and_named_in_seconds_without_torch() -> None:
    script = (
        "import sys; from sdbench import config, rows\n"
        "grid = ['train.lr=1e-1,1e-2,1e-3,1e-4,1e-5', 'train.steps=range(100,2100,100)']\n"
        "grid += ['sampler.num_inference_steps=range(10,60,10)', 'method=lora,dreambooth', 'train.warmup_steps=0']\n"
        "study = config.scratch_study(grid, multirun=True)\n"
        "print(len(study.cells), len(rows.of_study(study.cells)), 'torch' in sys.modules)\n"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", script], cwd=config.ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["1000", "1020", "False"], done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 10  # 1 s; a minute and a half if Hydra composed each cell


def test_composing_leaves_no_trace_in_hydra() -> None:
    from hydra.core.global_hydra import GlobalHydra

    config.compose_cell([])
    assert not GlobalHydra.instance().is_initialized()
    assert "sdbench.conf" not in sys.modules


@pytest.mark.parametrize("select", ["average(ocr, yolo)", "clip_image", "ocr_edit"])
def test_a_study_may_select_by_any_score_of_its_metrics(tmp_path: Path, select: str) -> None:
    (tmp_path / "mine").mkdir()
    content = f"question: q\npublished: null\nselect: {select}\ncommon: []\ngrid: [[]]"
    (tmp_path / "mine" / "study.yaml").write_text(content)
    assert config.load_study("mine", experiments=tmp_path).select == select


@pytest.mark.parametrize(
    ("overrides", "select"),
    [
        (["subject=red_hugo_logo"], "average(ocr, yolo)"),
        (["subject=sks_dog"], "clip_image"),
        (["subject=red_hugo_logo,sks_dog"], "clip_image"),
        (["subject=red_hugo_logo", "subject.detector=null"], "clip_image"),
        (["subject=red_hugo_logo", "metric=[ocr,clip_image]"], "clip_image"),
        (["subject=sks_dog", "metric=[clip_text]"], "clip_text"),
    ],
)
def test_a_command_line_selects_by_what_its_subjects_can_be_judged_by(overrides: list[str], select: str) -> None:
    assert config.scratch_study(overrides, multirun=True).select == select


@pytest.mark.parametrize("override", ["method.prior.images=0", "method.prior.weight=-1"])
def test_a_prior_out_of_range_is_named(override: str) -> None:
    with pytest.raises(UserError, match=override.partition("=")[0]):
        config.compose_cell(["method=dreambooth", override])
