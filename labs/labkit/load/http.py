"""HTTP/1.1 without sockets: a request as bytes, and an answer put together from the pieces in which it arrives.

Sans-IO (see sans-io.readthedocs.io): bytes in, an answer out, so that the tests can cut an answer at every place. The
framing follows RFC 9112, section 6.3: no body, chunked, a length, or everything until the server closes.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["Answer", "BadAnswer", "request_bytes"]

_LONGEST_HEAD = 65536
_UNTIL_CLOSE = -1


class BadAnswer(ValueError):
    """What came is not an HTTP/1.1 answer."""


def request_bytes(method: str, host: str, target: str, headers: Mapping[str, str], body: str | None) -> bytes:
    """The request as it goes over the wire; a body is sent as UTF-8 with its length."""
    content = b"" if body is None else body.encode()
    fields = {"host": host, **{name.lower(): value for name, value in headers.items()}}
    if body is not None:
        fields["content-length"] = str(len(content))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + content


class Answer:
    """One answer at a time: ``begin``, then ``feed`` until it says that the answer is whole.

    ``status`` is the HTTP status, ``tag`` the value of the header ``tag_header`` (empty when it is not there),
    ``reusable`` whether the connection may carry a further request, ``body`` what was asked to be kept.
    """

    __slots__ = ("_buffer", "_chunked", "_expect", "_headless", "_keep", "_left", "_tag_field", "body", "reusable",
                 "status", "tag")

    def __init__(self, tag_header: str | None = None, keep_body: bool = False) -> None:
        self._tag_field = b"" if tag_header is None else b"\r\n" + tag_header.lower().encode("latin-1") + b":"
        self._keep = keep_body
        self.begin()

    def begin(self, head_only: bool = False) -> None:
        """Expect a new answer; ``head_only`` when the request is a HEAD."""
        self._headless = head_only
        self._buffer = b""
        self._left = 0  # bytes of the body, or of the chunk, still to come
        self._chunked = False
        self._expect = "size"  # of a chunked body: the next line is a size, the gap after a chunk, or a trailer
        self.status = 0
        self.tag = b""
        self.reusable = True
        self.body = b""

    def feed(self, data: bytes) -> bool:
        """Take in what arrived; whether the answer is whole. Raises :class:`BadAnswer`."""
        if self._buffer:
            data, self._buffer = self._buffer + data, b""
        rest = data if self.status else self._head(data)
        if rest is None:
            return False
        return self._chunks(rest) if self._chunked else self._plain(rest)

    def end(self) -> bool:
        """The server closed the connection; whether that made the answer whole."""
        return self.status != 0 and self._left == _UNTIL_CLOSE

    def _head(self, data: bytes) -> bytes | None:
        """Read status line and fields; what follows them, or ``None`` while they are not complete."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            if not b"HTTP/1.".startswith(data[:7]):
                raise BadAnswer("no HTTP/1.1 head")
            self._buffer = _short(data)
            return None
        status = _status(data)
        if status < 200:  # interim, as 103 Early Hints: the answer is still to come
            rest = data[end + 4:]
            return self._head(rest) if rest else None
        self._fields(data[:end + 2], status)
        self.status = status
        return data[end + 4:]

    def _fields(self, head: bytes, status: int) -> None:
        lower = head.lower()
        if self._tag_field:
            self.tag = _field(head, lower, self._tag_field)
        connection = _field(lower, lower, b"\r\nconnection:")
        self.reusable = b"close" not in connection if head[7:8] == b"1" else b"keep-alive" in connection
        if self._headless or status in (204, 304):
            self._left = 0
        elif _field(lower, lower, b"\r\ntransfer-encoding:").endswith(b"chunked"):
            self._chunked = True
        else:
            self._left = _length(_field(lower, lower, b"\r\ncontent-length:"))

    def _plain(self, data: bytes) -> bool:
        if self._keep:
            self.body += data
        if self._left == _UNTIL_CLOSE:
            self.reusable = False
            return False
        self._left -= len(data)
        if self._left < 0:  # more than was announced: whose bytes these are nobody knows
            self.reusable = False
        return self._left <= 0

    def _chunks(self, data: bytes) -> bool:
        """Chunks, each a line with its size, its bytes and an empty line; then trailer lines up to an empty one."""
        while True:
            if self._left:
                if self._keep:
                    self.body += data[:self._left]
                used = min(self._left, len(data))
                self._left, data = self._left - used, data[used:]
            line, found, rest = data.partition(b"\r\n")
            if self._left or not found:
                self._buffer = _short(data)
                return False
            data = rest
            if self._line(line):
                self.reusable = self.reusable and not data
                return True

    def _line(self, line: bytes) -> bool:
        """One line of the chunked framing; whether it was the last."""
        if self._expect == "trailer":
            return not line
        if self._expect == "gap":
            if line:
                raise BadAnswer("a chunk longer than it said")
            self._expect = "size"
            return False
        self._left = _chunk_size(line)
        self._expect = "gap" if self._left else "trailer"
        return False


def _status(head: bytes) -> int:
    """The status of an answer's first line; 101 would no longer be HTTP/1.1."""
    if head[:7] != b"HTTP/1." or head[8:9] != b" " or not head[9:12].isdigit():
        raise BadAnswer("no HTTP/1.1 status line")
    status = int(head[9:12])
    if status < 100 or status == 101:
        raise BadAnswer(f"no answer to this request: {status}")
    return status


def _field(head: bytes, lower: bytes, name: bytes) -> bytes:
    """The value of the field ``name``, looked up in the head in lower case and read from the head as it came."""
    at = lower.find(name)
    if at < 0:
        return b""
    at += len(name)
    return head[at:head.find(b"\r\n", at)].strip()


def _length(value: bytes) -> int:
    if not value:
        return _UNTIL_CLOSE
    if not value.isdigit():
        raise BadAnswer(f"no length: {value!r}")
    return int(value)


def _chunk_size(line: bytes) -> int:
    size = line.partition(b";")[0].strip()
    if not size.isalnum():
        raise BadAnswer(f"no chunk size: {line!r}")
    try:
        return int(size, 16)
    except ValueError:
        raise BadAnswer(f"no chunk size: {line!r}") from None


def _short(line: bytes) -> bytes:
    """A head or line that is not complete; nobody sends ever more of it in good faith."""
    if len(line) > _LONGEST_HEAD:
        raise BadAnswer("a head or line without an end")
    return line
