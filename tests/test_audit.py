"""An audit's material has the truth that it claims, and a study's metrics go through it from yaml to both files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import study_folder
from PIL import Image

from sdbench import config, results, subjects
from sdbench.audit import lettering, material, pictures, run, scenes
from sdbench.audit.families import FAMILIES
from sdbench.microworld.pretrain import subjects as shipped
from sdbench.microworld.scene import Badge, Scene
from sdbench.records import Card
from sdbench.score import metric
from sdbench.subjects import Subject

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
METRICS = sorted(path.stem for path in (config.CONF / "metric").glob("*.yaml"))


def different(image: Image.Image) -> float:
    return float(np.abs(np.asarray(image, dtype=float) - np.asarray(PICTURE, dtype=float)).mean())


def audited(words: list[str], tmp_path: Path) -> run.Audit:
    return run.audit(config.load_study("smoke", ["device=cpu", f"store={tmp_path}/store", *words]), tmp_path / "runs")


# --- what metrics declare ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", METRICS)
def test_every_card_says_what_it_judges_unless_it_has_no_direction(kind: str, logo: Subject) -> None:
    settings = config.compose_cell([f"metric=[{kind}]", "device=cpu"]).metrics[kind]
    for card in metric(kind, settings, logo).cards:
        assert card.judges in FAMILIES or (card.judges, card.direction) == ("", "none"), card.name


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", pictures.DEGRADATIONS)
def test_a_degradation_takes_more_away_at_every_strength(kind: str) -> None:
    drawn = scenes.draw(scenes.SUBJECTS["red_hugo_logo"], 0)
    spoilt = [pictures.DEGRADATIONS[kind](drawn, strength, 3) for strength in pictures.STRENGTHS]
    away = [np.abs(np.asarray(one, dtype=float) - np.asarray(drawn, dtype=float)).mean() for one in spoilt]
    assert all(b > a > 0 for a, b in zip(away, away[1:], strict=False))
    assert all(one.size == drawn.size and one.mode == "RGB" for one in spoilt)


def test_near_copies_are_the_picture_faintly_changed() -> None:
    same, faint, mirrored, cropped = pictures.near_copies(PICTURE, 0)
    assert different(same) == 0 and 0 < different(faint) < 5
    assert different(mirrored.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == 0
    assert cropped.size == PICTURE.size


# --- scenes -----------------------------------------------------------------------------------------------------------


def test_the_subjects_as_scenes_are_those_that_were_drawn() -> None:
    drawn = {name: make()["train"][0][0] for name, make in
             {"unicorn_girl": shipped.girl, "sks_dog": shipped.dog}.items()}  # fmt: skip
    assert {name: scenes.SUBJECTS[name] for name in drawn} == drawn
    assert scenes.SUBJECTS["red_hugo_logo"].badge == shipped.HUGO
    assert set(scenes.SUBJECTS) == {folder.name for folder in subjects.SHIPPED.iterdir() if folder.is_dir()}


@pytest.mark.parametrize("wrong", range(5))
def test_a_misspelled_word_has_as_many_wrong_letters_as_it_says(wrong: int) -> None:
    word = scenes.misspelled("HUGO", wrong, np.random.default_rng(wrong))
    assert sum(a != b for a, b in zip(word, "HUGO", strict=True)) == wrong


@pytest.mark.parametrize("wrong", range(4))
def test_an_altered_item_differs_in_as_many_words_as_it_says(wrong: int) -> None:
    rng = np.random.default_rng(wrong)
    scene = scenes.item(rng)
    other = scenes.altered(scene, wrong, rng)
    assert sum(getattr(scene, name) != getattr(other, name) for name in scenes.SAID) == wrong


@pytest.mark.parametrize("name", scenes.SUBJECTS)
def test_a_relative_keeps_as_many_traits_as_it_says(name: str) -> None:
    one = scenes.SUBJECTS[name]

    def traits(scene: Scene) -> dict[str, str]:
        if scene.badge:
            return {"badge color": scene.badge.color, "badge word": scene.badge.word}
        return {key: scene.color if key == "color" else scene.trait(key) for key in scenes.TRAITS[one.kind]}

    for kept in range(len(scenes.TRAITS[one.kind]) + 1):
        other = traits(scenes.relative(one, kept, np.random.default_rng(kept)))
        assert sum(other[key] == value for key, value in traits(one).items()) == kept


def test_a_prompt_of_two_things_is_drawn_as_it_says_and_other_prompts_are_not() -> None:
    scene = scenes.of_parts("a blue cat and a yellow bowl", [("cat", "blue"), ("bowl", "yellow")], "studio")
    assert scene is not None and scenes.with_colors_swapped(scene).color == "yellow"
    assert scenes.with_one_missing(scene).thing == "cat"
    worn = scenes.of_parts("a woman ..", [("sweater", "green"), ("pants", "black")], "studio")
    assert worn is not None and worn.trait("sex") == "female"
    assert scenes.with_colors_swapped(worn).trait("pants") == "green"
    assert scenes.of_parts("a car and a tree", [("car", "red"), ("tree", "green")], "studio") is None


# --- material ---------------------------------------------------------------------------------------------------------


def test_swapped_prompts_leave_no_image_its_own_where_they_differ(logo: Subject) -> None:
    case = material.case_of(logo, None, "")
    those = material.right(case, "heldout")
    swapped = material.instead(case, "swapped", those)
    assert [one.image for one in swapped] == [one.image for one in those]
    assert not any(a.sample.class_prompt == b.sample.class_prompt for a, b in zip(those, swapped, strict=True))


def test_a_group_that_is_blank_shows_one_picture(logo: Subject) -> None:
    case = material.case_of(logo, None, "")
    groups = material.instead(case, "one blank", material.right(case, "groups"))
    shown = {(one.sample.prompt_id, one.image.tobytes()) for one in groups}
    assert len(shown) == len({prompt for prompt, _ in shown}) == material.PER_DEGREE


@pytest.mark.parametrize("judges", ["identity", "presence", "spelling", "prompt", "diversity", "drift", "memorization"])
def test_trials_are_the_same_each_time_and_every_image_has_its_own_name(judges: str, logo: Subject) -> None:
    case = material.case_of(logo, None, "")
    first, second = material.trials(case, judges), material.trials(case, judges)
    assert first
    for name, trial in first.items():
        assert [j.image.tobytes() for j in trial.judged] == [j.image.tobytes() for j in second[name].judged]
        assert len({j.sample.sample_id for j in trial.judged}) == len(trial.judged) == len(trial.right)


def test_of_ones_own_pictures_only_copies_have_a_known_truth(logo: Subject) -> None:
    own = replace(material.case_of(logo, None, ""), known=None)
    assert [judges for judges in FAMILIES if material.trials(own, judges)] == ["memorization"]


def test_lettering_is_set_whole_on_white() -> None:
    pixels = np.asarray(lettering.plainly("HUGO", "DejaVuSerif", 24))
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    assert (edges == 255).all() and pixels.min() == 0


# --- whole ------------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(120)
def test_a_studys_metrics_are_audited_and_the_same_audit_gives_the_same_bytes(tmp_path: Path) -> None:
    found = audited(["metric=[clip_text,yolo,diversity]"], tmp_path)
    page = run.write(found, tmp_path / "runs", tmp_path / "reports")
    content = json.loads((tmp_path / "runs" / "smoke" / "audit.json").read_text())
    assert {name: content[name]["passed"] for name in ("clip_text", "yolo")} == {"clip_text": True, "yolo": True}
    assert content["diversity_lpips"]["status"] == "not audited" and "LPIPS has no weights" in page.read_text()
    assert content["diversity_lpips"]["why"].startswith("not audited: LPIPS has no weights")
    assert all({"passed", "why"} <= set(one) for one in content.values())
    assert found.speeds["yolo"] is not None and found.speeds["yolo"] > 0
    again = run.write(audited(["metric=[clip_text,yolo,diversity]"], tmp_path), tmp_path / "runs", tmp_path / "reports")
    assert again.read_bytes() == page.read_bytes()
    assert json.loads((tmp_path / "runs" / "smoke" / "audit.json").read_text()) == content


def test_a_subject_without_a_logo_or_weights_that_are_not_there_give_a_reason(tmp_path: Path) -> None:
    words = ["subject=unicorn_girl", "metric=[yolo,clip_image]", "metrics.clip_image.model=ViT-B-99"]
    found = audited(words, tmp_path).metrics
    assert (found["yolo"].verdict.status, found["yolo"].verdict.why) == ("not audited", "subject has no logo detector")
    assert found["clip_image"].verdict.status == "not audited" and "ViT-B-99" in found["clip_image"].verdict.why


def test_a_metric_that_does_not_look_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sdbench.metrics import yolo
    from sdbench.records import Score

    monkeypatch.setattr(yolo.Yolo, "_look", lambda self, item, detector: Score(item.sample.sample_id, "yolo", 0.9))
    verdict = audited(["metric=[yolo]"], tmp_path).metrics["yolo"].verdict
    assert verdict.status == "failed" and "others: AUC 0.500" in verdict.why and "logo there or not" in verdict.why


def test_logos_of_another_word_are_no_subject() -> None:
    assert scenes.relative(scenes.SUBJECTS["red_hugo_logo"], 2, np.random.default_rng(0)).badge == Badge("red", "HUGO")


def test_what_identity_is_asked_with_is_never_among_its_references(logo: Subject) -> None:
    family = FAMILIES["identity"]
    right = {one.image.tobytes() for one in material.right(material.case_of(logo, None, ""), family.right)}
    assert right and not right & {reference.image().tobytes() for reference in logo.heldout}


def test_of_a_study_that_ran_false_positives_and_the_ranks_of_cells_are_told(tmp_path: Path) -> None:
    folder = study_folder.Folder(tmp_path)
    folder.cell("base", scores={"found": study_folder.everywhere(0.25)}, kind="base")
    for rate, one, other in (("a", 0.1, 0.5), ("b", 0.2, 0.7), ("c", 0.3, 0.9), ("d", 0.4, 0.8)):
        scores = {"found": 1.0, "one": one, "other": other}
        folder.cell("lora", rate, {name: study_folder.everywhere(value) for name, value in scores.items()})
    made = results.load("tiny", folder.finish(select="one"))
    card = Card("", "", "", "higher", 0, 1, "x", "", "", 1, "")
    found = {
        "found": run.Audited(replace(card, judges="presence")),
        "one": run.Audited(replace(card, judges="identity")),
        "other": run.Audited(replace(card, judges="identity", backbone="y")),
    }
    run.of_images(made, found)
    (false_positives,), (ranks,) = found["found"].checks, found["one"].checks
    assert (false_positives.value, false_positives.n, false_positives.passed) == (0.25, 10, None)
    assert ranks.name == "ranks of cells, as other" and ranks.value == pytest.approx(4 / 6)
    assert found["other"].checks == []
