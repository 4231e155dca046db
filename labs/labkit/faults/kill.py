"""Kill: the process is gone at once (``SIGKILL``), with no time to tidy up, as when its host loses power.

Callers that connect straight to it are refused at once, which is the kinder fault: nobody waits. Behind the fault proxy
they are accepted and then reset.
"""

from __future__ import annotations

from dataclasses import dataclass
from signal import SIGKILL, Signals
from typing import ClassVar

from labkit.faults.signals import SignalFault
from labkit.language import Text

__all__ = ["Kill"]


@dataclass(frozen=True)
class Kill(SignalFault):
    """Kill the instance; no signal undoes it, so lifting the fault starts the instance anew under the same address."""

    name: ClassVar[str] = "kill"
    signal: ClassVar[Signals] = SIGKILL
    undo: ClassVar[Signals | None] = None

    @property
    def label(self) -> Text:
        """What a chart shows."""
        return Text("kill", "終止")
