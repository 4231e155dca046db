"""Backlog: orders that were accepted but not yet placed, kept in memory and sent when the callee is back.

The queue as a fallback: the user is told "accepted" (202) and the work is done later, oldest first, by one thread that
tries again every `pause` seconds until it succeeds. This is a sketch: what is queued is lost when the process ends,
and the log says how much. The chapter on the event bus puts a real broker in its place.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Generic, TypeVar

from mini_services.shop.context import deadline
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import Service

__all__ = ["Backlog"]

T = TypeVar("T")


class Backlog(Generic[T]):
    """Up to `limit` items, each given to `send` until that no longer raises :class:`Refusal`."""

    def __init__(self, send: Callable[[T], object], service: Service, *, limit: int = 1000, pause: float = 0.2) -> None:
        self._send, self._limit, self._pause = send, limit, pause
        self._log = service.log
        self._items: deque[tuple[T, Context]] = deque()
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        service.metrics.watch("queued_orders", "orders accepted but not yet placed", lambda: len(self._items))
        service.at_end.append(self._end)

    def put(self, item: T) -> None:
        """Keep `item` for later; refused when the backlog is full, for a promise must be kept."""
        with self._lock:
            if len(self._items) >= self._limit:
                raise Refusal(503, f"busy: {self._limit} orders are waiting already", retry_after=1.0)
            self._items.append((item, copy_context()))  # the request's id goes with its order
            if self._thread is None:
                self._thread = threading.Thread(target=self._work_off, name="backlog", daemon=True)
                self._thread.start()

    def _work_off(self) -> None:
        while not self._ended.wait(self._pause):
            while self._items and self._sent(*self._items[0]):
                self._items.popleft()

    def _sent(self, item: T, context: Context) -> bool:
        try:
            context.run(deadline.set, None)  # its user no longer waits, so neither does the clock run
            context.run(self._send, item)
        except Refusal:
            return False
        except Exception as error:  # it would fail again, and block all those behind it
            context.run(self._log.error, "queued order dropped", error)
        return True

    def _end(self) -> None:
        self._ended.set()
        if self._items:
            self._log.warning("queued orders lost", orders=len(self._items))
