"""Graceful shutdown with an end: what is in flight may finish, but not for ever.

On SIGTERM the server stops listening and waits for what is in flight; but a thread that waits for a hung callee cannot
be interrupted, and Python will not exit before its threads do. So the signal also starts a timer, and when it rings
the process ends whatever still hangs.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

__all__ = ["end_within"]


def end_within(seconds: float, last_words: Callable[[], None]) -> None:
    """From SIGTERM or SIGINT on, end the process after `seconds` at the latest, having called `last_words`."""

    def ring() -> None:
        last_words()
        os._exit(0)

    def told_to_stop(number: int, frame: FrameType | None) -> None:
        timer = threading.Timer(seconds, ring)
        timer.daemon = True
        timer.start()
        before = previous[signal.Signals(number)]
        if callable(before):
            before(number, frame)

    if threading.current_thread() is threading.main_thread():  # signals belong to it; a test may run us in another
        previous = {number: signal.signal(number, told_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
