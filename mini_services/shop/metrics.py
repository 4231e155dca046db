"""Metrics: what a service counts about itself, in Prometheus's text format at /metrics.

Rate, errors and duration tell how its users fare; how busy its thread pool and its event loop are tells how near it is
to its end. Each application has a registry of its own, so that two of them can live in one process.

From Tom Wilkie's RED method and Brendan Gregg's USE method.
"""

from __future__ import annotations

from collections.abc import Callable

from anyio import CapacityLimiter
from prometheus_client import CollectorRegistry, Counter, Gauge, Summary, disable_created_metrics, generate_latest

from mini_services.shop.loop_lag import LoopLag

__all__ = ["BREAKER_STATES", "Metrics"]

disable_created_metrics()  # a "created at" beside each counter would double what is sent ten times a second
BREAKER_STATES = {"closed": 0, "half-open": 1, "open": 2}


class Metrics:
    """The counters and gauges of one service; /health, /ping and /metrics itself are not counted."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = self._counter("requests_received", "requests that arrived", "route")
        self.answered = self._counter("requests", "requests that were answered", "route", "status")
        self.calls = self._counter("calls", "attempts sent to a callee, by what came of them", "callee", "outcome")
        self.not_sent = self._counter("calls_not_sent", "attempts not sent, by what forbade them", "callee", "by")
        self.breaker = Gauge("breaker_state", "0 closed, 1 half-open, 2 open", ["callee"], registry=self.registry)

    def watch(self, name: str, what: str, read: Callable[[], float]) -> None:
        """A gauge that is read when /metrics is asked."""
        Gauge(name, what, registry=self.registry).set_function(read)

    def summary(self, name: str, what: str) -> Summary:
        """How often, and how many seconds in all: `name`_count and `name`_sum."""
        return Summary(name, what, registry=self.registry)

    def count(self, name: str, what: str) -> Counter:
        """A counter of a service's own: `name`_total."""
        return Counter(name, what, registry=self.registry)

    def watch_service(self, pool: CapacityLimiter, lag: LoopLag) -> None:
        """The gauges of the thread pool and the event loop. The queue for a thread has no end."""
        self.watch("pool_threads_total", "threads in the pool", lambda: pool.total_tokens)
        self.watch("pool_threads_busy", "threads at work", lambda: pool.borrowed_tokens)
        self.watch("pool_tasks_waiting", "requests that wait for a thread", lambda: pool.statistics().tasks_waiting)
        self.watch("event_loop_lag_seconds", "largest lag of the event loop in the last half second", lag.largest)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self.registry)
