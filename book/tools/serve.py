"""Show the built site on this machine, and on this machine alone."""

from __future__ import annotations

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["serve", "server"]


class _Handler(SimpleHTTPRequestHandler):
    """Serves files that the browser asks for again each time, and says nothing."""

    def end_headers(self) -> None:
        """An edited page must show at once."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """No line a request."""


def server(folder: Path) -> ThreadingHTTPServer:
    """What serves ``folder`` on a free port of 127.0.0.1 once it is told to."""
    return ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))


def serve(folder: Path) -> None:
    """Serve ``folder`` until Ctrl-C; the address is printed first."""
    with server(folder) as one:
        print(f"http://127.0.0.1:{one.server_address[1]}/   (Ctrl-C ends it)", flush=True)
        try:
            one.serve_forever()
        except KeyboardInterrupt:
            print()
