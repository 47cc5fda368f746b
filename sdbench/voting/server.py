"""The blind page's server: one rater's session on 127.0.0.1, for whoever has the link.

Everything lies below a path that is a secret of this process, so a page elsewhere cannot ask for anything; requests
under another host's name are refused, against a name that is bound to this address later (DNS rebinding).
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sdbench.errors import StoreError, UserError
from sdbench.voting.session import Session

PAGES = Path(__file__).parent.parent / "pages"
FILES = {"": "vote.html", "vote.js": "vote.js", "vote.css": "vote.css"}
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")  # of any port, which a tunnel may change
LARGEST_BODY = 1000
DRAINED = 65536  # of a body that is too large: so much is read, so that the answer arrives
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Server(ThreadingHTTPServer):
    """`Server(session, port)`, then `serve_forever()`; `link` is what the rater opens. Port 0: any that is free."""

    daemon_threads = True

    def __init__(self, session: Session, port: int = 0) -> None:
        key = secrets.token_urlsafe(24)
        try:
            super().__init__(("127.0.0.1", port), partial(_Handler, session, key))
        except (OSError, OverflowError) as error:
            raise UserError(f"port {port} cannot be had ({error}); give another --port") from error
        self.link = f"http://127.0.0.1:{self.server_address[1]}/{key}/"


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        self.status, self.why = status, why
        super().__init__(why)


class _Handler(BaseHTTPRequestHandler):
    server_version, sys_version = "sdbench", ""
    timeout = 30  # seconds that a request may stall

    def __init__(self, session: Session, key: str, *rest: Any) -> None:
        self.session, self.key = session, key
        super().__init__(*rest)

    def do_GET(self) -> None:
        self._reply(self._page)

    def do_POST(self) -> None:
        self._reply(self._answer)

    def _reply(self, make: Callable[[], tuple[bytes, str]]) -> None:
        try:
            self._send(HTTPStatus.OK, *make())
        except _Refused as refused:
            self._send(refused.status, _json({"error": refused.why}), "application/json")

    def _page(self) -> tuple[bytes, str]:
        path = self._path()
        if path in FILES:
            file = PAGES / FILES[path]
            return file.read_bytes(), TYPES[file.suffix]
        if path == "question":
            return _json(self.session.now()), "application/json"
        if path.startswith("image/"):
            return self._image(path.removeprefix("image/")), "image/png"
        raise _Refused(HTTPStatus.NOT_FOUND, "there is nothing here")

    def _answer(self) -> tuple[bytes, str]:
        body = self._body()
        if self._path() != "answer":
            raise _Refused(HTTPStatus.NOT_FOUND, "there is nothing here")
        try:
            given = json.loads(body)
            said = self.session.answer(str(given["question"]), str(given["answer"]))
        except (ValueError, LookupError, TypeError) as error:
            raise _Refused(HTTPStatus.BAD_REQUEST, "that is no answer to a question") from error
        except StoreError as error:
            print(f"sdbench: {error}", flush=True)
            raise _Refused(HTTPStatus.INSUFFICIENT_STORAGE, "it could not be written; see the terminal") from error
        return _json(said), "application/json"

    def _path(self) -> str:
        """The path below the secret one."""
        host = self.headers.get("Host", "")
        if not HOST.fullmatch(host) or self.headers.get("Origin", f"http://{host}") != f"http://{host}":
            raise _Refused(HTTPStatus.FORBIDDEN, "this page is for this machine alone")
        key, slash, path = self.path.partition("?")[0].removeprefix("/").partition("/")
        if not slash or not hmac.compare_digest(key.encode(), self.key.encode()):
            raise _Refused(HTTPStatus.FORBIDDEN, "open the link that sdbench vote has printed")
        return path

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]{1,12}", length):
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "say how long the request is")
        body = self.rfile.read(min(int(length), DRAINED))
        if int(length) > LARGEST_BODY:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too large")
        if self.headers.get_content_type() != "application/json":
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "an answer is JSON")
        return body

    def _image(self, token: str) -> bytes:
        try:
            content = self.session.image(token)
        except OSError as error:
            print(f"sdbench: a picture cannot be read: {error}", flush=True)
            content = None
        if content is None:
            raise _Refused(HTTPStatus.NOT_FOUND, "there is no such picture")
        return content

    def _send(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: what the rater does is in the file, and the link is nobody's business."""


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()
