"""Does this Python run in a container itself, and in which: what is loopback to an engine may then not be so here."""

from __future__ import annotations

import os
import re

__all__ = ["in_container", "own_container"]

_MARKS = ("/.dockerenv", "/run/.containerenv")  # Docker's and Podman's
_MOUNTED = re.compile(r"/(?:overlay-)?containers/([0-9a-f]{64})/")  # the files /etc/hostname and the like come from there


def in_container() -> bool:
    """Whether this is a container of Docker or Podman."""
    return any(os.path.exists(mark) for mark in _MARKS)


def own_container(mounts: str = "/proc/self/mountinfo") -> str | None:
    """The id of the container that this runs in, as its engine knows it; None outside of one, or where it cannot be told."""
    if not in_container():
        return None
    try:
        with open(mounts, encoding="utf-8") as file:
            found = _MOUNTED.search(file.read())
    except OSError:
        return None
    return found[1] if found else None
