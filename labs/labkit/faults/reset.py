"""Reset: connections end abruptly, as when a machine on the way has forgotten them or a server crashes.

The client is told at once (``ECONNRESET``), unlike with a cut: it can try again while its user still waits.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from labkit.faults.fault import require_share
from labkit.faults.network import NetworkFault, Stage
from labkit.language import Text

if TYPE_CHECKING:
    from labkit.faults.connection import Connection

__all__ = ["Reset"]


@dataclass(frozen=True)
class Reset(NetworkFault):
    """Reset this ``share`` of new connections (drawn from ``seed``), before they reach the upstream.

    With ``share=1`` the connections that are open at injection are reset, too; with less they stay as they are.
    """

    share: float = 1.0
    seed: int = 0
    name: ClassVar[str] = "reset"

    def __post_init__(self) -> None:
        require_share(self.share)

    @property
    def label(self) -> Text:
        """What a chart shows, with the share unless it is all."""
        share = "" if self.share == 1 else f" {self.share * 100:g} %"
        return Text(f"reset{share}", f"連線重設{share}")

    def behaviour(self) -> Callable[[Connection], Stage]:
        """All connections draw from one stream."""
        return partial(_Resetter, fault=self, draw=random.Random(self.seed))


class _Resetter(Stage):
    """Resets its connection as soon as it is in place, or never."""

    def __init__(self, connection: Connection, fault: Reset, draw: random.Random) -> None:
        super().__init__(connection)
        self._fault, self._draw = fault, draw

    def begin(self, new: bool) -> None:
        if self._fault.share == 1 or (new and self._draw.random() < self._fault.share):
            self.connection.reset()
