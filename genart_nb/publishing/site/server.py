"""`genart serve`: a published folder on loopback, with the reader's own studio behind its sliders.

A page may ask only for easels that the folder's manifest knows, with values that their controls take, and only from
the very address that carries the token: other pages in the same browser, and other machines, get nothing.
"""

from __future__ import annotations

import hmac
import json
import mimetypes
import secrets
import shutil
import sys
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from genart_nb.errors import FolderError, GenartError
from genart_nb.publishing.site import folder
from genart_nb.publishing.site.maker import Maker
from genart_nb.studio import Studio

LETTER = 1_000_000
"""Bytes of the largest wish that is read."""
SILENCE = 30.0
"""Seconds a connection may say nothing."""
_TYPES = {".js": "text/javascript", ".webp": "image/webp", ".wasm": "application/wasm", ".ipynb": "application/json",
          ".svg": "image/svg+xml", ".xml": "application/xml"}  # fmt: skip
_HEADERS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
}  # fmt: skip


class Server:
    """Serves one site until it is closed; `url` opens it with its token. Raises FolderError for what is no site."""

    def __init__(self, site: Path, port: int = 0, desk: Studio | None = None, any_model: bool = False) -> None:
        held = folder.manifest(site)
        easels = held.get("easels")
        self.token = secrets.token_urlsafe(24)
        self.site = site.resolve()
        self.maker = Maker(easels if isinstance(easels, dict) else {}, desk, any_model)
        try:
            self._http = _Http(("127.0.0.1", port), self)
        except OSError as error:
            raise FolderError(f"Port {port} cannot be used: {error.strerror}.", "name another with --port") from None
        self.port = self._http.server_port
        self.names = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}

    @property
    def url(self) -> str:
        """Where the site is, with what lets its pages paint."""
        first = "index.html" if (self.site / "index.html").exists() else self._first()
        return f"http://127.0.0.1:{self.port}/{first}?token={self.token}"

    def run(self) -> None:
        """Answer until interrupted or closed."""
        try:
            self._http.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            pass
        finally:
            self._http.server_close()

    def close(self) -> None:
        """Stop answering, from another thread than that of `run`."""
        self._http.shutdown()

    def file(self, path: str) -> Path | None:
        """The file of the site at a URL's path; None for anything that is outside it, hidden, or not there."""
        parts = unquote(urlsplit(path).path).lstrip("/") or "index.html"
        if "\0" in parts or "\\" in parts or any(part.startswith(".") for part in parts.split("/")):
            return None
        try:
            real = (self.site / parts).resolve()
            return real if real.is_relative_to(self.site) and real.is_file() else None
        except OSError:
            return None

    def _first(self) -> str:
        return next((path.name for path in sorted(self.site.glob("*.html"))), "")


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], site: Server) -> None:
        self.site = site
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that leaves in the middle is no fault; anything else is told as ever."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    timeout = SILENCE
    server_version = "genart"
    sys_version = ""

    def do_GET(self) -> None:
        """A file of the site, or who serves it."""
        site = self.server.site
        if not self._known():
            return
        if self.path.startswith("/.genart/"):
            if self._trusted() and self.path == "/.genart/hello":
                self._answer(HTTPStatus.OK, json.dumps({"easels": sorted(site.maker.easels)}), "application/json")
            return
        path = site.file(self.path)
        if path is None:
            self._answer(HTTPStatus.NOT_FOUND, "There is no such page.")
            return
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._head(HTTPStatus.OK, kind + ("; charset=utf-8" if kind.startswith("text/") else ""), path.stat().st_size)
        if self.command == "GET":
            with path.open("rb") as file:
                shutil.copyfileobj(file, self.wfile)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """One wish of an easel, answered line by line as JSON."""
        self.close_connection = True  # how much of a wish was read is then of no matter
        if not self._known() or not self._trusted():
            return
        if self.path != "/.genart/make" or self.headers.get_content_type() != "application/json":
            self._answer(HTTPStatus.NOT_FOUND, "There is no such door.")
            return
        wish = self._wish()
        if wish is None:
            self._answer(HTTPStatus.BAD_REQUEST, "This is no wish.")
            return
        try:
            lines = self.server.site.maker.lines(wish)
        except GenartError as error:
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
            return
        self._head(HTTPStatus.OK, "application/x-ndjson", None)
        try:
            for line in lines:
                self.wfile.write(json.dumps(line).encode() + b"\n")
                self.wfile.flush()
        except (ConnectionError, TimeoutError):
            lines.close()  # the page has a newer wish, or is gone: the job is stopped with it

    def _wish(self) -> Mapping[str, Any] | None:
        try:
            length = int(self.headers.get("Content-Length", ""))
            held = json.loads(self.rfile.read(length)) if 0 < length <= LETTER else None
        except (ValueError, RecursionError, OSError):
            return None
        return held if isinstance(held, dict) else None

    def _known(self) -> bool:
        """Whether we were asked by our own name: a name that only resolves to us belongs to somebody else's page."""
        if self.headers.get("Host", "") in self.server.site.names:
            return True
        self._answer(HTTPStatus.FORBIDDEN, "This is not served here.")
        return False

    def _trusted(self) -> bool:
        origin = self.headers.get("Origin")
        home = origin is None or origin.removeprefix("http://") in self.server.site.names
        token = self.headers.get("X-Genart-Token", "")
        if home and hmac.compare_digest(token.encode(), self.server.site.token.encode()):
            return True
        self._answer(HTTPStatus.FORBIDDEN, "Open the page at the address that `genart serve` has printed.")
        return False

    def _answer(self, status: HTTPStatus, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        content = text.encode()
        self._head(status, kind, len(content))
        if self.command != "HEAD":
            self.wfile.write(content)

    def _head(self, status: HTTPStatus, kind: str, length: int | None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses hold the token."""
