"""One rater at the ballot: the question at hand, its pictures, and each answer on the disk before the next one.

Whoever looks at the page learns nothing of a picture but its pixels: questions and pictures go by tokens that mean
nothing outside of this process, and pictures are drawn anew, without what their files may say of themselves.
"""

from __future__ import annotations

import errno
import fcntl
import hmac
import io
import json
import os
import secrets
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from sdbench import votes
from sdbench.errors import UserError, disk_errors
from sdbench.folders import sync
from sdbench.seeds import seed_of
from sdbench.voting.ballot import Picture, Question

WORDING = "Which one shows “{prompt}” better?"
SIDE_PX = 512  # small images grow to this in whole multiples
SAID = ("cell", "model", "method", "parameters", "generated", "sample_id", "noise")


class Session:
    """`Session(questions, path)`, then `now()` and `answer(token, answer)` from any thread; `close()` at the end.

    path: the rater's file, which is gone on with. UserError where another session has it.
    """

    def __init__(self, questions: Sequence[Question], path: Path, wording: str = WORDING) -> None:
        self.questions, self.path, self.wording = questions, path, wording
        self._secret, self._lock, self._shown = secrets.token_bytes(32), threading.Lock(), dict[str, float]()
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab", buffering=0)
            sync(path.parent)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise UserError(f"{path}: this rater is voting already; use that page, or another --rater") from error
        _cut_torn_line(path)
        self.answered = {vote["id"]: vote["answer"] for vote in votes.read(path)}

    def close(self) -> None:
        self._file.close()

    @property
    def question(self) -> Question | None:
        """The first that has no answer yet; None where all have one."""
        return next((one for one in self.questions if one.id not in self.answered), None)

    def now(self) -> dict[str, Any]:
        """What the page shows, for a browser: no name of anything."""
        with self._lock:
            return self._now()

    def _now(self) -> dict[str, Any]:
        done = sum(one.id in self.answered for one in self.questions)
        state: dict[str, Any] = {"answered": done, "of": len(self.questions)}
        if (asked := self.question) is None:
            return {**state, "question": None}
        self._shown.setdefault(asked.id, time.monotonic())
        text = self.wording.replace("{prompt}", asked.prompt)
        sides = {side: self._token(side, asked) for side in ("left", "right")}
        if asked.reference:
            sides["reference"] = self._token("reference", asked)
        return {**state, "question": self._token("question", asked), "text": text, **sides}

    def answer(self, token: str, answer: str) -> dict[str, Any]:
        """Write the answer down and return what comes next, and whether it counted.

        It counts only for the question at hand: an answer of another tab, or one sent twice, does not. LookupError
        for a token that this session never gave, ValueError for an answer that is none.
        """
        if answer not in votes.ANSWERS:
            raise ValueError(f"{answer!r} is no answer")
        with self._lock:
            asked = self.question
            counted = asked is not None and _same(token, self._token("question", asked))
            if asked is not None and counted:
                self._write(asked, answer)
            elif not any(
                _same(token, self._token("question", one)) for one in self.questions if one.id in self.answered
            ):
                raise LookupError("no such question")
            return {**self._now(), "counted": counted}

    def image(self, token: str) -> bytes | None:
        """A picture of the question at hand as PNG; None for any other token."""
        asked = self.question
        if asked is None:
            return None
        for side, picture in (("left", asked.left), ("right", asked.right), ("reference", asked.reference)):
            if picture and _same(token, self._token(side, asked)):
                return drawn(picture)
        return None

    def _token(self, kind: str, asked: Question) -> str:
        return hmac.new(self._secret, f"{kind}/{asked.id}".encode(), "sha256").hexdigest()[:32]

    def _write(self, asked: Question, answer: str) -> None:
        line = {
            "id": asked.id, "answer": answer, "check": asked.check, "expected": asked.expected,
            "subject": asked.subject, "prompt_id": asked.prompt_id, "sample_id": asked.sample_id,
            "text": self.wording.replace("{prompt}", asked.prompt),
            "reference": asked.reference.sample_id if asked.reference else "",
            **{side: {key: getattr(picture, key) for key in SAID} for side, picture in
               (("left", asked.left), ("right", asked.right))},
            "seconds": round(time.monotonic() - self._shown.get(asked.id, time.monotonic()), 2),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }  # fmt: skip
        with disk_errors(self.path):
            self._append(json.dumps(line).encode() + b"\n")
        self.answered[asked.id] = answer

    def _append(self, line: bytes) -> None:
        """All of it is on the disk, or none."""
        end = os.fstat(self._file.fileno()).st_size
        try:
            if self._file.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            os.fsync(self._file.fileno())
        except OSError:
            os.ftruncate(self._file.fileno(), end)
            raise


def drawn(picture: Picture) -> bytes:
    """The pixels of a picture as PNG and nothing else; those of noise in random order, always the same one."""
    with Image.open(picture.path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    if picture.noise:
        pixels = np.asarray(image)
        order = np.random.default_rng(seed_of("noise", picture.sample_id)).permutation(image.width * image.height)
        image = Image.fromarray(pixels.reshape(-1, 3)[order].reshape(pixels.shape))
    times = max(1, SIDE_PX // max(image.size))
    image = image.resize((image.width * times, image.height * times), Image.Resampling.NEAREST)
    image.info.clear()
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _cut_torn_line(path: Path) -> None:
    """A line that a crash left unfinished was never acknowledged; the next one must not be glued to it."""
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(path, whole)
