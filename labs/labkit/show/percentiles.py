"""Percentiles side by side: p50, p99 and the largest latency of every stream, or of several runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from labkit.language import Language, Text
from labkit.measure.figure import figure
from labkit.show.chart import Chart
from labkit.show.over_time import joined
from labkit.show.rows import Axis, Point, Row, draw_rows
from labkit.show.sheet import Drawing

if TYPE_CHECKING:
    from labkit.measure.measured import Measured
    from labkit.measure.view import View

__all__ = ["percentiles"]

_AXIS = Axis(Text("latency, logarithmic", "延遲，對數刻度"), "s", log=True)


def percentiles(of: View | Mapping[Text | str, Measured], *, finding: Text | None = None) -> Chart:
    """A row for each stream of a run, or for each of the named runs or streams. The axis is logarithmic."""
    named: Mapping[Text | str, Measured] = of if isinstance(of, Mapping) else {name: of[name] for name in of.names}
    rows = [Row(_text(name), _points(one)) for name, one in named.items()]
    said = joined(_alt(_text(name), one) for name, one in named.items())

    def draw(language: Language) -> Drawing:
        return draw_rows(rows, _AXIS, language)

    return Chart(finding or _finding(named), said, draw)


def _points(one: Measured) -> tuple[Point, ...]:
    """What timed out counts as its time-out: where that is the largest, a cross says so."""
    slowest = Text("timed out {t}", "超時 {t}") if one.timeouts else Text("largest {t}", "最大 {t}")
    return (Point(float(one.p50), "healthy", Text("p50 {t}", "p50 {t}").format(t=figure(one.p50, "s", 2))),
            Point(float(one.p99), "waiting", Text("p99 {t}", "p99 {t}").format(t=figure(one.p99, "s", 2)), under=True),
            Point(float(one.largest), "failed" if one.timeouts else "waiting",
                  slowest.format(t=figure(one.largest, "s", 2))))


def _finding(named: Mapping[Text | str, Measured]) -> Text:
    worst = max(named, key=lambda name: -math.inf if math.isnan(named[name].p99) else float(named[name].p99))
    return Text("The slowest hundredth of {name} takes {p99} or more", "{name} 最慢的百分之一要 {p99}以上").format(
        name=_text(worst), p99=figure(named[worst].p99, "s", 2))


def _alt(name: Text, one: Measured) -> Text:
    return Text("{name}: p50 {p50}, p99 {p99}, largest {largest}.",
                "{name}：p50 {p50}，p99 {p99}，最大 {largest}。").format(
        name=name, p50=figure(one.p50, "s", 2), p99=figure(one.p99, "s", 2), largest=figure(one.largest, "s", 2))


def _text(name: Text | str) -> Text:
    return name if isinstance(name, Text) else Text(name, name)
