"""A registry on this machine's loopback that serves files, and breaks off, corrupts, forgets or refuses on request."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Registry", "serving"]


class Registry:
    """``files`` by path. ``cuts`` are after how many bytes each next answer breaks off, ``statuses`` what the next ones are.

    ``ranges``: whether it can begin in the middle. ``asked`` are the path and the first byte of all that came.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.files: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.cuts: list[int] = []
        self.statuses: list[int] = []
        self.ranges = True
        self.asked: list[tuple[str, int]] = []

    def url(self, path: str) -> str:
        """Of one of its files."""
        return f"{self.address}/{path}"


@contextmanager
def serving() -> Iterator[Registry]:
    """It listens as long as the block lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        registry = Registry(f"http://127.0.0.1:{server.server_port}")
        server.registry = registry  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield registry
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        registry: Registry = self.server.registry  # type: ignore[attr-defined]
        path = self.path.lstrip("/")
        first = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-")) if registry.ranges else 0
        registry.asked.append((path, first))
        content = registry.files.get(path)
        status = registry.statuses.pop(0) if registry.statuses else 404 if content is None else 206 if first else 200
        if status == 206 and content is not None and first >= len(content):
            status = 416
        body = content[first:] if content is not None and status in (200, 206) else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", registry.types.get(path, "application/octet-stream"))
        self.end_headers()
        cut = registry.cuts.pop(0) if registry.cuts and body else len(body)
        self.wfile.write(body[:cut])
        if cut < len(body):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *values: object) -> None:
        """Tests say what they see."""
