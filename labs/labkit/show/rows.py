"""A row for each thing, its figures as points along one axis: for what is compared rather than watched over time.

    orders full after
             measured 0.48 s                 what belongs under the line keeps out of the way
    |-------|------o-:-----|-------|--       a point for what was measured, a dotted line for theory
                 theory 0.5 s
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.language import Language, Text
from labkit.measure.figure import figure, plain
from labkit.show.labels import spread, width
from labkit.show.marks import Crosses, Diamond, Line, Mark, Rings
from labkit.show.panel import decades, ticks
from labkit.show.sheet import SPAN, Drawing
from labkit.show.svg import INK, new_figure, plain_settings, shapes
from labkit.show.words import LARGEST, stroke, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Axis", "Point", "Row", "draw_rows"]

_SIDE = 16.0
_HEAD, _WORDS, _STRIP, _GAP = LARGEST * 1.3, LARGEST * 1.1, LARGEST * 1.1, LARGEST * 0.5
_ROW = _HEAD + 2 * _WORDS + _STRIP + _GAP


@dataclass(frozen=True)
class Point:
    """One figure of a row: where, what it means (which decides the shape), and its words, over the line or under it."""

    x: float
    role: str
    label: Text
    under: bool = False


@dataclass(frozen=True)
class Row:
    """What the points are figures of."""

    label: Text
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Axis:
    """What runs to the right: from zero, or logarithmic and then its title says so."""

    title: Text
    unit: str = ""
    log: bool = False

    def limits(self, rows: Sequence[Row]) -> tuple[float, float]:
        """Where it begins and ends: all points are within."""
        at = [point.x for row in rows for point in row.points if math.isfinite(point.x)]
        if self.log:
            at = [x for x in at if x > 0] or [0.001, 1.0]
            return min(at) / 1.25, max(at) * 1.25
        return 0.0, (max(at, default=0.0) or 1.0) * 1.1

    def ticks(self, rows: Sequence[Row]) -> list[tuple[float, Text]]:
        """Where its light lines go, and how each is written."""
        low, high = self.limits(rows)
        if self.log:
            return [(at, figure(at, self.unit)) for at in decades(low, high)]
        return [(at, Text(plain(at), plain(at))) for at in ticks(0, high, 5)]


def draw_rows(rows: Sequence[Row], axis: Axis, language: Language) -> Drawing:
    """The rows one under the other over one axis."""
    high = len(rows) * _ROW + 2.3 * LARGEST
    across = SPAN - 2 * _SIDE
    with plain_settings():
        fig = new_figure(SPAN, high)
        box = (_SIDE / SPAN, 1 - len(rows) * _ROW / high, across / SPAN, len(rows) * _ROW / high)
        axes = fig.add_axes(box, xscale="log" if axis.log else "linear", xlim=axis.limits(rows),
                            ylim=(0, len(rows) * _ROW))
        axes.set_axis_off()
        said = _axis(rows, axis, axes, language)
        for index, row in enumerate(rows):
            said += _row(row, index, len(rows), axes, language)
        return Drawing(shapes(fig) + "".join(said), SPAN, high)


def _axis(rows: Sequence[Row], axis: Axis, axes: Axes, language: Language) -> list[str]:
    foot = len(rows) * _ROW
    places = axis.ticks(rows)
    for index in range(len(rows)):
        up = _height(index, len(rows))
        axes.axhline(up, color=INK["rule"], linewidth=0.8, zorder=0)
        axes.vlines([at for at, _ in places], up - _STRIP / 3, up + _STRIP / 3, color=INK["rule"], linewidth=0.8,
                    zorder=0)
    along = [float(axes.transData.transform((at, 0))[0]) for at, _ in places]
    return [*(word(x, foot + LARGEST * 0.5, text.to(language), "secondary", "middle")
              for x, (_, text) in zip(along, places, strict=True)),
            word(SPAN, foot + LARGEST * 1.7, axis.title.to(language), "secondary", "end")]


def _row(row: Row, index: int, rows: int, axes: Axes, language: Language) -> list[str]:
    """The row's marks go on the axes; its words come back."""
    up = _height(index, rows)
    points = [point for point in row.points if math.isfinite(point.x)]
    for point in points:
        _mark(point, up).draw(axes)
    line = rows * _ROW - up
    away = (_STRIP + _WORDS) / 2
    return [word(0, index * _ROW + _HEAD / 2, row.label.to(language), "text"),
            *_labels([point for point in points if not point.under], line, line - away, axes, language),
            *_labels([point for point in points if point.under], line, line + away, axes, language)]


def _labels(points: Sequence[Point], line: float, y: float, axes: Axes, language: Language) -> list[str]:
    """Labels over or under their points; one that had to move away gets a line to its point."""
    along = [float(axes.transData.transform((point.x, 0))[0]) for point in points]
    texts = [point.label.to(language) for point in points]
    placed = spread(along, [width(text, LARGEST) + 10 for text in texts], 0, SPAN)
    near = _STRIP / 2.4 if y > line else -_STRIP / 2.4
    said = [word(to, y, text, point.role, "middle") for point, to, text in zip(points, placed, texts, strict=True)]
    return said + [stroke(f"M{from_:.1f} {line + near:.1f}L{to:.1f} {line + near * 1.6:.1f}", point.role)
                   for point, from_, to, text in zip(points, along, placed, texts, strict=True)
                   if abs(to - from_) > width(text, LARGEST) * 0.3]


def _height(index: int, rows: int) -> float:
    """Where a row's line is, counted upward as the axes do."""
    return (rows - index) * _ROW - _HEAD - _WORDS - _STRIP / 2


def _mark(point: Point, up: float) -> Mark:
    if point.role == "theory":
        return Line((point.x, point.x), (up - _STRIP / 2, up + _STRIP / 2), "theory")
    if point.role == "guess":
        return Diamond((point.x,), (up,), point.role)
    if point.role == "waiting":
        return Rings((point.x,), (up,), point.role)
    if point.role == "failed":
        return Crosses((point.x,), (up,), point.role)
    return Line((point.x,), (up,), point.role)
