"""Calls to other services, guarded by whichever patterns the settings ask for, in the textbook's order:

    retry( breaker( bulkhead( time-out( HTTP request ))))

Each attempt asks the breaker anew, so a breaker that opens ends the retries too; and the breaker learns nothing from a
call that the bulkhead did not let through. What the user gets when all of this fails, the fallback, is up to the
service that calls, for only it knows what the answer was for.

The order is that of resilience4j and of Polly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext

import httpx
from fastapi.responses import Response

from mini_services.patterns.breaker import Breaker, BreakerOpen, Rules
from mini_services.patterns.budget import Budget
from mini_services.patterns.bulkhead import Bulkhead, BulkheadFull
from mini_services.patterns.deadline import Deadline
from mini_services.patterns.fallback import Answer
from mini_services.patterns.retry import Backoff, retry
from mini_services.shop.context import deadline
from mini_services.shop.metrics import BREAKER_STATES
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import X_ANSWER, Service
from mini_services.shop.settings import CallSettings
from mini_services.shop.wire import CallFailed, Wire

__all__ = ["Callee", "pass_on"]

Body = Mapping[str, object] | None


class Callee:
    """One service that this one calls, at `url`; shared by all threads. A call gives an answer or raises Refusal."""

    def __init__(self, name: str, url: str, settings: CallSettings, service: Service) -> None:
        self.name, self._settings = name, settings
        self._metrics, self._log = service.metrics, service.log
        self.wire = Wire(name, url, service)
        self._backoff = Backoff(settings.backoff, jitter=settings.jitter)
        self._budget = Budget(settings.budget) if settings.budget else None
        self._bulkhead = Bulkhead(settings.bulkhead or sys.maxsize)
        self._breaker = _breaker(settings, self._changed) if settings.breaker else None
        if url and self._breaker:
            self._metrics.breaker.labels(name).set(BREAKER_STATES[self._breaker.state])

    def get(self, path: str) -> httpx.Response:
        """GET `path`."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Body) -> httpx.Response:
        """POST `body` as JSON; it may arrive more than once, so it has an id by which the callee knows it again."""
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: Body) -> httpx.Response:
        return retry(
            lambda: self._attempt(method, path, body),
            attempts=self._settings.attempts,
            backoff=self._backoff,
            budget=self._budget,
            deadline=deadline.get(),
            retry_on=(CallFailed,),
        )

    def _attempt(self, method: str, path: str, body: Body) -> httpx.Response:
        try:
            with self._breaker.guard() if self._breaker else nullcontext(), self._bulkhead:
                return self.wire.send(method, path, body, self._until(), tell=self._settings.deadline)
        except BreakerOpen as error:
            raise self._not_sent("breaker", error, error.retry_after) from error
        except BulkheadFull as error:
            raise self._not_sent("bulkhead", error, 1.0) from error

    def _until(self) -> Deadline:
        """The time-out of one attempt: the service's own, or what the request's deadline leaves."""
        return (deadline.get() or Deadline.after(sys.maxsize)).within(self._settings.timeout)

    def _not_sent(self, by: str, error: Exception, retry_after: float) -> Refusal:
        self._metrics.not_sent.labels(self.name, by).inc()
        return Refusal(503, f"{self.name} was not called: {error}", retry_after)

    def _changed(self, before: str, after: str, at: float) -> None:
        self._metrics.breaker.labels(self.name).set(BREAKER_STATES[after])
        self._log.warning("breaker", callee=self.name, at=at, to=after, **{"from": before})


def _breaker(settings: CallSettings, on_change: Callable[[str, str, float], None]) -> Breaker:
    rules = Rules(
        window=settings.breaker_window,
        threshold=settings.breaker_threshold,
        minimum=settings.breaker_minimum,
        reset_after=settings.breaker_reset,
        probes=settings.breaker_probes,
    )
    return Breaker(rules, failures=(CallFailed,), on_change=on_change)


def pass_on(given: Answer[httpx.Response]) -> Response:
    """Hand a callee's answer to the user, with what the user got: this service's fallback, or its callee's."""
    theirs = given.value
    kind = theirs.headers.get(X_ANSWER, "full") if given.kind == "full" else given.kind
    return Response(theirs.content, theirs.status_code, {X_ANSWER: kind}, theirs.headers.get("Content-Type"))
