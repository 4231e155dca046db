"""The load generator: the rate that it keeps, and whether it shows a stall at its true share."""

from __future__ import annotations

import socket
import statistics
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

from labkit.load.drive import Event, drive
from labkit.load.plan import LoadPlan, Stream
from labkit.measure.run import Run
from labkit.substrates.process import ProcessSubstrate
from tests.bench.line import Line

__all__ = ["lines"]

RATE, SECONDS = 8000.0, 4.0
STALL, SLOW, STALL_RATE = 0.2, 0.05, 400.0
STALLS = 4


def lines() -> Iterator[Line]:
    """Each from the best of three: what else the machine does can only spoil them."""
    substrate = ProcessSubstrate(["labkit.load.engine", "tests.bench.static"])
    try:
        bench = _Bench(substrate)
        yield bench.rate()
        yield bench.stall()
    finally:
        substrate.close()


class _Bench:
    def __init__(self, substrate: ProcessSubstrate) -> None:
        self._substrate = substrate
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
            substrate.launch("tests.bench.static:main", {}, [listener.fileno()], name="static")
            self._static = int(listener.getsockname()[1])

    def rate(self) -> Line:
        """8,000 requests a second from one core, 99 % of them on time."""
        kept = max(self._kept() for _ in range(3))
        return Line("load_rate", f"requests a second kept for {SECONDS:g} s, 99 % of them less than 5 ms late", kept, RATE, True)

    def stall(self) -> Line:
        """Stalls of 200 ms at a steady rate delay everybody who came meanwhile, by what was left of them."""
        off = statistics.median(self._stalled() for _ in range(3))
        return Line("stall_share", f"stalls of {STALL * 1000:g} ms: |share shown ÷ true share − 1|", off, 0.05)

    def _kept(self) -> float:
        run = self._run(Stream("GET /", self._url(), rate=RATE, timeout=1.0))
        late = run["GET /"].samples.late
        on_time = float((late < 0.005).mean())
        return float(run["GET /"].goodput) if on_time >= 0.99 else 0.0

    def _stalled(self) -> float:
        """How far off the share of requests is that waited for more than ``SLOW`` seconds, with a stall each second.

        The true share is known from how long the server stood still by its own clock. At 400 a second it answers what
        it held back in a millisecond or two; at a higher rate that alone would make others slow, truly.
        """
        lasted: list[float] = []

        def stand_still() -> None:
            with urllib.request.urlopen(f"{self._url()}stall/{STALL * 1000:.0f}", timeout=5) as told:
                lasted.append(float(told.read()))

        stream = Stream("GET /", self._url(), rate=STALL_RATE, timeout=2.0)
        run = self._run(stream, float(STALLS), [(second + 0.5, stand_still) for second in range(STALLS)])
        shown = float((run["GET /"].samples.latency > SLOW).mean())
        return abs(shown / (sum(one - SLOW for one in lasted) / STALLS) - 1)

    def _run(self, stream: Stream, seconds: float = SECONDS, events: Sequence[Event] = ()) -> Run:
        result = drive(LoadPlan([stream], seconds), self._launch, None, events)
        return Run(result, timeout={stream.name: stream.timeout}, rates={stream.name: stream.rate})

    def _launch(self, target: str, keywords: dict[str, Any], fds: Sequence[int]) -> Any:
        return self._substrate.launch(target, keywords, fds, name="load")

    def _url(self) -> str:
        return f"http://127.0.0.1:{self._static}/"
