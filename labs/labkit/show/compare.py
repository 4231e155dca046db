"""Two runs of the same load, before and after: what was answered, how slowly, and the figures beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labkit.language import Language, Text
from labkit.measure.figure import figures_apart, plain
from labkit.show.before_after import AFTER, BEFORE, before_after
from labkit.show.chart import Chart
from labkit.show.marks import Line, Mark
from labkit.show.over_time import bands, bucket, faults_in_words, joined
from labkit.show.panel import Panel
from labkit.show.sheet import Band, Drawing, draw_over_time
from labkit.show.shown import Together

if TYPE_CHECKING:
    from labkit.measure.view import View

__all__ = ["compare"]

_ROLES = ("healthy", "mended")
_ANSWERED = Text("answered per second", "每秒得到回應的請求")
_P99 = Text("p99 latency, seconds", "p99 延遲，秒")


def compare(before: View, after: View, *, names: tuple[Text, Text] = (BEFORE, AFTER), finding: Text | None = None
            ) -> Together:
    """Before as a solid line, after as a thick one: answers a second and p99 over time, then a table of figures."""
    runs = (before, after)
    panels = [Panel(_ANSWERED, _lines(runs, names, "goodput"), height=130),
              Panel(_P99, _lines(runs, names, "p99"), height=130)]
    span = min(run.span[0] for run in runs), max(run.span[1] for run in runs)

    def draw(language: Language) -> Drawing:
        return draw_over_time(panels, _bands(runs, names), span, language)

    shares = figures_apart(float(before.answered), float(after.answered), "share")
    usual = Text("Answered in time: {a} {before}, {b} {after}", "及時得到回應：{before} {a}，{after} {b}").format(
        a=shares[0], b=shares[1], before=names[0], after=names[1])
    what = Text("Answers a second and p99 latency over {n} seconds, {before} and {after}.",
                "{n} 秒內每秒得到回應的請求與 p99 延遲，{before}與{after}。").format(
                    n=plain(span[1] - span[0]), before=names[0], after=names[1])
    alt = joined([what, *dict.fromkeys((faults_in_words(before), faults_in_words(after)))])
    return Together([Chart(finding or usual, alt, draw), before_after(before, after, names=names)])


def _lines(runs: tuple[View, View], names: tuple[Text, Text], what: str) -> tuple[Mark, ...]:
    return tuple(_line(run, name, role, what, bucket(runs[0]))
                 for run, name, role in zip(runs, names, _ROLES, strict=True))


def _line(run: View, name: Text, role: str, what: str, width: float) -> Line:
    line = run.timeline(width)
    heights = np.asarray(line.ok, float) / width if what == "goodput" else np.asarray(line.p99, float)
    return Line(np.asarray(line.start, float) + width / 2, heights, role, name)


def _bands(runs: tuple[View, View], names: tuple[Text, Text]) -> list[Band]:
    """A fault that both runs had at the same time is one band; any other says whose it was."""
    ours, theirs = bands(runs[0]), bands(runs[1])
    shared = [band for band in ours if any(_same(band, other) for other in theirs)]
    whose = Text("{label} ({name})", "{label}（{name}）")
    alone = [Band(whose.format(label=band.label, name=name), band.begin, band.end)
             for mine, name in ((ours, names[0]), (theirs, names[1]))
             for band in mine if not any(_same(band, other) for other in shared)]
    return shared + alone


def _same(one: Band, other: Band) -> bool:
    close = abs(one.begin - other.begin) < 0.3 and abs(one.end - other.end) < 0.3
    return one.label == other.label and close
