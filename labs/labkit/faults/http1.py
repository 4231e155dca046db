"""HTTP/1.x, as far as a proxy needs it that passes bytes on: heads and lengths, no more (RFC 9112)."""

from __future__ import annotations

__all__ = ["HEAD_END", "HEAD_LIMIT", "Request", "content_length", "field", "is_interim"]

HEAD_END = b"\r\n\r\n"
HEAD_LIMIT = 65536  # bytes; a longer head is not taken for HTTP

_METHODS = tuple(method + b" " for method in (
    b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT"))


def is_interim(start: bytes) -> bool:
    """Whether an answer is an interim one (100 Continue), after which the true one follows."""
    return start.startswith(b"HTTP/1.") and start[9:10] == b"1"


def field(head: bytes, name: bytes) -> bytes | None:
    """The value of a header field, in lower case; None when there is none. ``name`` is in lower case."""
    for line in head.lower().split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip() == name:
            return value.strip()
    return None


def content_length(head: bytes) -> int | None:
    """The length of the body as its head states it; None when it states none, or nonsense."""
    value = field(head, b"content-length")
    return int(value) if value is not None and value.isdigit() else None


class Request:
    """A request as it comes in; of its body only the length is kept."""

    def __init__(self) -> None:
        self.head = b""
        self._body: int | None = None  # bytes of the body so far; None while the head is not complete

    def feed(self, data: bytes) -> None:
        """More bytes of the request."""
        if self._body is not None:
            self._body += len(data)
            return
        self.head += data
        end = self.head.find(HEAD_END) + len(HEAD_END)
        if end >= len(HEAD_END):
            self._body = len(self.head) - end
            self.head = self.head[:end]

    @property
    def possible(self) -> bool:
        """Whether what came so far can be an HTTP/1.x request."""
        starts = any(self.head[:len(method)] == method[:len(self.head)] for method in _METHODS)
        return starts and (self._body is not None or len(self.head) <= HEAD_LIMIT)

    @property
    def length_known(self) -> bool:
        """Whether the head tells where the body ends; not so when it comes in chunks, or after a 100 Continue."""
        return field(self.head, b"transfer-encoding") is None and field(self.head, b"expect") is None

    @property
    def ready(self) -> bool:
        """Whether it can be answered: it is whole, or its end cannot be told."""
        return self._body is not None and (not self.length_known or self._body >= (content_length(self.head) or 0))

    @property
    def last(self) -> bool:
        """Whether no other request can follow on this connection."""
        return not self.length_known or field(self.head, b"connection") == b"close" or b" HTTP/1.0\r\n" in self.head
