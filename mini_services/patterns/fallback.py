"""Fallback: when the callee does not answer, give the user something less, and say so.

Which is right is for the business to choose:

      default       a fixed value                       "delivery: usually within three days"
      stale         the last good answer                the stock count of a minute ago
      alternative   another way to the same end         a second supplier, or a queue that is worked off later

An answer carries its kind, so that users, logs and measurements can tell a full answer from a lesser one: a fallback
that nobody notices hides an outage. A fallback must need less than what it stands in for, or it fails along with it.

From Michael Nygard, *Release It!*, and Netflix Hystrix's fallbacks; the AWS Builders' Library, "Avoiding fallback in
distributed systems", says when not to.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Answer", "LastGood", "alternative", "default"]

T = TypeVar("T")
Failures = tuple[type[Exception], ...]


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A value and how it was come by: `full`, `default`, `stale`, `alternative`, or a kind of the caller's own."""

    value: T
    kind: str = "full"


def default(call: Callable[[], T], value: T, *, on: Failures = (Exception,)) -> Answer[T]:
    """What `call` returns, or `value` when it raises one of `on`."""
    return alternative(call, lambda: value, on=on, kind="default")


def alternative(
    call: Callable[[], T], other: Callable[[], T], *, on: Failures = (Exception,), kind: str = "alternative"
) -> Answer[T]:
    """What `call` returns, or what `other` returns when it raises one of `on`; what `other` raises is raised."""
    try:
        return Answer(call())
    except on:
        return Answer(other(), kind)


class LastGood(Generic[T]):
    """Remembers the last good answer for each key, for the `keys` that were used last; shared by threads."""

    def __init__(self, keys: int = 1000) -> None:
        self._keys = keys
        self._last: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, call: Callable[[], T], key: Hashable = None, *, on: Failures = (Exception,)) -> Answer[T]:
        """What `call` returns; when it raises one of `on`, the last it returned for `key`, or if none that error."""
        try:
            value = call()
        except on:
            with self._lock:
                if key not in self._last:
                    raise
                return Answer(self._last[key], "stale")
        self._remember(key, value)
        return Answer(value)

    def _remember(self, key: Hashable, value: T) -> None:
        with self._lock:
            self._last[key] = value
            self._last.move_to_end(key)
            while len(self._last) > self._keys:
                self._last.popitem(last=False)
