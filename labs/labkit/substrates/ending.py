"""End every process below this one, whatever they fork meanwhile: the supervisor's last work."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from labkit.substrates import proc

__all__ = ["end_all"]

_ROUNDS = 50
_ROUND_SECONDS = 0.1


def end_all() -> None:
    """Kill all that is below this process, and look again until it has no child left.

    This process is a subreaper, so what a process forked between the look and its end is its child then, and "no
    child" means "nothing below".
    """
    for _ in range(_ROUNDS):
        for pid in proc.descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if _all_reaped():
            return


def _all_reaped() -> bool:
    """Reap for a moment; whether no child is left."""
    until = time.monotonic() + _ROUND_SECONDS
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.002)
        except ChildProcessError:
            return True
    return False
