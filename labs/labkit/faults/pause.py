"""Pause: the process stands still (``SIGSTOP``), as in a long garbage collection or on a host that has no CPU to give.

The kernel still accepts connections in its name, so callers are not refused: they wait until their own time-out. The
process's own metrics stand still, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from signal import SIGCONT, SIGSTOP, Signals
from typing import ClassVar

from labkit.faults.signals import SignalFault
from labkit.language import Text

__all__ = ["Pause"]


@dataclass(frozen=True)
class Pause(SignalFault):
    """Stop the instance; lifting the fault lets it go on (``SIGCONT``) from where it was."""

    name: ClassVar[str] = "pause"
    signal: ClassVar[Signals] = SIGSTOP
    undo: ClassVar[Signals | None] = SIGCONT

    @property
    def label(self) -> Text:
        """What a chart shows."""
        return Text("pause", "暫停")
