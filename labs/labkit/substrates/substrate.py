"""What a substrate is: the small protocol that processes, containers and pods share.

A substrate starts a named piece, tells when it is gone, and says what it can do (``capabilities``). A fault or a limit
that needs something else is refused with a sentence that says where it can be done; it is never imitated badly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from labkit.errors import after_log
from labkit.language import Text

__all__ = ["Died", "Process", "Substrate", "Usage"]


@dataclass(frozen=True)
class Usage:
    """What one process (and its children) uses: ``cpu`` seconds in all, ``memory`` bytes, ``processes`` counted."""

    cpu: float
    memory: int
    processes: int


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


class Substrate(Protocol):
    """Where things run."""

    name: str
    capabilities: frozenset[str]

    def why(self) -> Text:
        """One line: which substrate this is, and why it was picked."""

    def launch(self, target: str, keywords: Mapping[str, Any], fds: Sequence[int], *, name: str,
               env: Mapping[str, str]) -> Process:
        """Run the function ``target`` in a process of its own; it gets copies of ``fds``."""

    def usage(self) -> Usage:
        """What all of the lab uses now."""

    def close(self, grace: float) -> None:
        """End all of it; nothing is left when this returns."""


class Died(RuntimeError):
    """A piece of a lab ended when it should have run; the message has its last log lines, and after them what to do."""

    def __init__(self, what: Text, log: str) -> None:
        super().__init__(after_log(what, log))
