"""Latency over time: the half, the slow hundredth and the largest, with what timed out as crosses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labkit.language import Language, Text
from labkit.measure.figure import figure, plain
from labkit.show.chart import Chart
from labkit.show.marks import Crosses, Line, Mark, Rings
from labkit.show.over_time import bands, bucket, faults_in_words, joined
from labkit.show.panel import Panel
from labkit.show.sheet import Drawing, draw_over_time

if TYPE_CHECKING:
    from labkit.measure.view import View

__all__ = ["latency_over_time"]

_LINEAR = Text("latency, seconds", "延遲，秒")
_LOGARITHMIC = Text("latency, logarithmic", "延遲，對數刻度")
_TIMED_OUT = Text("timed out", "超時")
_LARGEST = Text("largest", "最大")


def latency_over_time(run: View, stream: str | None = None, *, finding: Text | None = None, log: bool = False) -> Chart:
    """p50, p99 and the largest latency of each bucket, of one stream or of all; a time-out counts as its time-out.

    ``log`` gives a logarithmic axis, and says so: for a run whose fast and slow answers are decades apart.
    """
    panel = Panel(_LOGARITHMIC if log else _LINEAR, _marks(run, stream), height=190, log=log)

    def draw(language: Language) -> Drawing:
        return draw_over_time([panel], bands(run), run.span, language)

    return Chart(finding or _finding(run, stream), _alt(run, stream), draw)


def _marks(run: View, stream: str | None) -> tuple[Mark, ...]:
    width = bucket(run)
    line = (run[stream] if stream else run).timeline(width)
    middle = np.asarray(line.start, float) + width / 2
    answered, timed_out = np.asarray(line.ok) > 0, np.asarray(line.timeouts) > 0
    largest, p99 = np.asarray(line.largest, float), np.asarray(line.p99, float)
    apart = answered & ~timed_out & (largest > 1.05 * p99)
    return (Line(middle, line.p50, "healthy", Text("p50", "p50")),
            Line(middle, p99, "waiting", Text("p99", "p99")),
            Rings(middle[apart], largest[apart], "waiting", _LARGEST),
            Crosses(middle[timed_out], largest[timed_out], "failed", _TIMED_OUT))


def _finding(run: View, stream: str | None) -> Text:
    of = run[stream] if stream else run
    if of.timeouts:
        return Text("{timeouts} of {sent} requests timed out; half were answered within {p50}",
                    "{sent} 個請求中有 {timeouts} 個超時；一半在 {p50}內得到回應").format(
                        timeouts=plain(of.timeouts), sent=plain(of.sent), p50=figure(of.p50, "s", 2))
    return Text("Half of the requests were answered within {p50}, 99 % within {p99}",
                "一半的請求在 {p50}內得到回應，99 % 在 {p99}內").format(
                    p50=figure(of.p50, "s", 2), p99=figure(of.p99, "s", 2))


def _alt(run: View, stream: str | None) -> Text:
    of = run[stream] if stream else run
    who = Text("Latency of {stream}", "{stream} 的延遲").format(stream=stream) if stream else Text("Latency", "延遲")
    figures = Text("{who} over {n} seconds: p50 {p50}, p99 {p99}, largest {largest}; {timeouts} of {sent} timed out.",
                   "{who}，共 {n} 秒：p50 {p50}，p99 {p99}，最大 {largest}；{sent} 個請求中有 {timeouts} 個超時。")
    said = figures.format(who=who, n=plain(run.seconds), p50=figure(of.p50, "s", 2), p99=figure(of.p99, "s", 2),
                          largest=figure(of.largest, "s", 2), timeouts=plain(of.timeouts), sent=plain(of.sent))
    return joined([said, faults_in_words(run)])
