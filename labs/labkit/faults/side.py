"""One socket of a proxied connection, on asyncio's callbacks: its streams would cost more CPU a request."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import cast

from labkit.faults.pipe import Pipe, Signal

__all__ = ["Side"]

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: close sends RST, not FIN


class Side(asyncio.Protocol):
    """Feeds what it reads into ``inward``, whose sender it is; tells ``outward``, which it receives, when it is full.

    Hooks: ``note`` sees all bytes; ``made`` and ``lost`` when the socket comes and goes; ``finish`` says which signal
    the end of its bytes is to the other side.
    """

    transport: asyncio.Transport | None = None

    def __init__(self, inward: Pipe, outward: Pipe, *, note: Callable[[bytes], None], made: Callable[[], None],
                 lost: Callable[[], None], finish: Callable[[], Signal]) -> None:
        self._inward, self._outward = inward, outward
        self._note, self._made, self._lost, self._finish = note, made, lost, finish
        self._closed_here = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is connected; one that was ended while it was on its way is reset."""
        self.transport = cast(asyncio.Transport, transport)
        if self._closed_here:
            self.reset()
            return
        self._inward.connect(self.transport)
        self._made()

    def data_received(self, data: bytes) -> None:
        """The other end sent ``data``."""
        self._inward.total += len(data)
        self._note(data)
        self._inward.push(data)

    def eof_received(self) -> bool:
        """The other end will send no more; True keeps the socket half open, for what goes the other way."""
        self._inward.push(self._finish())
        return True

    def pause_writing(self) -> None:
        """The socket's buffer is full."""
        self._outward.full(True)

    def resume_writing(self) -> None:
        """The socket's buffer has room again."""
        self._outward.full(False)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone: closed by this end, or broken off by the other."""
        self.transport = None
        if not self._closed_here:
            self._inward.push(Signal.RESET)
        self._lost()

    def send(self, data: bytes) -> None:
        """Send ``data``, unless the socket is gone."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def finish(self) -> None:
        """Send FIN after all that was sent before."""
        if self.transport is not None and not self.transport.is_closing():
            try:
                self.transport.write_eof()
            except OSError:  # a peer that has half closed is not read any more, so its reset shows only here
                self.transport.abort()

    def close(self) -> None:
        """Close when all that was sent before has left."""
        self._closed_here = True
        if self.transport is not None:
            self.transport.close()

    def reset(self) -> None:
        """Close with RST at once; what has not left yet is lost."""
        self._closed_here = True
        if self.transport is not None:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.transport.abort()
