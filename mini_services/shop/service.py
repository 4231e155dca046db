"""What every service of the shop is made of: a FastAPI application with a door, a thread pool of a set size, a log and
metrics. /health, /ping and /metrics are `async def`, so that they answer even when every thread is taken.

A service's own endpoints are plain `def` and block: each holds one thread of the pool for as long as it takes. That is
how most services in the world work, and it is what an avalanche needs. They return a Response, for FastAPI would use
further threads to validate anything else.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from mini_services.shop.context import check_deadline
from mini_services.shop.door import Door
from mini_services.shop.logs import Log
from mini_services.shop.loop_lag import LoopLag
from mini_services.shop.metrics import Metrics
from mini_services.shop.refusal import KINDS, answer_refusal
from mini_services.shop.settings import ServiceSettings
from mini_services.shop.shutdown import end_within

__all__ = ["X_ANSWER", "Service", "answer", "work"]

X_ANSWER = "X-Answer"  # full, default, stale, alternative or queued: what the user got


class Service:
    """One service: `app` is served, `log` and `metrics` are for its code, `at_end` is called when it stops."""

    def __init__(self, name: str, settings: ServiceSettings) -> None:
        self.settings = settings
        self.log, self.metrics = Log(name, settings.instance), Metrics()
        self.at_end: list[Callable[[], None]] = []
        self.app = FastAPI(title=name, openapi_url=None, lifespan=self._live)
        self.app.add_middleware(Door, settings=settings, metrics=self.metrics, log=self.log)
        for kind in KINDS:
            self.app.add_exception_handler(kind, answer_refusal)
        for path, endpoint in (("/health", _health), ("/ping", _ping), ("/metrics", self._expose)):
            self.app.add_route(path, endpoint)

    @asynccontextmanager
    async def _live(self, app: FastAPI) -> AsyncIterator[None]:
        """What FastAPI calls its lifespan: before the first request, and after the last."""
        pool, lag = current_default_thread_limiter(), LoopLag()
        pool.total_tokens = self.settings.threads
        self.metrics.watch_service(pool, lag)
        measuring = asyncio.create_task(lag.measure())
        end_within(self.settings.grace, lambda: self.log("stopped", unfinished=pool.borrowed_tokens))
        self.log("started", threads=self.settings.threads)
        yield
        measuring.cancel()
        for end in self.at_end:
            end()
        self.log("stopped", unfinished=pool.borrowed_tokens)

    async def _expose(self, request: Request) -> Response:
        return Response(self.metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _ping(request: Request) -> Response:
    return Response("pong")


def work(seconds: float) -> None:
    """Work that blocks its thread for `seconds`, as a query to a database would; none is begun after the deadline."""
    check_deadline()
    time.sleep(seconds)


def answer(body: Mapping[str, object], kind: str = "full", status: int = 200) -> JSONResponse:
    """What the user gets, with the header that says of what kind it is."""
    return JSONResponse(dict(body), status, {X_ANSWER: kind})
