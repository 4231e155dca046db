"""One direction of a proxied connection: what runs through it, and its bound.

Memory stays bounded by backpressure: when a direction holds more than ``LIMIT`` bytes, or the receiver's buffer is
full, the proxy stops reading from the sender, TCP's window closes, and the sender waits as it would without a proxy.
"""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from collections.abc import Callable, Sequence

__all__ = ["LIMIT", "Backlog", "Chunk", "Pipe", "Signal"]

LIMIT = 1 << 20  # bytes one direction of one connection may hold before its sender has to wait


class Signal(enum.Enum):
    """What a TCP connection carries besides bytes; it keeps its place among them."""

    OPEN = "open"  # the client has connected
    FINISH = "finish"  # the sender will send no more (FIN); the other direction may go on
    RESET = "reset"  # the sender is gone (RST)


Chunk = bytes | Signal


class Pipe:
    """One direction: sender -> stages of the faults in place -> ``deliver``.

    ``push`` is where a chunk goes in; with no fault in place it *is* ``deliver``, so an idle proxy pays nothing.
    """

    __slots__ = ("_deliver", "_full", "_paused", "_sender", "held", "push", "total")

    def __init__(self, deliver: Callable[[Chunk], None]) -> None:
        self._deliver = deliver
        self._sender: asyncio.Transport | None = None
        self._full = self._paused = False
        self.push: Callable[[Chunk], None] = deliver
        self.held = 0  # bytes kept back by stages
        self.total = 0  # bytes that ever went in

    def link(self, inlets: Sequence[Callable[[Chunk], None]]) -> list[Callable[[Chunk], None]]:
        """Run through ``inlets`` in this order; gives what each of them has to pass on to."""
        self.push = inlets[0] if inlets else self._deliver
        return [*inlets[1:], self._deliver]

    def connect(self, sender: asyncio.Transport) -> None:
        """``sender`` is the transport to stop reading from when the pipe is full."""
        self._sender = sender
        self._paused = False
        self._settle()

    def hold(self, size: int) -> None:
        """A stage keeps ``size`` bytes back."""
        self.held += size
        self._settle()

    def free(self, size: int) -> None:
        """A stage passes on, or drops, ``size`` bytes that it kept back."""
        self.held -= size
        self._settle()

    def full(self, full: bool) -> None:
        """The receiver's buffer is full, or has room again."""
        self._full = full
        self._settle()

    def _settle(self) -> None:
        wait = self._full or self.held > (LIMIT // 2 if self._paused else LIMIT)
        if wait == self._paused or self._sender is None or self._sender.is_closing():
            return
        self._paused = wait
        if wait:
            self._sender.pause_reading()
        else:
            self._sender.resume_reading()


class Backlog:
    """What a stage keeps back of one direction, first in first out, counted in the pipe's bound."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._chunks: deque[Chunk | memoryview] = deque()

    def __len__(self) -> int:
        return len(self._chunks)

    def add(self, chunk: Chunk) -> None:
        """Keep ``chunk`` back, behind all others."""
        self._chunks.append(chunk)
        if not isinstance(chunk, Signal):
            self._pipe.hold(len(chunk))

    def next_size(self) -> int:
        """Bytes of the first chunk; 0 for a signal."""
        return 0 if isinstance(self._chunks[0], Signal) else len(self._chunks[0])

    def take(self, limit: int | None = None) -> Chunk:
        """The first chunk, or its first ``limit`` bytes; the rest stays first."""
        first = self._chunks.popleft()
        if isinstance(first, Signal):
            return first
        if limit is not None and len(first) > limit:
            self._chunks.appendleft(memoryview(first)[limit:])
            first = memoryview(first)[:limit]
        self._pipe.free(len(first))
        return bytes(first)

    def release(self, onward: Callable[[Chunk], None]) -> None:
        """Pass everything on, in order."""
        while self._chunks:
            onward(self.take())

    def clear(self) -> None:
        """Forget everything."""
        self.release(lambda chunk: None)
