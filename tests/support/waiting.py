"""Wait for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["wait_for"]

Value = TypeVar("Value")


def wait_for(condition: Callable[[], Value], what: str, seconds: float = 30.0, *, look: Callable[[], object] = str) -> Value:
    """What ``condition`` returns as soon as that is true; an assertion that says ``what`` did not come about, else.

    It says what there was to see too, by ``look``. The limit is for what never comes: a machine that others use may stand
    still for many seconds, and what measures a time does it elsewhere.
    """
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, f"not within {seconds:g} s: {what}; it is {value!r}\n{look()}".rstrip()
        time.sleep(0.01)
    return value
