"""A host as the site's real one is: under a project's path, with gzip, and with the site's own page for what is missing."""

from __future__ import annotations

import contextlib
import functools
import gzip
import mimetypes
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["PROJECT", "hosted"]

PROJECT = "/a-book"
_PAINT_SECONDS = 0.7
_TEXT = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ipynb")

Halt = Callable[[bytes], int]


class _Host(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the files of one folder; kept alive, as browsers expect."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, folder: Path, halt: Halt | None) -> None:
        self._folder, self._halt = folder, halt
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == PROJECT:
            return self._send(301, b"", {"Location": f"{PROJECT}/"})
        file = self._file(path)
        found = file.is_file()
        file = file if found else self._folder / "404.html"
        body = file.read_bytes() if file.is_file() else b"404"
        headers = {"Content-Type": mimetypes.guess_type(file.name)[0] or "application/octet-stream", "Cache-Control": "max-age=600"}
        if headers["Content-Type"].startswith("text/"):
            headers["Content-Type"] += "; charset=utf-8"
        if self._halt is None and file.suffix in _TEXT and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
        return self._send(200 if found else 404, body, headers)

    def _file(self, path: str) -> Path:
        inside = path.removeprefix(PROJECT).lstrip("/") if path.startswith(f"{PROJECT}/") else "outside the project"
        file = self._folder / inside
        return file / "index.html" if file.is_dir() else file

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            halt = self._halt(body) if self._halt and headers["Content-Type"].startswith("text/html") else len(body)
            self.wfile.write(body[:halt])
            if halt < len(body):
                self.wfile.flush()
                time.sleep(_PAINT_SECONDS)
                self.wfile.write(body[halt:])

    def log_message(self, format: str, *args: object) -> None:
        """No line a request."""


@contextlib.contextmanager
def hosted(folder: Path, halt: Halt | None = None) -> Iterator[str]:
    """The address of the project at which ``folder`` is served, on loopback, without a slash at its end.

    ``halt`` says for a page after how many bytes the host pauses until a browser has painted them; it compresses nothing then.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Host, folder=folder, halt=halt)) as one:
        one.daemon_threads = True
        worker = threading.Thread(target=one.serve_forever, daemon=True)
        worker.start()
        try:
            yield f"http://127.0.0.1:{one.server_address[1]}{PROJECT}"
        finally:
            one.shutdown()
            worker.join()
