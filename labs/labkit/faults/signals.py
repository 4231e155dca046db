"""Faults of a process, done by signals: what a pause and a kill have in common.

They need a target that is a process. The target knows its pid, so it does the work: it sends ``signal`` when the fault
is injected; when it is lifted it sends ``undo`` or, where no signal can undo it, starts the instance anew.
"""

from __future__ import annotations

from signal import Signals
from typing import ClassVar

from labkit.faults.fault import Fault

__all__ = ["SignalFault"]


class SignalFault(Fault):
    """A fault that a signal does; ``undo`` is the signal that lifts it, None where only a new start does."""

    needs: ClassVar[str] = "signals"
    signal: ClassVar[Signals]
    undo: ClassVar[Signals | None]
