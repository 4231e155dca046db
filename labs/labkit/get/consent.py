"""Whether the system's package manager may be run: with the user's word, or where a build machine is root."""

from __future__ import annotations

import os
import sys

from labkit.language import Text

__all__ = ["agreed"]

_MAY = Text("May it be run? [y/N] ", "可以執行嗎？[y/N] ")


def agreed(sure: bool) -> bool:
    """``sure`` is ``--yes``. Root with ``CI=true`` agrees; on a terminal the user is asked; anywhere else nobody has agreed."""
    if sure or (os.geteuid() == 0 and os.environ.get("CI") == "true"):
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(_MAY, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")
