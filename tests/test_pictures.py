"""Pictures as people have them: of any depth, mode and size, and damaged ones, which have a reason."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sdbench import config, pictures, pipeline, protocols, score, sheets, subjects
from sdbench.backbones.base import square
from sdbench.errors import UserError
from sdbench.records import Sample
from sdbench.rows import Row
from sdbench.settings import Cell, SubjectSettings
from sdbench.store import Store
from sdbench.subjects import Subject

MakeCell = Callable[..., Cell]
KINDS = sorted(path.stem for path in (config.CONF / "metric").glob("*.yaml"))
DAMAGED = ("truncated", "no_picture")


def gradient(width: int, height: int) -> Image.Image:
    across = np.linspace(0, 255, width).astype(np.uint8)
    return Image.fromarray(np.stack([np.tile(across, (height, 1))] * 3, -1)[..., ::-1].copy())


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png16(path: Path, levels: np.ndarray) -> None:
    """A PNG of 16 bits a channel, by its specification: (h, w) greys or (h, w, 3) colours."""
    height, width = levels.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 16, 2 if levels.ndim == 3 else 0, 0, 0, 0)
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in levels)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)


def write_odd_ones(folder: Path) -> list[str]:
    """One of every kind that a camera, a scanner or a broken download leaves; their names."""
    folder.mkdir(parents=True)
    picture = gradient(64, 64)
    write_png16(folder / "grey16.png", np.tile(np.linspace(0, 65535, 64), (64, 1)))
    write_png16(folder / "rgb16.png", np.full((64, 64, 3), 32768))
    picture.convert("CMYK").save(folder / "cmyk.jpg")
    picture.convert("L").save(folder / "grey.png")
    palette = picture.convert("P")
    palette.save(folder / "palette.png", transparency=bytes(range(256)))
    picture.convert("LA").save(folder / "grey_alpha.png")
    picture.convert("1").save(folder / "bilevel.png")
    gradient(1, 1).save(folder / "one_px.png")
    gradient(4000, 4000).save(folder / "huge.jpg", quality=60)
    gradient(256, 256).save(folder / "truncated.png")
    whole = (folder / "truncated.png").read_bytes()
    (folder / "truncated.png").write_bytes(whole[: len(whole) // 2])
    (folder / "no_picture.png").write_text("not found")
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The odd ones as a samples folder."""
    folder = tmp_path_factory.mktemp("odd")
    names = write_odd_ones(folder / "images")
    rows = [
        Sample(Path(name).stem, "p", "a red_hugo_logo", "a red logo", seed, f"images/{name}")
        for seed, name in enumerate(names)
    ]
    pd.DataFrame([asdict(row) for row in rows]).to_parquet(folder / "samples.parquet", index=False)
    return folder


def settings_of(kind: str, weights: dict[str, str] | None = None) -> Any:
    """A metric's settings; those of the peers' presets with random weights of the right architecture."""
    settings = config.compose_cell([f"metric=[{kind}]", "device=cpu"]).metrics[kind]
    peers = any(kind.startswith(preset) for preset in protocols.PRESETS)
    if not peers or kind == "peft_comparison" or weights is None:
        return settings  # the second is of pictures with a held-out one's caption, and loads nothing for the others
    places = {
        "dino": weights["s8" if kind == "dreambench_plus" else "s16"],
        "clip": weights["clip"],
        "dinov2": weights["v2s" if kind == "dreambench_plus" else "v2b"],
    }
    known = {field.name for field in fields(settings)}
    return replace(settings, batch_size=1, **{key: place for key, place in places.items() if key in known})


@pytest.fixture(scope="module")
def red_hugo() -> Subject:
    return subjects.load(config.compose_cell(["subject=red_hugo_logo"]).subject, 64)


