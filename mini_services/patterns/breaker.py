"""Circuit breaker: stop calling what does not answer, and ask again a little later.

A caller that waits for a sick callee loses a thread for as long as each time-out, and gives the callee more work just
when it can do least. A breaker in front of the call makes it fail fast instead:

                enough failures in the window
      +--------+ --------------------------> +------+   refuses every call
      | closed |                             | open |   for `reset_after` seconds
      +--------+                             +------+
           ^                                  |    ^
           | all probes succeed    the wait   |    |  one probe fails
           |                        is over   v    |
           |                             +-----------+
           +-----------------------------| half-open |  lets `probes` calls through
                                         +-----------+

A call that returns is a success, one that raises one of `failures` is a failure; any other exception says nothing of
the callee's health and is not counted. Give the calls a time-out: without one the breaker opens only when the hung
calls come back, which is too late. What each state decides is in :mod:`mini_services.patterns.breaker_states`.

From Michael Nygard, *Release It!*, "Circuit Breaker"; the sliding window is that of Hystrix and resilience4j.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from mini_services.patterns.breaker_states import BreakerOpen, Closed, Rules, State

__all__ = ["Breaker", "BreakerOpen", "Rules"]

T = TypeVar("T")


class Breaker:
    """One breaker for one callee, shared by all the threads that call it.

    `on_change(before, after, at)` hears of every change, in order: the names of two states, and the clock's time in
    seconds. The breaker is locked meanwhile, so it must be short and must not raise.
    """

    def __init__(
        self,
        rules: Rules,
        *,
        failures: tuple[type[Exception], ...] = (Exception,),
        clock: Callable[[], float] = time.monotonic,
        on_change: Callable[[str, str, float], None] = lambda before, after, at: None,
    ) -> None:
        self._state: State = Closed(rules)
        self._failures, self._clock, self._on_change = failures, clock, on_change
        self._lock = threading.RLock()

    @property
    def state(self) -> str:
        """`closed`, `open` or `half-open`. An open breaker stays open until a call comes after its wait."""
        return self._state.name

    def call(self, function: Callable[[], T]) -> T:
        """Call `function` and give back what it returns, or raise :class:`BreakerOpen` at once."""
        with self.guard():
            return function()

    @contextmanager
    def guard(self) -> Iterator[None]:
        """The same around a block: ``with breaker.guard(): ...``."""
        began_in = self._begin()
        failed: bool | None = None
        try:
            yield
            failed = False
        except self._failures:
            failed = True
            raise
        finally:
            self._end(began_in, failed)

    def _begin(self) -> State:
        with self._lock:
            now = self._clock()
            self._follow(self._state.begin(now), now)
            return self._state

    def _end(self, began_in: State, failed: bool | None) -> None:
        with self._lock:
            if began_in is self._state:  # else a late answer: the state in which it was asked is over
                now = self._clock()
                self._follow(began_in.end(failed, now), now)

    def _follow(self, state: State, now: float) -> None:
        if state is not self._state:
            before, self._state = self._state, state
            self._on_change(before.name, state.name, now)
