"""One connection through the proxy: a client's socket, an upstream's socket, and what runs between them.

What one side does the other side sees, as on a direct connection: bytes, the end of a direction (half-close), a reset.
Two things differ, and are meant: an upstream that refuses is seen as a reset, because the proxy has accepted already;
and an upstream that goes away in mid-answer is seen as a reset, too, so that half an answer is never taken for whole.
"""

from __future__ import annotations

from collections.abc import Callable

from labkit.faults.clock import Clock, Timer
from labkit.faults.exchange import Exchange
from labkit.faults.network import Stage
from labkit.faults.pipe import Backlog, Chunk, Pipe, Signal
from labkit.faults.side import Side

__all__ = ["Connection", "Dial"]

Dial = Callable[[Side, Callable[[], None]], Timer]


class Connection:
    """Hands on what one side sends to the other, through one stage for each fault in place.

    ``upstream`` is the address that this connection goes to, chosen when it was accepted. ``dial(side, refused)``
    begins to connect a side to it and calls ``refused`` when it cannot; ``prepare`` is called when the client is there,
    to attach the faults in place; ``ended`` when all is over.
    """

    def __init__(self, upstream: str, dial: Dial, clock: Clock, *, prepare: Callable[[Connection], None],
                 ended: Callable[[Connection], None]) -> None:
        self.upstream_address, self.clock = upstream, clock
        self._dial, self._prepare, self._ended = dial, prepare, ended
        self.exchange = Exchange()
        self.requests, self.answers = Pipe(self._to_upstream), Pipe(self._to_client)
        self.client = Side(self.requests, self.answers, note=self.exchange.request, made=self._begin,
                           lost=self._side_lost, finish=lambda: Signal.FINISH)
        self.upstream = Side(self.answers, self.requests, note=self.exchange.answer, made=self._dialled,
                             lost=self._side_lost, finish=self._upstream_finish)
        self._stages: dict[int, Stage] = {}
        self._early = Backlog(self.requests)  # what came before the upstream was there
        self._dialling: Timer | None = None
        self._connected = self._leaving = self._over = False
        self._requests_finished = self._answers_finished = False

    def attach(self, key: int, make: Callable[[Connection], Stage], new: bool) -> None:
        """Put a fault's stage in place, behind the others; ``key`` is the fault's number."""
        if not self._over:
            stage = self._stages[key] = make(self)
            self._link()
            stage.begin(new)

    def detach(self, key: int) -> None:
        """Let the fault's stage pass on what it keeps back, and take it out."""
        if key in self._stages:
            self._stages[key].end()
            self._stages.pop(key, None)  # the end of it may have ended the connection
            self._link()

    def answer(self, data: bytes) -> None:
        """Answer in the upstream's place; it takes the way that an answer takes."""
        self.exchange.answer(data)
        self.answers.push(data)

    def leave(self) -> None:
        """The upstream is taken out of the route: end at once if at rest, else when the answer under way is whole."""
        self._leaving = True
        if not self._connected:
            self.answers.push(Signal.RESET)
        elif self._at_rest():
            self.requests.push(Signal.FINISH)
            self.answers.push(Signal.FINISH)

    def reset(self) -> None:
        """End at once, with RST to both sides; what is on its way is lost."""
        self._end(Side.reset)

    def _link(self) -> None:
        stages = list(self._stages.values())
        requests = self.requests.link([stage.request for stage in stages])
        answers = self.answers.link([stage.answer for stage in stages])
        for stage, pass_request, pass_answer in zip(stages, requests, answers, strict=False):
            stage.pass_request, stage.pass_answer = pass_request, pass_answer

    def _begin(self) -> None:
        self._prepare(self)
        self.requests.push(Signal.OPEN)

    def _to_upstream(self, chunk: Chunk) -> None:
        if self._over or (self._requests_finished and chunk is not Signal.RESET):
            return
        if chunk is Signal.OPEN:
            self._dialling = self._dial(self.upstream, lambda: self.answers.push(Signal.RESET))
        elif chunk is Signal.RESET:
            self.reset()
        elif not self._connected:
            self._early.add(chunk)
        elif isinstance(chunk, bytes):
            self.upstream.send(chunk)
        else:
            self._requests_finished = True
            self._finish(self.upstream)

    def _to_client(self, chunk: Chunk) -> None:
        if self._over or (self._answers_finished and chunk is not Signal.RESET):
            return
        if isinstance(chunk, bytes):
            self.client.send(chunk)
            if self._leaving and self._at_rest():
                self._to_upstream(Signal.FINISH)
                self._to_client(Signal.FINISH)
        elif chunk is Signal.RESET:
            self.reset()
        else:
            self._answers_finished = True
            self._finish(self.client)

    def _dialled(self) -> None:
        self._connected = True
        self._early.release(self._to_upstream)

    def _at_rest(self) -> bool:
        return self.exchange.whole() and not self.answers.held

    def _upstream_finish(self) -> Signal:
        return Signal.FINISH if self.exchange.whole(ended=True) else Signal.RESET

    def _finish(self, side: Side) -> None:
        side.finish()
        if self._requests_finished and self._answers_finished:
            self._end(Side.close)

    def _end(self, part: Callable[[Side], None]) -> None:
        if self._over:
            return
        self._over = True
        if self._dialling is not None:
            self._dialling.cancel()
        part(self.client)
        part(self.upstream)
        for stage in self._stages.values():
            stage.close()
        self._stages.clear()
        self._early.clear()
        self._side_lost()

    def _side_lost(self) -> None:
        if self._over and self.client.transport is None and self.upstream.transport is None:
            self._ended(self)
