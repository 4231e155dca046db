"""Disconnect: the instance loses its network, as when its host's cable is pulled on its own side.

Unlike :class:`~labkit.faults.cut.Cut`, which swallows silently what others send, this takes the address away: callers
are refused or find no way, and the instance itself reaches nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labkit.faults.fault import Fault
from labkit.language import Text

__all__ = ["Disconnect"]


@dataclass(frozen=True)
class Disconnect(Fault):
    """Take the instance off its network; lifting the fault puts it back."""

    name: ClassVar[str] = "disconnect"
    needs: ClassVar[str] = "network"

    @property
    def label(self) -> Text:
        """What a chart shows."""
        return Text("disconnected", "斷開網路")
