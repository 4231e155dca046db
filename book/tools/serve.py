"""Show the built site on this machine, and on this machine alone."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["serving", "server"]

_USUAL_PORT = 8000


class _Handler(SimpleHTTPRequestHandler):
    """Serves files that the browser asks for again each time, and says nothing."""

    def end_headers(self) -> None:
        """An edited page must show at once."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is not there gets the site's own page for that, as on the host that it is published on."""
        missing = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not missing.is_file():
            super().send_error(code, message, explain)
            return
        page = missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page if self.command == "GET" else b"")

    def log_message(self, format: str, *args: object) -> None:
        """No line a request."""


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """What serves ``folder`` on a port of 127.0.0.1 once it is told to; 0 is any free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Handler, directory=str(folder)))


@contextlib.contextmanager
def serving(folder: Path, port: int | None) -> Iterator[str]:
    """Serve ``folder`` for as long as the block lasts; the address. Without a ``port``: 8000, or a free one if that is taken."""
    with _bound(folder, port) as one:
        worker = threading.Thread(target=one.serve_forever, daemon=True)
        worker.start()
        try:
            yield f"http://127.0.0.1:{one.server_address[1]}/"
        finally:
            one.shutdown()
            worker.join()


def _bound(folder: Path, port: int | None) -> ThreadingHTTPServer:
    try:
        return server(folder, _USUAL_PORT if port is None else port)
    except OSError as taken:
        if port is not None:
            raise SystemExit(f"Port {port} of 127.0.0.1 cannot be had: {taken.strerror}. Name another with --port.") from None
        return server(folder)
