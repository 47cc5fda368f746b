"""A hub on this machine: folders as repositories, by the few requests that huggingface_hub makes. Nothing is pinned
twice: a repository's commit is the hash of its name.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def commit_of(repo: str) -> str:
    return hashlib.sha1(repo.encode()).hexdigest()


class Hub(ThreadingHTTPServer):
    """root/<owner>/<name>/: the files of a repository. asked: every file that was sent, `<repo>/<file>`."""

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.sent = root, list[str]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def answer(self) -> None:
        parts = self.path.partition("?")[0].strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            self.about(self.server.root / parts[2] / parts[3], "/".join(parts[2:4]), parts[4:])
        else:
            self.file(self.server.root / parts[0] / parts[1], "/".join(parts[:2]), "/".join(parts[4:]))

    def about(self, folder: Path, repo: str, what: list[str]) -> None:
        if not folder.is_dir():
            return self.reply(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        names = {path.relative_to(folder).as_posix(): path for path in files}
        listed = [{"type": "file", "path": n, "size": p.stat().st_size, "oid": self.etag(p)} for n, p in names.items()]
        siblings = [{"rfilename": name} for name in names]
        content = listed if what[:1] == ["tree"] else {"id": repo, "sha": commit_of(repo), "siblings": siblings}
        self.reply(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def file(self, folder: Path, repo: str, name: str) -> None:
        path = folder / name
        if not path.is_file():
            return self.reply(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit_of(repo)})
        if self.command == "GET":
            self.server.sent.append(f"{repo}/{name}")
        self.reply(200, path.read_bytes(), {"ETag": f'"{self.etag(path)}"', "X-Repo-Commit": commit_of(repo)})

    def etag(self, path: Path) -> str:
        return hashlib.sha1(path.read_bytes()).hexdigest()

    def reply(self, code: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def serving(root: Path) -> Iterator[Hub]:
    hub = Hub(root)
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
