"""The vote server without a browser: who may ask, for what, and what an answer does. And it is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from ballot_box import session
from study_folder import Folder, everywhere

from sdbench import votes
from sdbench.errors import UserError
from sdbench.voting.server import Server

ROOT = Path(__file__).parent.parent
METHODS = ("dreambooth", "textual_inversion")


def study(root: Path) -> Path:
    folder = Folder(root)
    for method in METHODS:
        folder.cell(method, "lr0.001", {"yolo": everywhere(0.5)}, lr=1e-3, steps=40)
    folder.cell("real", scores={"yolo": everywhere(0.9)}, kind="real")
    return folder.finish("yolo")


@contextmanager
def serving(runs: Path, rater: str = "ann", **given: Any) -> Iterator[tuple[str, Path]]:
    """The link and the rater's file."""
    box = session(runs, rater, **given)
    with Server(box) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.link, box.path
        finally:
            server.shutdown()
            thread.join()
            box.close()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def page(runs: Path) -> Iterator[tuple[str, Path]]:
    (votes.folder("tiny", runs) / "ann.jsonl").unlink(missing_ok=True)
    with serving(runs) as found:
        yield found


def get(link: str) -> dict[str, Any]:
    with urlopen(link, timeout=10) as reply:
        return json.loads(reply.read())


def post(link: str, content: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    request = Request(f"{link}answer", body, {"Content-Type": "application/json", **headers})
    try:
        with urlopen(request, timeout=10) as reply:
            return reply.status, json.loads(reply.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def status(link: str, path: str = "", method: str = "GET", **headers: str) -> int:
    """Of a request whose path and headers are sent just as they are."""
    address = urlsplit(link)
    said = {"Host": address.netloc, **headers}
    lines = [f"{method} {path or address.path} HTTP/1.0", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        return int(connection.makefile("rb").readline().split()[1])


def test_an_answer_is_counted_and_the_next_question_comes(page: tuple[str, Path]) -> None:
    link, file = page
    first = get(f"{link}question")
    code, second = post(link, {"question": first["question"], "answer": "left"})
    assert (code, second["counted"], second["answered"]) == (200, True, 1)
    assert second["question"] != first["question"] and len(votes.read(file)) == 1


def test_an_answer_sent_twice_or_from_a_second_tab_counts_once(page: tuple[str, Path]) -> None:
    link, file = page
    first = get(f"{link}question")
    assert get(f"{link}question") == first  # the second tab
    replies = [post(link, {"question": first["question"], "answer": said}) for said in ("left", "right")]
    assert [(code, reply["counted"]) for code, reply in replies] == [(200, True), (200, False)]
    assert replies[0][1]["question"] == replies[1][1]["question"]
    assert [vote["answer"] for vote in votes.read(file)] == ["left"]


def test_answers_that_come_at_the_same_time_count_once(page: tuple[str, Path]) -> None:
    link, file = page
    token = get(f"{link}question")["question"]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: post(link, {"question": token, "answer": "tie"})[1], range(8)))
    assert sorted(reply["counted"] for reply in replies) == [False] * 7 + [True] and len(votes.read(file)) == 1


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::1", "", "localhost@x"]
)
def test_a_foreign_host_is_refused(page: tuple[str, Path], host: str) -> None:
    assert status(page[0], Host=host) == 403


def test_this_machine_is_answered_by_either_of_its_names_and_any_port(page: tuple[str, Path]) -> None:
    for host in ("127.0.0.1:1234", "localhost:1234", "localhost"):
        assert status(page[0], Host=host) == 200


def test_an_answer_from_another_page_is_refused(page: tuple[str, Path]) -> None:
    link, file = page
    content = {"question": get(f"{link}question")["question"], "answer": "left"}
    assert post(link, content, Origin="http://evil.example")[0] == 403
    assert post(link, content, **{"Content-Type": "text/plain"})[0] == 415
    assert votes.read(file) == []
    assert post(link, content, Origin="http://" + urlsplit(link).netloc)[0] == 200