@pytest.mark.parametrize("kind", KINDS)
def test_every_metric_gives_every_odd_picture_a_value_or_a_reason(
    kind: str, odd: Path, red_hugo: Subject, weights: dict[str, str], tmp_path: Path
) -> None:
    settings = settings_of(kind, weights)
    own = getattr(settings, "prompts", {})  # of a metric that is judged on prompts of its own
    asked = next(iter(own), "")
    if kind == "prompt_failure":  # its prompts are told by their number
        odd = renamed(odd, f"{asked}-0", tmp_path / "numbered")
    drawn = score.Drawn(odd, odd if own else None, asked)
    score.score(kind, settings, red_hugo, [drawn], [0, 1, 2], tmp_path)
    table = pd.read_parquet(tmp_path / "scores.parquet")
    assert len(table) and (table["value"].isna() == table["reason"].notna()).all()
    for name in DAMAGED:
        reasons = table.loc[table["sample_id"] == name, "reason"]
        assert len(reasons) and reasons.str.startswith("image cannot be read: ").all()
    sound = table[~table["sample_id"].isin(DAMAGED)]
    assert not sound["reason"].str.contains("cannot be read", na=False).any()


def renamed(odd: Path, prompt_id: str, folder: Path) -> Path:
    folder.mkdir()
    (folder / "images").symlink_to(odd / "images")
    pd.read_parquet(odd / "samples.parquet").assign(prompt_id=prompt_id).to_parquet(folder / "samples.parquet")
    return folder


def test_sixteen_bits_are_scaled_and_not_clipped_to_white(odd: Path) -> None:
    grey = np.asarray(pictures.opened(odd / "images" / "grey16.png"))
    assert grey.shape == (64, 64, 3) and np.abs(grey[0, :, 0] - np.linspace(0, 255, 64)).max() <= 1
    colour = np.asarray(pictures.opened(odd / "images" / "rgb16.png"))
    assert (colour == 128).all()
    assert np.array_equal(np.asarray(square(odd / "images" / "grey16.png", 64)), grey)


def test_every_mode_becomes_rgb_of_its_own_size(odd: Path) -> None:
    for path in (odd / "images").iterdir():
        if path.stem not in DAMAGED:
            with Image.open(path) as file:
                size = file.size
            image = pictures.opened(path)
            assert (image.mode, image.size) == ("RGB", size), path.name


def test_a_file_that_is_not_there_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pictures.opened(tmp_path / "nothing.png")


def test_a_contact_sheet_shows_a_damaged_picture_as_a_grey_tile(odd: Path, tmp_path: Path) -> None:
    told = sheets.write([odd / "images" / "truncated.png", odd / "images" / "grey.png"], tmp_path, "s")
    assert (tmp_path / told["files"][0]).is_file() and told["sizes_px"] == [[64, 64], [64, 64]]


@pytest.fixture
def dog(tmp_path: Path) -> SubjectSettings:
    folder = tmp_path / "dog"
    for part in ("train", "heldout"):
        (folder / part).mkdir(parents=True)
        lines = []
        for i in range(2):
            gradient(64 + i, 64).save(folder / part / f"{i}.png")
            lines.append(json.dumps({"file_name": f"{i}.png", "text": "a sks dog"}))
        (folder / part / "metadata.jsonl").write_text("\n".join(lines))
    return replace(config.compose_cell(["subject=sks_dog"]).subject, folder=str(folder))


