"""The machine that a figure was measured on, in one short line: "2 cores, 8 GiB, Debian GNU/Linux 12, Python 3.11".

It holds nothing that says whose machine it is: no host's or user's name. Inside a container or a hub's slot the limits
of that place count, not what the host has.
"""

from __future__ import annotations

import os
import platform
import re
from functools import lru_cache
from pathlib import Path

import psutil

from labkit.language import Text

__all__ = ["cores", "machine", "memory", "named"]

_CGROUP = Path("/sys/fs/cgroup")


@lru_cache(maxsize=1)
def machine() -> str:
    """The line, the same for the whole life of this process."""
    number = f"{cores():.3g}"
    parts = [f"{number} core" if number == "1" else f"{number} cores", f"{memory() / 2**30:.3g} GiB", _system(),
             f"Python {'.'.join(platform.python_version_tuple()[:2])}"]
    return ", ".join(parts)


def named(line: str) -> Text:
    """The line for a reader: what is a name stays, "2 cores" is 2 核."""
    return Text(line, re.sub(r"(?<=\d) cores?\b", " 核", line).replace(", ", "、"))


def cores(cgroup: Path = _CGROUP) -> float:
    """Cores that this process may use at a time: its affinity, or its container's quota if that is less."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _read(cgroup / "cpu.max").partition(" ")
    return min(usable, int(quota) / int(period)) if quota.isdigit() and period.isdigit() else usable


def memory(cgroup: Path = _CGROUP) -> int:
    """Bytes that this process may use: the machine's, or its container's limit if that is less."""
    limit = _read(cgroup / "memory.max")
    total = int(psutil.virtual_memory().total)
    return min(total, int(limit)) if limit.isdigit() else total


def _system() -> str:
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        return _named(platform.freedesktop_os_release())
    except OSError:
        return f"{platform.system()} {platform.release()}"


def _named(release: dict[str, str]) -> str:
    return f"{release['NAME']} {release.get('VERSION_ID', '')}".rstrip()


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""
