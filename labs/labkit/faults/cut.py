"""Cut: a black hole both ways, as when a cable is pulled; neither side is told.

Nothing goes through, not even the end of a connection, and a new connection is accepted but never reaches the upstream.
Nobody gets an error: whoever waits waits until his own time-out. When the cut is lifted all flows on from where it was,
as TCP would send it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.faults.network import NetworkFault, Stage
from labkit.faults.pipe import Backlog, Chunk
from labkit.language import Text

if TYPE_CHECKING:
    from labkit.faults.connection import Connection

__all__ = ["Cut"]


@dataclass(frozen=True)
class Cut(NetworkFault):
    """Let nothing through in either direction.

    A client may still receive what had already left the proxy and stood in the buffers of its own socket.
    """

    name: ClassVar[str] = "cut"

    @property
    def label(self) -> Text:
        """What a chart shows."""
        return Text("cut", "斷線")

    def behaviour(self) -> Callable[[Connection], Stage]:
        """Each connection keeps back its own."""
        return _BlackHole


class _BlackHole(Stage):
    """Keeps everything back, in both directions."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._requests, self._answers = Backlog(connection.requests), Backlog(connection.answers)

    def request(self, chunk: Chunk) -> None:
        self._requests.add(chunk)

    def answer(self, chunk: Chunk) -> None:
        self._answers.add(chunk)

    def end(self) -> None:
        self._requests.release(self.pass_request)
        self._answers.release(self.pass_answer)

    def close(self) -> None:
        self._requests.clear()
        self._answers.clear()
