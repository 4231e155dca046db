"""Sends one stream's requests, ends those that take too long, and writes down what came of each."""

from __future__ import annotations

from collections.abc import Callable

from labkit.load.connection import Connection, Pool
from labkit.load.record import Record
from labkit.load.requests import Requests
from labkit.measure.outcome import NO_CONNECTION, TIMED_OUT, TOO_LATE

__all__ = ["Sender"]

_ROUNDING = 1e-6  # seconds: a timer that is due must not find that nothing is due, and be set to the same moment


class Sender:
    """Sends ``requests`` in the order of their numbers. Times are seconds since second 0, which ``begin`` sets.

    A user waits ``timeout`` seconds from the moment when the request should have been sent, and then hangs up.
    ``after`` is called whenever a user is free again.
    """

    def __init__(self, pool: Pool, requests: Requests, timeout: float, record: Record, head_only: bool = False) -> None:
        self.record = record
        self.after: Callable[[], None] = _nothing
        self._pool, self._requests, self._head_only, self._timeout = pool, requests, head_only, timeout
        self._clock = pool.loop.time
        self._zero = 0.0
        self._pending: dict[int, Connection] = {}  # in the order of sending, thus of giving up
        self._sweeping = False

    def begin(self, zero: float) -> None:
        """Second 0 is at ``zero`` on the loop's clock."""
        self._zero = zero

    @property
    def waiting(self) -> bool:
        """Whether any request is under way."""
        return bool(self._pending)

    def now(self) -> float:
        """Seconds since second 0."""
        return self._clock() - self._zero

    def send(self, at: float) -> None:
        """Send the request that should have been sent at ``at``."""
        late = self._clock() - self._zero - at
        number = self.record.begin(at, late)
        if late >= self._timeout:  # the user has given up on the generator, not on the server
            self._end(number, TOO_LATE)
            return
        self._ask(number, self._pool.take)
        if not self._sweeping:
            self._sweep_at(at + self._timeout)

    def _ask(self, number: int, connect: Callable[[], Connection]) -> None:
        try:
            connection = connect()
        except OSError:
            self._pending.pop(number, None)
            self._end(number, NO_CONNECTION)
            return
        self._pending[number] = connection
        connection.ask(self._requests[number], self, number, self._head_only)

    # What a connection tells its owner

    def answered(self, number: int, status: int, tag: bytes, body: bytes) -> None:
        """A whole answer came."""
        del self._pending[number]
        self.record.answer(number, status, self._pool.loop.woke - self._zero, tag)
        self.after()

    def failed(self, number: int, outcome: int) -> None:
        """No answer came."""
        del self._pending[number]
        self._end(number, outcome)

    def stale(self, number: int) -> None:
        """A kept-alive connection turned out to be closed: as every HTTP client, ask once more on a new one."""
        self._ask(number, self._pool.fresh)

    def _end(self, number: int, outcome: int) -> None:
        self.record.end(number, outcome, self.now())
        self._pool.loop.call_soon(self.after)  # soon, or a refused user who does not think would recurse

    # Time-outs

    def _sweep_at(self, at: float) -> None:
        self._sweeping = True
        self._pool.loop.call_at(self._zero + at, self._sweep)

    def _sweep(self) -> None:
        """Hang up for all whose time is over, and come back when the next one's is."""
        self._sweeping = False
        started = self.now() - self._timeout + _ROUNDING
        over = []
        for number in self._pending:
            if self.record.at[number] > started:
                self._sweep_at(self.record.at[number] + self._timeout)
                break
            over.append(number)
        for number in over:
            self._pending.pop(number).close()
            self.record.end(number, TIMED_OUT, self.record.at[number] + self._timeout)
            self.after()


def _nothing() -> None:
    return None
