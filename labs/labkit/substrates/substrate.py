"""What a substrate is: the small protocol that processes, containers and pods share.

A substrate starts a named piece, tells when it is gone, and says what it can do (``capabilities``). A fault or a limit
that needs something else is refused with a sentence that says where it can be done; it is never imitated badly.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from labkit.errors import after_log
from labkit.language import Text
from labkit.substrates.program import Member, Program

__all__ = ["Contained", "Died", "Endpoint", "Process", "Served", "Substrate", "Usage"]


@dataclass(frozen=True)
class Usage:
    """What one process (and its children) uses: ``cpu`` seconds in all, ``memory`` bytes, ``processes`` counted."""

    cpu: float
    memory: int
    processes: int


@dataclass(frozen=True)
class Endpoint:
    """Where a service listens, as "host:port": for this machine (``outside``) and for the lab's other services.

    Both are empty where an address is nobody's any more: who calls there is refused.
    """

    outside: str
    inside: str

    @property
    def here(self) -> tuple[str, int]:
        """Host and port on this machine."""
        host, _, port = self.outside.rpartition(":")
        return host, int(port or 0)

    @property
    def port(self) -> int:
        """The port on this machine."""
        return self.here[1]


class Process(Protocol):
    """Something that a substrate has started."""

    name: str

    @property
    def pid(self) -> int:
        """Its process id on this machine."""

    @property
    def running(self) -> bool:
        """Whether it has not ended; a paused one is running."""

    @property
    def status(self) -> int | None:
        """Its exit status (negative: the signal that ended it), ``None`` while it runs."""

    def signal(self, number: int) -> None:
        """Send a signal to it and whatever it started."""

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it ended in time."""

    def log(self) -> str:
        """All it has written so far."""

    def usage(self) -> Usage:
        """What it uses now."""


class Served(Process, Protocol):
    """A process that serves an application."""

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens; waits until that is known. :class:`Died` when it could not be started."""

    def call_when_gone(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called when its end takes its address away, so that its callers can be led elsewhere."""


class Contained(Served, Protocol):
    """A process that an engine keeps in a container, with capabilities "cpus" and "network"."""

    def limit_cpus(self, cpus: float) -> Callable[[], None]:
        """From now on let it have so much processor time (0.5: half a processor); gives what takes the limit back."""

    def disconnect(self) -> Callable[[], None]:
        """Take it off its network; gives what puts it back, where it has another address afterwards."""


class Substrate(Protocol):
    """Where things run."""

    name: str
    capabilities: frozenset[str]

    def ready(self) -> None:
        """Have all that is needed before the first launch; an error with a sentence when that cannot be."""

    def launch(self, target: str, keywords: Mapping[str, Any], fds: Sequence[int] = (), *, name: str,
               env: Mapping[str, str] | None = None) -> Process:
        """Run the function ``target`` in a process of its own; it gets copies of ``fds``."""

    def serve(self, app: str, *, name: str, env: Mapping[str, str], endpoint: Endpoint | None = None) -> Served:
        """Run the ASGI application ``app`` ("module:attribute") as ``name``; returns before it answers.

        ``endpoint`` is where it listened before, for a substrate that can have it there again.
        """

    def gather(self, program: Program, names: Sequence[str]) -> Sequence[Member]:
        """Fix where the instances ``names`` of a system will be; what earlier ones of these names have kept is gone."""

    def run(self, program: Program, me: Member, members: Sequence[Member]) -> Served:
        """Run a system's program as ``me`` of these ``members``; returns before it answers. ``NotHere`` when it cannot be had."""

    def inner_proxy(self) -> tuple[socket.socket, str] | None:
        """Start a fault proxy on the services' own network, if they have one; its control channel and its host."""

    @property
    def left(self) -> Text | None:
        """What a close could not end; None when nothing is left."""

    def usage(self) -> Usage:
        """What all of the lab uses now."""

    def close(self, grace: float = 0.5) -> None:
        """End all of it; nothing is left when this returns."""


class Died(RuntimeError):
    """A piece of a lab ended when it should have run; the message has its last log lines, and after them what to do."""

    def __init__(self, what: Text, log: str) -> None:
        super().__init__(after_log(what, log))
