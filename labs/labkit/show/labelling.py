"""Where a panel's words go: figures at the left, labels at the lines' ends, and within the plot what belongs there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.language import Language, Text
from labkit.show.areas import Area
from labkit.show.labels import LINE, spread, width
from labkit.show.marks import Diamond, Mark
from labkit.show.references import Moment
from labkit.show.words import LARGEST, beside, stroke, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

__all__ = ["Labelling", "room_at_the_end"]

Span = tuple[float, float]

_SETTLED = 0.88  # a line that ends in the last part of the axis is labelled in the margin, any other where it ends
_LEADER = 9.0


def room_at_the_end(marks: Iterable[Mark], span: Span, language: Language) -> float:
    """How much room the labels at the lines' ends need."""
    return max((width(_said(mark, language), LARGEST) + _LEADER + 4 for mark in marks if _ends(mark, span)), default=0.0)


@dataclass(frozen=True)
class Labelling:
    """Puts words on ``axes``, whose time axis is ``span`` seconds."""

    axes: Axes
    span: Span
    language: Language

    def figures(self, ticks: Iterable[tuple[float, Text]]) -> list[str]:
        """The figures of the upward axis."""
        return [word(self.axes.bbox.x0 - 6, self._down(at), text.to(self.language), "secondary", "end")
                for at, text in ticks]

    def labels(self, marks: Iterable[Mark]) -> list[str]:
        """Every mark's label where it belongs."""
        named = [mark for mark in marks if mark.label and mark.anchor]
        inside = [self._inside(mark) for mark in named if not _ends(mark, self.span)]
        return inside + self._at_the_end([mark for mark in named if _ends(mark, self.span)])

    def _at_the_end(self, marks: Sequence[Mark]) -> list[str]:
        """In the margin, a line apart, each with a short line to where its mark ends."""
        box, edge = self.axes.bbox, self.axes.bbox.x1
        wanted = [self._down(_place(mark)[1]) for mark in marks]
        placed = spread(wanted, [LARGEST * LINE] * len(marks), self._high - box.y1 - LARGEST, self._high - box.y0 + 5)
        said = []
        for mark, from_, to in zip(marks, wanted, placed, strict=True):
            said.append(stroke(f"M{edge + 3:.1f} {from_:.1f}L{edge + _LEADER - 2:.1f} {to:.1f}", mark.role))
            said.append(word(edge + _LEADER, to, _said(mark, self.language), mark.role))
        return said

    def _inside(self, mark: Mark) -> str:
        """Within an area, at the head of a moment, else beside the point."""
        if isinstance(mark, Area):
            return self._within(mark)
        x, y = _place(mark)
        down = self._high - self.axes.bbox.y1 + LARGEST if isinstance(mark, Moment) else self._down(y)
        return beside(self._along(x), down, _said(mark, self.language), mark.role, self.axes.figure.bbox.width)

    def _within(self, area: Area) -> str:
        """In the middle of where it is thick, if the text fits; else beside it, or under or over it."""
        box, text = self.axes.bbox, _said(area, self.language)
        begin, end, bottom, top = area.thickest
        left, right, low, up = self._along(begin), self._along(end), self._down(bottom), self._down(top)
        room, middle = width(text, LARGEST), (low + up) / 2
        if low - up >= LARGEST and right - left < room:
            return beside(self._along(area.end), middle, text, area.role, box.x1, away=5)
        if low - up < LARGEST:
            under = low + LARGEST * 0.8
            middle = under if under + LARGEST / 2 < self._high - box.y0 else up - LARGEST * 0.8
        along = min(max((left + right) / 2, box.x0 + room / 2), box.x1 - room / 2)
        return word(along, middle, text, area.role, "middle")

    @property
    def _high(self) -> float:
        return float(self.axes.figure.bbox.height)

    def _along(self, x: float) -> float:
        return float(self.axes.transData.transform((x, self.axes.get_ylim()[0]))[0])

    def _down(self, y: float) -> float:
        """How far below the top of the drawing a height is."""
        return self._high - float(self.axes.transData.transform((self.span[0], y))[1])


def _ends(mark: Mark, span: Span) -> bool:
    """Whether the mark is labelled at its end, in the margin."""
    settled = span[0] + _SETTLED * (span[1] - span[0])
    return bool(mark.label) and not isinstance(mark, Area | Moment | Diamond) and _place(mark)[0] >= settled


def _place(mark: Mark) -> tuple[float, float]:
    return mark.anchor or (math.nan, math.nan)


def _said(mark: Mark, language: Language) -> str:
    return mark.label.to(language) if mark.label else ""
