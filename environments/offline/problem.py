"""What goes wrong, as a sentence that says what to do; and how far the work is."""

from __future__ import annotations

import sys
import time

__all__ = ["Problem", "say"]

_BEGAN = time.monotonic()


class Problem(Exception):
    """A sentence for whoever runs this: what was wrong and what to do."""


def say(text: str) -> None:
    """One line of progress with the seconds since the start."""
    print(f"{time.monotonic() - _BEGAN:6.1f} s  {text}", file=sys.stderr, flush=True)
