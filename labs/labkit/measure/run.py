"""A run: what one load measured, as a reader handles it.

    run = lab.load(storefront, "/orders", rate=48, seconds=8)
    run["/orders"].answered                     # of one stream
    run.between(3, 5).p99                       # of all streams, of the requests meant for seconds 3 to 5
    run.first_time("orders", "pool_threads_busy", 24)
    run.again()                                 # measure afresh; figures read from now on are the new ones
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self

from labkit.language import Text
from labkit.measure.recorded import written
from labkit.measure.recording import Mark, Recording
from labkit.measure.view import Stream, View

__all__ = ["Mark", "Painter", "Run", "Stream", "View"]


class Painter(Protocol):
    """Draws runs; ``labkit.lab`` hands it in, since what measures knows nothing of what shows."""

    def chart(self, run: Any) -> Any:
        """A chart of one run."""

    def compare(self, before: Any, after: Any) -> Any:
        """A chart of two runs side by side."""


class Run(View):
    """What one load measured: ``result`` is the engine's, ``timeout`` and ``rates`` are by stream.

    ``again`` runs the same load once more and returns its result, in which a key "faults" (a list of :class:`Mark`)
    replaces those of the last time. Without it this is a record, which can be looked at but not repeated.
    """

    def __init__(self, result: Mapping[str, Any] | Recording, *, timeout: Mapping[str, float] | None = None,
                 rates: Mapping[str, float] | None = None, faults: Sequence[Mark] = (),
                 again: Callable[[], Mapping[str, Any]] | None = None, painter: Painter | None = None) -> None:
        self._recording = result if isinstance(result, Recording) else Recording.of(
            result, timeout=timeout or {}, rates=rates or {}, faults=faults)
        self._repeat, self.painter = again, painter
        super().__init__(self, None)

    @property
    def recording(self) -> Recording:
        """The data as last measured."""
        return self._recording

    @property
    def t0(self) -> float:
        """Second 0 on the monotonic clock."""
        return self._recording.t0

    @property
    def wall(self) -> str:
        """Second 0 as a time of day, ISO 8601."""
        return self._recording.wall

    def again(self) -> Self:
        """Run the same load once more; this run then holds what was measured anew."""
        if self._repeat is None:
            raise RuntimeError(str(Text(
                "This is a recorded run: it can be looked at, but not repeated. Run the lab's load to measure anew.",
                "這是錄下來的執行：可以看，但不能重做。要重新測量，請執行實驗自己的負載。")))
        old = self._recording
        self._recording = Recording.of(self._repeat(), timeout=old.timeout, rates=old.rates, faults=old.faults)
        return self

    def to_json(self, title: Text | None = None) -> str:
        """The run as one line of JSON, to be replayed where it cannot be run; see :mod:`labkit.measure.recorded`."""
        return written(self._recording, title)

    @classmethod
    def from_json(cls, text: str, painter: Painter | None = None) -> Self:
        """A recorded run, to the millisecond. ``ValueError`` with a sentence when it is of another version, or broken."""
        from labkit.measure.reading import read  # with pydantic it takes longer to load than all the rest of a run

        return cls(read(text), painter=painter)

    def chart(self) -> Any:
        """A chart of this run."""
        return self._painter().chart(self)

    def compare(self, other: Run) -> Any:
        """A chart of this run and, beside it, a later one."""
        return self._painter().compare(self, other)

    def _painter(self) -> Painter:
        if self.painter is None:
            raise RuntimeError(str(Text("This run has nobody to draw it; get runs from lab.load.",
                                        "沒有東西可以畫出這次執行；請用 lab.load 取得執行結果。")))
        return self.painter

    def __repr__(self) -> str:
        return str(Text("run of {seconds:g} s: {sent} sent, {share} answered, p50 {p50}, p99 {p99}",
                        "{seconds:g} 秒的執行：送出 {sent} 個，{share} 得到回應，p50 {p50}，p99 {p99}").format(
                            seconds=self.seconds, sent=self.sent.shown, share=self.answered.shown, p50=self.p50.shown,
                            p99=self.p99.shown))
