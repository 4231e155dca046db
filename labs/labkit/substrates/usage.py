"""What processes use: processor seconds and memory."""

from __future__ import annotations

from collections.abc import Iterable

import psutil

from labkit.substrates.substrate import Usage

__all__ = ["usage_of"]


def usage_of(pids: Iterable[int]) -> Usage:
    """Add up what these processes use; one that has ended in between counts nothing.

    Memory is the proportional set size (PSS): a page shared by n processes counts 1/n in each, so that forked services
    are not charged n times for what they share. Where the system does not tell it, the resident size stands in.
    """
    cpu, memory, count = 0.0, 0, 0
    for pid in pids:
        try:
            times = psutil.Process(pid).cpu_times()
            memory += _memory(pid)
        except (psutil.Error, OSError):
            continue
        cpu += times.user + times.system
        count += 1
    return Usage(cpu, memory, count)


def _memory(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(1024 * int(line.split()[1]) for line in file if line.startswith("Pss:"))
    except (FileNotFoundError, StopIteration):
        return int(psutil.Process(pid).memory_info().rss)
