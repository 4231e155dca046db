"""JSON lines and open file descriptors over a Unix socket: how the parts of a lab talk.

One message is one line. A message that hands descriptors over says how many (``"fds": 2``); the kernel delivers
them with the bytes they were sent with (``SCM_RIGHTS``), so they are there by the time the line is complete.
"""

from __future__ import annotations

import json
import os
import socket
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["Wire", "close_in_forks"]

_CHUNK = 65536
_MOST_FDS = 64
_open: weakref.WeakSet[Wire] = weakref.WeakSet()


class Wire:
    """One end of a socket pair. ``send`` blocks; ``receive`` yields the messages that one read brings."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._bytes = b""
        self._fds: deque[int] = deque()

    def fileno(self) -> int:
        """The socket's descriptor, so that a selector can watch a ``Wire``."""
        return self.sock.fileno()

    def send(self, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
        """Send one message and copies of ``fds``; ``OSError`` when the other end is gone."""
        line = json.dumps({**message, "fds": len(fds)} if fds else message).encode() + b"\n"
        sent = socket.send_fds(self.sock, [line], list(fds)) if fds else 0
        self.sock.sendall(line[sent:])

    def receive(self) -> Iterator[tuple[dict[str, Any], list[int]]]:
        """Read once and yield each whole message with its descriptors; ``EOFError`` when the other end is gone."""
        try:
            data, fds, _, _ = socket.recv_fds(self.sock, _CHUNK, _MOST_FDS)
        except ConnectionResetError:
            data, fds = b"", []
        self._fds.extend(fds)
        if not data:
            raise EOFError
        *lines, self._bytes = (self._bytes + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            yield message, [self._fds.popleft() for _ in range(message.pop("fds", 0))]

    def close(self) -> None:
        """Close the socket and whatever descriptors were never claimed."""
        self.sock.close()
        while self._fds:
            os.close(self._fds.popleft())


def close_in_forks(wire: Wire) -> None:
    """Have every fork of this process close it: one that held a lab's socket would keep the notebook's end unnoticed."""
    _open.add(wire)


def _close_all() -> None:
    for wire in list(_open):
        wire.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_all)
