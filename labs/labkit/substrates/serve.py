"""Serve one ASGI application on a socket that is already bound and listening: what each service's process runs."""

from __future__ import annotations

import gc
import importlib
import socket
from typing import Any

import uvicorn

__all__ = ["main"]


def main(fds: list[int], app: str) -> None:
    """Serve ``app`` ("module:attribute") on the first descriptor until SIGTERM.

    The application logs for itself: uvicorn's own lines and its access log stay off, as each costs time per request.
    """
    config = uvicorn.Config(_loaded(app), log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=1,
                            server_header=False, date_header=False)
    server = uvicorn.Server(config)
    server.run(sockets=[socket.socket(fileno=fds[0])])
    if not server.started:
        raise SystemExit(3)


def _loaded(app: str) -> Any:
    """The application. The collector sleeps meanwhile: nothing that is imported is garbage, and it would look each time anew."""
    module, _, attribute = app.partition(":")
    gc.disable()
    try:
        return getattr(importlib.import_module(module), attribute)
    finally:
        gc.freeze()
        gc.enable()
