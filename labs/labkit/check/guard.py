"""Running a reader's code so that nothing it does can hang the notebook.

A loop that does not end is stopped after a number of steps, which is the same on every machine. A call that waits for
ever (for a lock that nobody gives back) is left behind after some seconds, since no thread can be ended from outside.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

__all__ = ["PATIENCE", "STEPS", "Endless", "Stuck", "guarded"]

T = TypeVar("T")

STEPS = 300_000
PATIENCE = 5.0  # seconds; the exercises need milliseconds


class Endless(BaseException):
    """The code ran for longer than any answer needs. No ``Exception``, so that the code does not catch it itself."""


class Stuck(BaseException):
    """The code waits for something that does not come."""


def guarded(call: Callable[[], T], patience: float = PATIENCE) -> T:
    """``call()`` in a thread of its own: its result or its exception, or `Endless` or `Stuck`."""
    outcome: list[tuple[T | None, BaseException | None]] = []

    def run() -> None:
        sys.settrace(_count_steps())
        try:
            outcome.append((call(), None))
        except BaseException as error:
            outcome.append((None, error))
        finally:
            sys.settrace(None)

    thread = threading.Thread(target=run, daemon=True, name="exercise")
    thread.start()
    thread.join(patience)
    if not outcome:
        raise Stuck
    result, error = outcome[0]
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # without an error it is what call() gave


def _count_steps() -> Callable[[FrameType, str, Any], Any]:
    """A trace function that counts the steps of all code but labkit's own, and stops it after `STEPS`.

    A step is a line, and in Python 3.11 a bytecode: there a loop on one line (``while True: pass``) comes to no other.
    """
    left = STEPS

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        if event == "call":
            if str(frame.f_globals.get("__name__", "")).startswith("labkit."):
                return None
            frame.f_trace_opcodes = sys.version_info < (3, 12)  # from 3.12 on each turn of a loop counts as a line
        left -= 1
        if left < 0:
            raise Endless
        return trace

    return trace
