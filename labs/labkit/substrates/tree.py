"""Signal a process and all below it: many servers give each of their workers a session of its own.

PostgreSQL does, for every connection. A signal to the session of the server alone leaves those workers: they would
answer in a pause, and commit after a kill what had reached them.
"""

from __future__ import annotations

import contextlib
import os
import signal

from labkit.substrates import proc

__all__ = ["signal_tree"]


def signal_tree(root: int, number: int) -> None:
    """Send a signal to ``root``, to its session's processes and to all below it, wherever these went.

    Before a kill all of them are stopped: none acts on the others' end, forks another or goes to another parent
    meanwhile.
    """
    tree = _stop(root) if number in (signal.SIGSTOP, signal.SIGKILL) else [root, *proc.descendants(root)]
    if number == signal.SIGSTOP:
        return
    _send_group(root, number)
    for pid in tree:
        _send(pid, number)


def _stop(root: int) -> list[int]:
    """Stop them, and look again until there is no new one: what a fork left is found by the next look."""
    stopped: list[int] = []
    _send_group(root, signal.SIGSTOP)
    while new := [pid for pid in (root, *proc.descendants(root)) if pid not in stopped]:
        for pid in new:
            _send(pid, signal.SIGSTOP)
        stopped += new
    return stopped


def _send_group(root: int, number: int) -> None:
    """To its process group; it has none yet when it is just forked."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(root, number)


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
