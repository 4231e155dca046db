"""What became of the requests: answered in time, failed or timed out, second by second, a panel for each stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labkit.language import Language, Text
from labkit.measure.figure import figure, plain
from labkit.show.areas import Area
from labkit.show.chart import Chart
from labkit.show.over_time import bands, bucket, faults_in_words, joined
from labkit.show.panel import Panel
from labkit.show.sheet import Drawing, draw_over_time

if TYPE_CHECKING:
    from labkit.measure.view import View

__all__ = ["answers_over_time"]

_TITLE = Text("{stream}, requests per second", "{stream}，每秒請求數")
_ANSWERED, _FAILED, _TIMED_OUT = Text("answered", "有回應"), Text("failed", "失敗"), Text("timed out", "超時")


def answers_over_time(run: View, *, finding: Text | None = None) -> Chart:
    """For each stream the requests of each second by what became of them, stacked up to all that were sent."""
    panels = [_panel(run, stream) for stream in run.names]
    usual = Text("{ok} of {sent} requests were answered in time", "{sent} 個請求中有 {ok} 個及時得到回應").format(
        ok=plain(run.ok), sent=plain(run.sent))

    def draw(language: Language) -> Drawing:
        return draw_over_time(panels, bands(run), run.span, language)

    alt = joined([*(_alt(run, stream) for stream in run.names), faults_in_words(run)])
    return Chart(finding or usual, alt, draw)


def _panel(run: View, stream: str) -> Panel:
    width = bucket(run)
    line = run[stream].timeline(width)
    edges = np.append(np.asarray(line.start, float), float(line.start[-1]) + width)
    ok, failed, timed_out = (np.asarray(part, float) / width for part in (line.ok, line.errors, line.timeouts))
    return Panel(_TITLE.format(stream=stream),
                 (Area(edges, 0 * ok, ok, "healthy", _ANSWERED),
                  Area(edges, ok, ok + failed, "failed", _FAILED, hatch="xxx"),
                  Area(edges, ok + failed, ok + failed + timed_out, "failed", _TIMED_OUT, hatch="///")),
                 height=100 if len(run.names) > 1 else 150)


def _alt(run: View, stream: str) -> Text:
    of = run[stream]
    return Text("{stream}: {sent} sent, {share} answered in time, {timeouts} timed out, {errors} failed.",
                "{stream}：送出 {sent} 個，{share} 及時得到回應，{timeouts} 個超時，{errors} 個失敗。").format(
                    stream=stream, sent=plain(of.sent), share=figure(of.answered, "share"),
                    timeouts=plain(of.timeouts), errors=plain(of.errors))
