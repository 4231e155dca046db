"""Serve one ASGI application on a socket that is already bound and listening: what each service's process runs."""

from __future__ import annotations

import importlib
import socket

import uvicorn

__all__ = ["main"]


def main(fds: list[int], app: str) -> None:
    """Serve ``app`` ("module:attribute") on the first descriptor until SIGTERM.

    The application logs for itself: uvicorn's own lines and its access log stay off, as each costs time per request.
    """
    module, _, attribute = app.partition(":")
    application = getattr(importlib.import_module(module), attribute)
    config = uvicorn.Config(application, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=1,
                            server_header=False, date_header=False)
    server = uvicorn.Server(config)
    server.run(sockets=[socket.socket(fileno=fds[0])])
    if not server.started:
        raise SystemExit(3)
