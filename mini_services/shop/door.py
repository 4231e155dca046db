"""The door: what happens to every request before and after the service's own code.

It adopts the request's id and deadline, counts what comes in and goes out, writes one log line, and sheds load: what
comes above `shed` requests in flight is refused here, before it waits in the thread pool's queue, for that queue has
no end. It is plain ASGI, for Starlette's BaseHTTPMiddleware costs several times as much.

Shedding from Google, *Site Reliability Engineering*, ch. 22, "Load shedding and graceful degradation".
"""

from __future__ import annotations

import sys
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mini_services.patterns.bulkhead import Bulkhead
from mini_services.patterns.deadline import HEADER, Deadline
from mini_services.shop.context import REQUEST_ID, adopt_request_id, check_deadline, deadline
from mini_services.shop.logs import Log
from mini_services.shop.metrics import Metrics
from mini_services.shop.refusal import KINDS, Refusal, as_refusal
from mini_services.shop.settings import ServiceSettings

__all__ = ["OBSERVERS", "Door"]

OBSERVERS = ("/health", "/ping", "/metrics")  # must answer when nothing else does, and are not what is measured


class Door:
    """ASGI middleware around one service."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings, metrics: Metrics, log: Log) -> None:
        self._app, self._settings, self._metrics, self._log = app, settings, metrics, log
        self._places = Bulkhead(settings.shed or sys.maxsize)
        metrics.watch("requests_in_flight", "requests inside the service", lambda: self._places.in_use)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in OBSERVERS:
            return await self._app(scope, receive, send)
        began, status, route = time.perf_counter(), 500, _route(scope)
        headers = Headers(scope=scope)
        own_id = adopt_request_id(headers.get(REQUEST_ID))
        self._metrics.received.labels(route).inc()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = own_id
            await send(message)

        try:
            self._heed_deadline(headers)
            with self._places:
                await self._app(scope, receive, answer)
        except KINDS as error:  # the door's own: what the service refuses has become an answer inside
            await as_refusal(error).response()(scope, receive, answer)
        finally:
            self._metrics.answered.labels(route, status).inc()
            self._log("request", route=route, status=status, seconds=round(time.perf_counter() - began, 6))

    def _heed_deadline(self, headers: Headers) -> None:
        if not self._settings.deadline or HEADER not in headers:
            return
        try:
            deadline.set(Deadline.from_header(headers[HEADER]))
        except ValueError as error:
            raise Refusal(400, str(error)) from None
        check_deadline()


def _route(scope: Scope) -> str:
    """The pattern of the path, "/stock/{item}", for a label for each item would be a time series for each item."""
    routes = (route for route in scope["app"].routes if isinstance(route, Route))
    return next((route.path for route in routes if route.path_regex.match(scope["path"])), "other")