def test_without_the_secret_path_there_is_nothing(page: tuple[str, Path]) -> None:
    key = urlsplit(page[0]).path
    for path in ("/", "/question", f"{key[:-2]}/", f"{key[:-1]}x/", key.rstrip("/"), "/\xe9/", "//", f"/x{key}"):
        assert status(page[0], path) == 403, path


@pytest.mark.parametrize(
    "path",
    ["../vote.js", "..%2fpage.css", "image/../../page.css", "page.css", "image/", "image/\xe9", f"image/{'0' * 32}",
     "/etc/passwd", "votes", "vote.html", "answer"],
)  # fmt: skip
def test_no_other_file_can_be_had(page: tuple[str, Path], path: str) -> None:
    assert status(page[0], urlsplit(page[0]).path + path) == 404


@pytest.mark.parametrize(
    "content",
    [b"", b"no json", b"[]", b"7", b"null", {"question": "x"}, {"answer": "left"}, {"question": "x", "answer": "left"},
     {"question": "\ud800", "answer": "left"}, {"question": "\xe9", "answer": "left"},
     {"question": None, "answer": []}],
)  # fmt: skip
def test_what_is_no_answer_is_refused_and_not_written(page: tuple[str, Path], content: Any) -> None:
    link, file = page
    assert post(link, content)[0] == 400
    token = get(f"{link}question")["question"]
    assert post(link, {"question": token, "answer": "both"})[0] == 400
    assert votes.read(file) == []


def test_a_request_that_is_too_large_or_of_no_length_is_refused(page: tuple[str, Path]) -> None:
    link = page[0]
    assert post(link, b" " * 2000)[0] == 413
    path = urlsplit(link).path + "answer"
    kind = {"Content-Type": "application/json"}
    assert status(link, path, "POST", **kind) == 411
    for length in ("-1", "x", "9" * 40):
        assert status(link, path, "POST", **kind, **{"Content-Length": length}) == 411


def test_nothing_that_is_sent_names_a_method_a_cell_or_a_file(page: tuple[str, Path]) -> None:
    link = page[0]
    seen = b""
    while (state := get(f"{link}question"))["question"]:
        for path in ("", "vote.js", "vote.css", "question", f"image/{state['left']}", f"image/{state['right']}"):
            with urlopen(link + path, timeout=10) as reply:
                seen += str(reply.headers).encode() + (reply.read() if not path.startswith("image") else b"")
        post(link, {"question": state["question"], "answer": "tie"})
    for name in (*METHODS, "tiny", "real", "seed0", "lr0.001", ".png", "check", "noise", "p-0", "micro", "hugo"):
        assert name.encode() not in seen, name
    assert b"A badge" in seen and b"default-src 'none'" in seen


def test_it_listens_on_this_machine_alone_and_a_port_in_use_is_one_sentence(page: tuple[str, Path], runs: Path) -> None:
    assert urlsplit(page[0]).hostname == "127.0.0.1"
    box = session(runs, "bob")
    with pytest.raises(UserError, match="another --port"):
        Server(box, urlsplit(page[0]).port or 0)
    box.close()


@contextmanager
def started(root: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`sdbench vote` as a person starts it: its link, and the process, which is killed at the end."""
    interruptible = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # tests run with & are not
    )
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from sdbench.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", f"{interruptible}; {code}", "vote", "tiny", *words]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, text=True, env={**os.environ, "USER": "ann"}
    ) as run:
        try:
            assert run.stdout is not None
            yield re.findall(r"http://\S+", run.stdout.readline())[0], run
        finally:
            run.kill()


def test_killed_at_any_time_it_goes_on_after_the_last_answer_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    runs = study(tmp_path)
    file = votes.folder("tiny", runs) / "ann.jsonl"
    for done in range(2):
        with started(tmp_path, "--question", "Which {prompt}?") as (link, run):
            state = get(f"{link}question")
            assert state["answered"] == done and re.fullmatch("Which A .*?", state["text"])
            assert post(link, {"question": state["question"], "answer": "left"})[1]["counted"]
            run.send_signal(signal.SIGKILL)
            run.wait(10)
        assert len(votes.read(file)) == done + 1
    with started(tmp_path) as (_, run):
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=20)
        assert run.returncode == 0 and "2 of 7 answered" in said
