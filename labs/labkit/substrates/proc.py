"""What the operating system says of a process: a process is known by its pid and its start time, never by its name.

A pid is given again to another process sooner or later; a pid together with the moment at which the process began is
not. Linux answers from ``/proc``; elsewhere ``ps`` does.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

__all__ = ["LABEL", "alive", "all_labelled", "become_subreaper", "begin_child", "descendants", "die_with_parent", "end",
           "environment", "labelled", "reaped", "start_time"]

LABEL = "LABKIT_LAB"  # the environment variable that everything of a lab inherits; its value is that lab's alone

_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def start_time(pid: int) -> str | None:
    """When the process began, as the system writes it; ``None`` when there is no such process (or a zombie)."""
    if not _LINUX:
        return _ps("-o", "lstart=", "-p", str(pid)).strip() or None
    fields = _stat(pid)
    return None if fields is None or fields[0] in "ZX" else fields[19]


def alive(pid: int, start: str | None) -> bool:
    """Whether exactly that process is still running."""
    return start is not None and start_time(pid) == start


def end(pid: int, start: str | None, number: int = signal.SIGKILL) -> bool:
    """Send a signal to exactly that process; ``False`` when it is no longer there."""
    if not alive(pid, start):
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def reaped() -> Iterator[tuple[int, int]]:
    """Every child of this process that has ended, with its exit status: negative is the number of a signal."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def descendants(root: int) -> list[int]:
    """Every process below ``root``, parents first. Zombies are not counted."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found = list(children.get(root, []))
    for pid in found:
        found += children.get(pid, [])
    return found


def labelled(label: str) -> list[int]:
    """On Linux, every process of this user that was started with ``LABKIT_LAB=label``, however it detached itself."""
    return [pid for pid in all_labelled() if environment(pid).get(LABEL) == label]


def all_labelled() -> list[int]:
    """The same for whatever lab."""
    return [pid for pid, _ in _parents() if LABEL in environment(pid)] if _LINUX else []


def environment(pid: int) -> dict[str, str]:
    """What the process was started with, on Linux; nothing for another user's, or one that has ended."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            words = file.read().decode("utf-8", "surrogateescape").split("\0")
    except OSError:
        return {}
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def become_subreaper() -> None:
    """On Linux, adopt every orphan below this process, so that a daemon cannot slip away (``prctl(2)``)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """On Linux, be killed when ``parent`` dies: the second net, for when the supervisor itself is killed.

    The signal comes with deaths from now on, so a parent that is gone already is looked for.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if _LINUX and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def begin_child(parent: int) -> Callable[[], None]:
    """What a new child does before its program: be killed with ``parent``, and unlike it heed the usual signals."""
    def begin() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(parent)

    return begin


def _prctl(option: int, value: int) -> None:
    if _LINUX:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _stat(pid: int) -> list[str] | None:
    """The fields of ``/proc/PID/stat`` from the third on: state, parent ... start time is number 19 of these."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def _parents() -> list[tuple[int, int]]:
    if not _LINUX:
        rows = (line.split() for line in _ps("-axo", "pid=,ppid=,stat=").splitlines())
        return [(int(pid), int(parent)) for pid, parent, state in rows if not state.startswith("Z")]
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    stats = ((pid, _stat(pid)) for pid in pids)
    return [(pid, int(stat[1])) for pid, stat in stats if stat is not None and stat[0] not in "ZX"]


def _ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout
