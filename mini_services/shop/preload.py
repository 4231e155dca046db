"""What a template process imports once, so that each service forked from it starts in milliseconds.

FastAPI and httpx import half of what they need only when they are first used; so they are used here, once, and thrown
away. Nothing here reads a setting, starts a thread or opens a file that a child would share.
"""

from __future__ import annotations

import httpx
from fastapi import FastAPI
from fastapi.responses import Response

from mini_services.shop import backlog, calls, wire
from mini_services.shop.order import Order

__all__ = ["backlog", "calls", "wire"]


def _use_once(order: Order | None = None) -> Response:
    return Response()


_app = FastAPI(openapi_url=None)
_app.post("/")(_use_once)
httpx.Client(verify=wire.NO_TLS).close()
