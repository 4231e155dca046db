"""What a container uses, as the kernel counts it for its control group (both versions; Linux alone).

The engine tells the same, but no more often than once a second; these files are there at once and readable by all.
"""

from __future__ import annotations

from pathlib import Path

from labkit.substrates.substrate import Usage

__all__ = ["usage_of_group"]

_ROOT = Path("/sys/fs/cgroup")


def usage_of_group(pid: int, root: Path = _ROOT, proc: Path = Path("/proc")) -> Usage | None:
    """What the group of ``pid`` uses; ``None`` where this kernel does not tell, as on another machine than the engine's.

    Memory is without the page cache that can be given up, as ``docker stats`` counts it.
    """
    try:
        groups = _groups((proc / str(pid) / "cgroup").read_text("ascii"))
        if "memory" in groups:
            memory, cpu = root / "memory" / groups["memory"], root / "cpuacct" / groups["cpuacct"]
            seconds = int((cpu / "cpuacct.usage").read_text("ascii")) / 1e9
            used, cache = _number(memory / "memory.usage_in_bytes"), _line(memory / "memory.stat", "total_inactive_file")
        else:
            group = root / groups[""]
            seconds = _line(group / "cpu.stat", "usage_usec") / 1e6
            used, cache = _number(group / "memory.current"), _line(group / "memory.stat", "inactive_file")
    except (OSError, LookupError, ValueError, StopIteration):
        return None
    return Usage(seconds, max(0, used - cache), 1)


def _groups(text: str) -> dict[str, str]:
    """Controller -> the group's path below the root; version 2 has one group, of the controller ""."""
    found = {}
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            found[controller] = path.lstrip("/")
    return found


def _number(file: Path) -> int:
    return int(file.read_text("ascii"))


def _line(file: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in file.read_text("ascii").splitlines() if line.split()[0] == name)
