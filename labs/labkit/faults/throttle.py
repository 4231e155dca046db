"""Throttle: the instance gets only so much processor time, as on a host that is shared, or with a limit set too low.

The kernel's scheduler does it (CFS bandwidth control, ``cpu.max``): each tenth of a second the container may compute
for its share of it, and stands still for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labkit.faults.fault import Fault, require, require_number
from labkit.language import Text

__all__ = ["Throttle"]

_LEAST = 0.01  # processors; the kernel takes no less than a millisecond of each tenth of a second


@dataclass(frozen=True)
class Throttle(Fault):
    """Let the instance use at most ``cpus`` processors: 0.2 is a fifth of one."""

    cpus: float
    name: ClassVar[str] = "throttle"
    needs: ClassVar[str] = "cpus"

    def __post_init__(self) -> None:
        require_number("cpus", self.cpus, Text("processors", "處理器"))
        require(self.cpus >= _LEAST, Text("cpus is {cpus:g}: the least is {least:g}; to stop it altogether, use pause().",
                                          "cpus 是 {cpus:g}：最少是 {least:g}；要完全停住請用 pause()。").format(
                                              cpus=self.cpus, least=_LEAST))

    @property
    def label(self) -> Text:
        """What a chart shows."""
        return Text("{cpus:g} CPU", "{cpus:g} CPU").format(cpus=self.cpus)
