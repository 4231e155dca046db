"""Errors: a share of HTTP requests is answered with an error, at once, and never reaches the upstream.

The kinder fault: an answer that comes at once, even a wrong one, keeps no thread of the caller waiting.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from labkit.faults.fault import require, require_share
from labkit.faults.http1 import Request, is_interim
from labkit.faults.network import NetworkFault, Stage
from labkit.faults.pipe import Chunk, Signal
from labkit.language import Text

if TYPE_CHECKING:
    from labkit.faults.connection import Connection

__all__ = ["ErrorRate"]


@dataclass(frozen=True)
class ErrorRate(NetworkFault):
    """Answer this ``share`` of HTTP/1.x requests with ``status``; a ``seed`` draws the same ones of those that arrive.

    A request begins where the direction turns: on a new connection, or after an answer. So requests that are pipelined,
    sent before the last one was answered, count as one. What is not HTTP/1.x has no error to answer with: the
    connection is reset.
    """

    share: float
    status: int = 503
    seed: int = 0
    name: ClassVar[str] = "error"

    def __post_init__(self) -> None:
        require_share(self.share)
        require(isinstance(self.status, int) and 400 <= self.status <= 599,
                Text("status {status!r} is not an HTTP error: give one from 400 to 599, for example status=503.",
                     "狀態碼 {status!r} 不是 HTTP 錯誤：請給 400 到 599，例如 status=503。").format(status=self.status))

    @property
    def label(self) -> Text:
        """Share and status."""
        return Text(f"errors {self.share * 100:g} % ({self.status})", f"錯誤 {self.share * 100:g} %（{self.status}）")

    def behaviour(self) -> Callable[[Connection], Stage]:
        """All connections draw from one stream."""
        return partial(_Refuser, fault=self, draw=random.Random(self.seed))


class _Refuser(Stage):
    """Lets a request through whole, or swallows it whole and answers in the upstream's place."""

    def __init__(self, connection: Connection, fault: ErrorRate, draw: random.Random) -> None:
        super().__init__(connection)
        self._fault, self._draw = fault, draw
        self._clients_turn = connection.exchange.clients_turn
        self._swallowed: Request | None = None  # the request that is being swallowed
        self._finished = False  # the connection was told to end; what still comes is dropped

    def request(self, chunk: Chunk) -> None:
        if isinstance(chunk, Signal):
            self.pass_request(chunk)
        elif not self._finished:
            self._judge()
            self._take(chunk)

    def _judge(self) -> None:
        """A request begins when it is the client's turn; it is drawn once."""
        if self._clients_turn:
            self._clients_turn = False
            self._swallowed = Request() if self._draw.random() < self._fault.share else None

    def _take(self, data: bytes) -> None:
        if self._swallowed is None:
            self.pass_request(data)
            return
        self._swallowed.feed(data)
        if not self._swallowed.possible:
            self.connection.reset()
        elif self._swallowed.ready:  # and not before: a client may send all of its body before it reads
            request, self._swallowed = self._swallowed, None
            self._refuse(request)

    def _refuse(self, request: Request) -> None:
        """The error takes the whole way that an answer takes, so that other faults apply to it, too."""
        self._finished = request.last
        self.connection.answer(_error(self._fault.status, request))
        if request.last:
            self.connection.answers.push(Signal.FINISH)

    def answer(self, chunk: Chunk) -> None:
        if not isinstance(chunk, Signal) and not is_interim(chunk):
            self._clients_turn = True
        self.pass_answer(chunk)

    def end(self) -> None:
        """What is left of a request half swallowed would make no sense to the upstream."""
        if self._swallowed is not None:
            self.connection.reset()


def _error(status: int, request: Request) -> bytes:
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    body = b'{"detail": "an error injected by labkit"}'
    head = (f"HTTP/1.1 {status} {reason}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
            f"connection: {'close' if request.last else 'keep-alive'}\r\n\r\n").encode()
    return head if request.head.startswith(b"HEAD ") else head + body
