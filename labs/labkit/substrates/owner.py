"""Whose a lab is, written as labels on what an engine makes for it, so that anybody can tell later whether its owner lives.

A pid means something on one machine, and there in one container: a lab in a container that was given the host's engine
counts its processes from 1 again. So the labels say where the pid counts; whoever reads them elsewhere knows that he
cannot tell.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

from labkit.substrates import proc

__all__ = ["OWNER", "is_mine", "lives", "owner_labels"]

OWNER = "microservices-by-experiment.owner"
_START, _USER, _PLACE = f"{OWNER}.start", f"{OWNER}.user", f"{OWNER}.place"


def owner_labels() -> dict[str, str]:
    """Of this very process."""
    pid = os.getpid()
    return {OWNER: str(pid), _START: proc.start_time(pid) or "", _USER: str(os.getuid()), _PLACE: _place()}


def is_mine(labels: Mapping[str, str]) -> bool:
    """Whether it is this user's: another's labs are none of our business, dead or alive."""
    return labels.get(_USER, str(os.getuid())) == str(os.getuid())


def lives(labels: Mapping[str, str]) -> bool | None:
    """Whether the owner runs; None where that cannot be seen from here: its pid is one of another machine or container."""
    if labels.get(_PLACE) != _place() or not labels.get(OWNER, "").isdigit():
        return None
    return proc.alive(int(labels[OWNER]), labels.get(_START))


@cache
def _place() -> str:
    """This start of this machine, and within it the namespace in which pids are counted."""
    return hashlib.sha256(f"{_boot()} {_namespace()}".encode()).hexdigest()[:16]


def _boot() -> str:
    if sys.platform == "darwin":
        return subprocess.run(["sysctl", "-n", "kern.bootsessionuuid"], capture_output=True, text=True).stdout.strip()
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def _namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
