"""The figures that every part of a run has: all of it, one stream, or a window of either."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from labkit.language import Text
from labkit.measure.outcome import BAD_ANSWER, ERROR_FROM, REFUSED, RESET
from labkit.measure.quantity import Quantity
from labkit.measure.recording import Recording
from labkit.measure.samples import Flags, Samples, nearest_rank, percentile
from labkit.measure.timeline import Timeline, timeline

__all__ = ["Measured", "Measurement", "Window"]

Window = tuple[float, float]
_NO_TAG = -2  # no request has this number


class Measurement(Protocol):
    """The run: whoever holds the data, and can measure it afresh."""

    @property
    def recording(self) -> Recording:
        """The data as last measured."""

    def again(self) -> Any:
        """Measure afresh, in place."""

    def too_busy(self, strict: bool = False) -> Text | None:
        """Why it must not be judged, or None."""


class Measured:
    """Quantities of some streams of a run within a window, read from the run's current data: ``run.again()`` renews it.

    ``sent`` = ``ok`` + ``errors`` + ``timeouts``, and ``errors`` = ``http_errors`` + ``refused`` + ``reset`` + ``bad``.
    Latencies are seconds from the intended send, of all that were sent, whatever came of them; a time-out counts as its
    time-out. A figure of nothing is NaN.
    """

    def __init__(self, source: Measurement, who: Text, streams: Sequence[str], window: Window | None) -> None:
        self.window = window
        self._source, self._who, self._streams = source, who, tuple(streams)
        self._read: tuple[Recording, Samples] | None = None

    @property
    def recording(self) -> Recording:
        """The data of the whole run, as last measured."""
        return self._source.recording

    @property
    def span(self) -> Window:
        """From when to when, seconds since second 0."""
        return self.window or (0.0, self.recording.seconds)

    @property
    def samples(self) -> Samples:
        """The requests of this part, in the order of their intended sends."""
        recording = self.recording
        if self._read is None or self._read[0] is not recording:
            samples = Samples.together(recording.streams[name] for name in self._streams)
            self._read = recording, samples if self.window is None else samples.between(*self.window)
        return self._read[1]

    # Counts

    @property
    def sent(self) -> Quantity:
        """Requests that were sent."""
        return self._counted(Text("requests sent", "送出的請求"), lambda samples: samples.sent)

    @property
    def ok(self) -> Quantity:
        """Requests answered well and in time: a status below 400."""
        return self._counted(Text("good answers", "成功的回應"), lambda samples: samples.ok)

    @property
    def errors(self) -> Quantity:
        """Requests that failed in any way but by a time-out."""
        return self._counted(Text("errors", "失敗"), lambda samples: samples.error)

    @property
    def timeouts(self) -> Quantity:
        """Requests whose users gave up."""
        return self._counted(Text("time-outs", "超時"), lambda samples: samples.timed_out)

    @property
    def http_errors(self) -> Quantity:
        """Answers with a status of 400 or more."""
        return self._counted(Text("HTTP errors", "HTTP 錯誤"), lambda samples: samples.status >= ERROR_FROM)

    @property
    def refused(self) -> Quantity:
        """Requests for which no connection could be made: nobody listens."""
        return self._counted(Text("refused", "連線被拒絕"), lambda samples: samples.status == REFUSED)

    @property
    def reset(self) -> Quantity:
        """Requests whose connection was reset or closed before the answer was whole."""
        return self._counted(Text("reset", "連線中斷"), lambda samples: samples.status == RESET)

    @property
    def bad(self) -> Quantity:
        """Requests answered by something that is not HTTP."""
        return self._counted(Text("bad answers", "無法理解的回應"), lambda samples: samples.status == BAD_ANSWER)

    # Shares and rates

    @property
    def answered(self) -> Quantity:
        """The share of what was sent that was answered well and in time, 0 to 1."""
        return self._figure(Text("answered", "得到回應"), lambda samples: _share(samples, samples.ok), "share")

    @property
    def goodput(self) -> Quantity:
        """Good answers a second."""
        return self._figure(Text("goodput", "有效吞吐量"), lambda samples: _count(samples.ok) / self._length, "/s")

    def share(self, tag: str) -> Quantity:
        """The share of what was sent whose answer came in time and had ``tag`` in the tag header, 0 to 1."""
        def share(samples: Samples) -> float:
            tags = list(self.recording.tags)
            return _share(samples, samples.tag == (tags.index(tag) if tag in tags else _NO_TAG))

        return self._figure(Text("answered “{tag}”", "得到「{tag}」").format(tag=tag), share, "share")

    # Times

    @property
    def p50(self) -> Quantity:
        """What half of the users waited at most, seconds."""
        return self.p(50)

    @property
    def p99(self) -> Quantity:
        """What 99 of 100 users waited at most, seconds."""
        return self.p(99)

    def p(self, q: float) -> Quantity:
        """The ``q``-th percentile (0 to 100) of the latency, seconds."""
        if not 0 <= q <= 100:
            raise ValueError(str(Text("There is no percentile {q}; use a number from 0 to 100, such as 99.",
                                      "沒有第 {q} 百分位；請用 0 到 100 的數，例如 99。").format(q=q)))
        label = Text("p{q:g} latency", "p{q:g} 延遲").format(q=q)
        return self._figure(label, lambda samples: percentile(samples.latency[samples.sent], q), "s")

    @property
    def largest(self) -> Quantity:
        """The longest that a user waited, seconds."""
        return self._figure(Text("largest latency", "最大延遲"), _largest, "s")

    @property
    def lateness(self) -> Quantity:
        """The 99th percentile of how late the generator sent, seconds."""
        return self._figure(Text("lateness of sends (p99)", "送出的延誤（p99）"),
                            lambda samples: nearest_rank(samples.late, 99), "s")

    def timeline(self, width: float = 0.1) -> Timeline:
        """The same in buckets of ``width`` seconds."""
        return timeline(self.samples, *self.span, width)

    # How they are made

    def quantity(self, label: Text, evaluate: Callable[[], float], unit: str = "") -> Quantity:
        """A figure of this part of the run; its label says of when it is."""
        label = Text("{label}{when}", "{label}{when}").format(label=label, when=_when(self.window))
        return Quantity(evaluate, label, unit, (self._source,))

    @property
    def _length(self) -> float:
        begin, end = self.span
        return end - begin

    def _figure(self, what: Text, of: Callable[[Samples], float], unit: str) -> Quantity:
        label = Text("{who} {what}", "{who}{what}").format(who=self._who, what=what)
        return self.quantity(label, lambda: of(self.samples), unit)

    def _counted(self, what: Text, flags: Callable[[Samples], Flags]) -> Quantity:
        return self._figure(what, lambda samples: _count(flags(samples)), "")


def _count(flags: Flags) -> float:
    return float(np.count_nonzero(flags))


def _share(samples: Samples, chosen: Flags) -> float:
    sent = _count(samples.sent)
    return _count(chosen) / sent if sent else math.nan


def _largest(samples: Samples) -> float:
    waited = samples.latency[samples.sent]
    return float(waited.max()) if len(waited) else math.nan


def _when(window: Window | None) -> Text:
    if window is None:
        return Text("", "")
    return Text(", {begin:g} to {end:g} s", "，第 {begin:g} 至 {end:g} 秒").format(begin=window[0], end=window[1])
