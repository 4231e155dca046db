"""A lab as it is found from outside: by its folder, by the label on its processes, by the label on its containers."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import psutil

from labkit.substrates import proc
from labkit.substrates.engine_labs import Made

__all__ = ["FoundLab", "FoundProcess", "State", "moment_of"]

_TICKS = os.sysconf("SC_CLK_TCK")

State = Literal["alive", "ending", "left", "elsewhere"]
"""``ending``: its owner is gone and its supervisor at work. ``elsewhere``: it runs, and its owner cannot be seen from here."""


@dataclass(frozen=True)
class FoundProcess:
    """One process: the pid and the start, as :mod:`labkit.substrates.proc` has it, are who it is; the name is for readers."""

    pid: int
    start: str
    name: str

    @property
    def runs(self) -> bool:
        """Whether exactly that one is there still."""
        return proc.alive(self.pid, self.start)

    def to_json(self) -> dict[str, Any]:
        """One object of ``labkit ps --json``."""
        return {"pid": self.pid, "name": self.name, "began": _iso(moment_of(self.pid, self.start))}


@dataclass
class FoundLab:
    """``folder`` is None where it has gone already; ``engines`` are those on which something of it is, or may be."""

    name: str
    state: State
    folder: str | None = None
    owner: int | None = None
    began: float | None = None
    processes: Sequence[FoundProcess] = ()
    made: list[Made] = field(default_factory=list)
    engines: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float | None:
        """How long ago it began."""
        return None if self.began is None else max(0.0, time.time() - self.began)

    def of_kind(self, kind: str) -> list[Made]:
        """Its containers, its networks, or its volumes."""
        return [one for one in self.made if one.kind == kind]

    def to_json(self) -> dict[str, Any]:
        """One object of ``labkit ps --json``; ``silent`` are engines of it that do not answer."""
        return {"lab": self.name, "state": self.state, "owner": self.owner, "folder": self.folder, "began": _iso(self.began),
                "seconds": None if self.seconds is None else round(self.seconds),
                "processes": [process.to_json() for process in self.processes],
                **{f"{kind}s": [{"id": one.id[:12], "name": one.name, "state": one.state, "began": _iso(one.began)}
                                for one in self.of_kind(kind)] for kind in ("container", "network", "volume")},
                "engines": self.engines, "silent": self.silent}


def moment_of(pid: int, start: str | None) -> float | None:
    """When a process began, as a Unix time. From its start time alone, so that one that has ended may be asked after."""
    if start is not None and start.isdigit():  # Linux counts ticks since the machine's start
        return psutil.boot_time() + int(start) / _TICKS
    try:
        return psutil.Process(pid).create_time() if proc.alive(pid, start) else None
    except psutil.Error:
        return None


def _iso(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
