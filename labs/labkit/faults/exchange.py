"""Whose turn it is on one connection: is an answer owed to the client, and is the one under way whole?

The proxy passes bytes on without reading them; it asks this only when an upstream goes away. A server may close a
connection at rest, which the client should learn as an orderly end; one that goes away in mid-answer is a failure,
which the client should learn as a reset.
"""

from __future__ import annotations

from labkit.faults.http1 import HEAD_END, HEAD_LIMIT, content_length, field, is_interim

__all__ = ["Exchange"]

_LAST_CHUNK = b"0\r\n\r\n"


class Exchange:
    """Follows requests and answers by the turn of direction, and the answer's length by its head.

    Limits: requests are not pipelined; a chunked answer with trailers counts as not whole. What is not HTTP/1.x has no
    length that could be known, so there an answer counts as whole as soon as anything was answered.
    """

    __slots__ = ("_asked", "_bodiless", "_head", "_head_done", "_size", "_tail")

    def __init__(self) -> None:
        self._asked = self._bodiless = False
        self._begin_answer()

    def _begin_answer(self) -> None:
        self._head = self._tail = b""
        self._head_done = False
        self._size = 0

    @property
    def clients_turn(self) -> bool:
        """Whether the next bytes from the client begin a new request."""
        return self._size > 0 or not self._asked

    def request(self, data: bytes) -> None:
        """Bytes from the client; after any answer they begin a new request."""
        if self.clients_turn:
            self._asked = True
            self._bodiless = data.startswith(b"HEAD ")
            self._begin_answer()

    def answer(self, data: bytes) -> None:
        """Bytes from the upstream."""
        self._size += len(data)
        self._tail = data[-5:] if len(data) >= 5 else (self._tail + data)[-5:]
        if not self._head_done:
            self._read_head(data)

    def _read_head(self, data: bytes) -> None:
        self._head += data
        end = self._head.find(HEAD_END) + len(HEAD_END)
        if end < len(HEAD_END):
            self._head_done = len(self._head) > HEAD_LIMIT or self._head[:5] != b"HTTP/"[:len(self._head)]
        elif is_interim(self._head):
            rest = self._head[end:]
            self._begin_answer()
            if rest:
                self.answer(rest)
        else:
            self._head, self._head_done = self._head[:end], True

    def whole(self, ended: bool = False) -> bool:
        """Whether nothing is owed to the client; ``ended`` when the upstream has just closed its side.

        An answer without a stated length lasts until its connection ends, so there the end makes it whole.
        """
        if not self._asked or not self._size:
            return not self._asked
        if self._head[:5] != b"HTTP/"[:len(self._head)]:
            return True
        if not self._head.endswith(HEAD_END):
            return False
        return self._body_whole(self._size - len(self._head), ended)

    def _body_whole(self, received: int, ended: bool) -> bool:
        if self._bodiless or self._head[9:12] in (b"204", b"304"):
            return True
        if field(self._head, b"transfer-encoding") == b"chunked":
            return received >= len(_LAST_CHUNK) and self._tail == _LAST_CHUNK
        length = content_length(self._head)
        return ended if length is None else received >= length
