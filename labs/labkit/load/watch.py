"""Looks at the services' ``/metrics`` while the load runs: busy threads, queues, breakers, ten times a second."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from labkit.load.connection import Budget, Connection, Pool
from labkit.load.event_loop import EngineLoop
from labkit.load.http import request_bytes
from labkit.load.url import Address

__all__ = ["Watch", "pattern", "sums"]

_PATIENCE = 0.5  # seconds; who does not answer in that time is paused or dead, and has no value then


class Watch:
    """Polls every target each ``every`` seconds. ``series`` is ``{target: {"at": [...], metric: [value or None]}}``."""

    def __init__(self, loop: EngineLoop, targets: Mapping[str, str], metrics: Sequence[str],
                 every: float, budget: Budget) -> None:
        self._loop, self._every, self._zero = loop, every, 0.0
        self._targets = {name: _Target(loop, url, metrics, budget) for name, url in targets.items()}

    def begin(self, zero: float) -> None:
        """Look for the first time at second 0, which is at ``zero`` on the loop's clock."""
        self._zero = zero
        if self._targets:
            self._loop.call_at(zero, self._look)

    @property
    def series(self) -> dict[str, dict[str, list[float | None]]]:
        """What was seen so far."""
        return {name: target.series for name, target in self._targets.items()}

    def _look(self) -> None:
        now = self._loop.time() - self._zero
        for target in self._targets.values():
            target.look(now)
        turns = int(now / self._every + 1e-6) + 1  # after a pause of this process go on, without making up for it
        self._loop.call_at(self._zero + turns * self._every, self._look)


class _Target:
    """One target's series. A look that gets no answer leaves ``None``."""

    def __init__(self, loop: EngineLoop, url: str, metrics: Sequence[str], budget: Budget) -> None:
        address = Address(url)
        self._pool = Pool(loop, address.peer, budget, keep_body=True)
        self._request = request_bytes("GET", address.host, address.target, {}, None)
        self._metrics, self._pattern = metrics, pattern(metrics)
        self._pending: dict[int, Connection] = {}
        self._began: list[float] = []
        self._at: list[float | None] = []
        self.series: dict[str, list[float | None]] = {"at": self._at, **{metric: [] for metric in metrics}}

    def look(self, now: float) -> None:
        """Ask for the metrics of ``now``, and hang up on a look that was not answered in time.

        While a look is under way no other begins: two answers that overtake each other would make a counter fall.
        """
        self._give_up(now - _PATIENCE)
        for values in self.series.values():
            values.append(None)
        self._at[-1] = round(now, 4)
        self._began.append(now)
        if not self._pending:
            self._ask(len(self._began) - 1, self._pool.take)

    def _give_up(self, before: float) -> None:
        for number in [number for number in self._pending if self._began[number] < before]:
            self._pending.pop(number).close()

    def _ask(self, number: int, connect: Callable[[], Connection]) -> None:
        try:
            connection = connect()
        except OSError:
            self._pending.pop(number, None)
            return
        self._pending[number] = connection
        connection.ask(self._request, self, number)

    def answered(self, number: int, status: int, tag: bytes, body: bytes) -> None:
        """The metrics came."""
        del self._pending[number]
        if status == 200:
            for metric, value in sums(self._pattern, body).items():
                self.series[metric][number] = value

    def failed(self, number: int, outcome: int) -> None:
        """It is not there."""
        del self._pending[number]

    def stale(self, number: int) -> None:
        """Once more on a new connection."""
        self._ask(number, self._pool.fresh)


def pattern(metrics: Sequence[str]) -> re.Pattern[bytes]:
    """What finds the lines of these metrics, and no others, in Prometheus's text format."""
    names = b"|".join(re.escape(metric).encode() for metric in metrics) or b"(?!)"
    return re.compile(rb"^(%s)(?:\{.*\})? +([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?= |$)" % names, re.MULTILINE)


def sums(lines: re.Pattern[bytes], text: bytes) -> dict[str, float]:
    """Each metric that ``text`` has, added up over its label sets."""
    totals: dict[str, float] = {}
    for name, value in lines.findall(text):
        metric = name.decode()
        totals[metric] = totals.get(metric, 0.0) + float(value)
    return totals