@pytest.mark.parametrize("part", ["train", "heldout"])
@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_a_truncated_picture_of_a_subject_is_named_with_the_remedy(
    part: str, suffix: str, dog: SubjectSettings
) -> None:
    path = Path(dog.folder) / part / f"0.{suffix}"
    noise = np.random.default_rng(0).integers(0, 255, (256, 256, 3)).astype(np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    metadata = path.parent / "metadata.jsonl"
    metadata.write_text(metadata.read_text() + "\n" + json.dumps({"file_name": path.name, "text": "a sks dog"}))
    if suffix == "png":
        metadata.write_text("\n".join(metadata.read_text().splitlines()[:2]))
    with pytest.raises(UserError, match=rf"0\.{suffix} cannot be read as an image \(.*\); replace it") as caught:
        subjects.load(dog, 64)
    assert "\n" not in str(caught.value)


def test_a_subjects_picture_of_sixteen_bits_is_read_scaled_and_is_another_subject_than_when_it_was_clipped(
    dog: SubjectSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_png16(Path(dog.folder) / "train" / "0.png", np.tile(np.linspace(0, 65535, 64), (64, 1)))
    subject = subjects.load(dog, 64)
    assert np.asarray(subject.train[0].image()).mean() == pytest.approx(127.5, abs=1)
    monkeypatch.setattr(pictures, "is_deep", lambda path: False)
    assert subjects.load(dog, 64).train_identity != subject.train_identity


def test_an_image_whose_prompt_is_not_known_has_a_reason_where_the_prompt_counts_and_values_elsewhere(
    red_hugo: Subject, tmp_path: Path
) -> None:
    (tmp_path / "images").mkdir()
    rows = []
    for seed in range(4):
        gradient(64 + seed, 64).save(tmp_path / "images" / f"{seed}.png")
        said = "" if seed < 2 else "a red logo"
        rows.append(Sample(f"s{seed}", "p", said, said, seed, f"images/{seed}.png"))
    pd.DataFrame([asdict(row) for row in rows]).to_parquet(tmp_path / "samples.parquet", index=False)
    for kind, has_value in (("clip_text", False), ("diversity", False), ("clip_image", True), ("yolo", True)):
        score.score(kind, settings_of(kind), red_hugo, [score.Drawn(tmp_path)], [], tmp_path)
        table = pd.read_parquet(tmp_path / "scores.parquet")
        unprompted = table["sample_id"].isin(["s0", "s1"])
        reasons = set(table.loc[unprompted, "reason"].dropna())
        assert reasons == (set() if has_value else {score.NO_PROMPT})
        assert not (table.loc[~unprompted, "reason"] == score.NO_PROMPT).any()


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every file that is decoded from now on, as often as it is."""
    seen: list[Path] = []
    opened = pictures.opened

    def counted(path: Path) -> Image.Image:
        seen.append(path)
        return opened(path)

    monkeypatch.setattr(pictures, "opened", counted)
    return seen


def test_a_rows_pictures_are_decoded_once_whatever_the_number_of_metrics(
    make_cell: MakeCell, tmp_path: Path, openings: list[Path]
) -> None:
    cell = replace(make_cell("metric=[yolo,ocr,clip_text,diversity]"), threads=1)
    store = Store(cell.store)
    record = pipeline.run(Row("real", cell, [], "x", ""), store, tmp_path / "previews", lambda what: None)
    assert set(record["stages"]["score"]) == {"yolo", "ocr", "clip_text", "diversity"}
    made = store.root / record["stages"]["generate"] / "images"
    assert sorted(path for path in openings if path.parent == made) == sorted(made.iterdir())


def test_pictures_beyond_the_limit_are_decoded_each_time_and_are_the_same(odd: Path, openings: list[Path]) -> None:
    files = [path for path in sorted((odd / "images").glob("gr*.png")) if path.stem not in DAMAGED]
    assert len(files) == 3
    wanted = [np.asarray(pictures.opened(path)) for path in files]
    openings.clear()
    decoded = pictures.Decoded(limit_bytes=64 * 64 * 3 * 2)  # two of the three
    for _ in range(3):
        assert all(np.array_equal(decoded.opened(path), own) for path, own in zip(files, wanted, strict=True))
    assert [openings.count(path) for path in files] == [1, 1, 3]


def test_a_damaged_picture_has_its_reason_as_often_as_it_is_asked_for(odd: Path) -> None:
    decoded = pictures.Decoded()
    for name in DAMAGED:
        with pytest.raises(pictures.Unreadable) as why:
            pictures.opened(odd / "images" / f"{name}.png")
        assert [decoded.why_not(odd / "images" / f"{name}.png") for _ in range(2)] == [str(why.value)] * 2
    assert decoded.why_not(odd / "images/grey.png") is None
