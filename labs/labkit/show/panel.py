"""One panel of a chart: a pair of axes with the marks on it, and the words that go with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labkit.language import Language, Text
from labkit.measure.figure import figure, plain
from labkit.show.areas import Area
from labkit.show.labels import LINE, spread, width
from labkit.show.marks import Diamond, Mark
from labkit.show.references import Moment
from labkit.show.svg import INK
from labkit.show.words import LARGEST, beside, stroke, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Panel", "decades", "ticks"]

_SETTLED = 0.88  # a line that ends in the last part of the axis is labelled in the margin, any other where it ends
_LEADER = 9.0


@dataclass(frozen=True)
class Panel:
    """What a panel shows. ``title`` says what runs upward and in which unit; ``top`` is the least that the axis spans.

    ``lines`` are the heights of the light lines, where no even steps will do. The axis begins at zero and is linear.
    Only a latency may be ``log``, and its title then says so.
    """

    title: Text
    marks: tuple[Mark, ...]
    top: float = 0.0
    height: float = 150.0
    log: bool = False
    lines: tuple[float, ...] = ()

    def limits(self) -> tuple[float, float]:
        """Where the upward axis begins and ends."""
        values = np.concatenate([mark.heights for mark in self.marks] or [np.array([])])
        values = values[np.isfinite(values)]
        if self.log:
            values = values[values > 0]
            low, high = (values.min(), values.max()) if len(values) else (0.001, 1.0)
            return 10 ** math.floor(math.log10(low)), max(float(high) * 1.3, self.top)
        return 0.0, (max(float(values.max(initial=0.0)), self.top) or 1.0) * 1.04

    def ticks(self) -> list[tuple[float, Text]]:
        """Where the light lines go, and how each is written."""
        low, high = self.limits()
        if self.log:
            return [(at, figure(at, "s")) for at in decades(low, high)]
        places = self.lines or ticks(0, high, 4 if self.height >= 120 else 2)
        return [(at, Text(plain(at), plain(at))) for at in places]

    def left(self, language: Language) -> float:
        """Room for the figures at the left."""
        return max(width(text.to(language), LARGEST) for _, text in self.ticks()) + 6

    def right(self, language: Language, span: tuple[float, float]) -> float:
        """Room for the labels at the lines' ends."""
        labels = [mark.label.to(language) for mark in self._at_the_end(span) if mark.label]
        return max((width(label, LARGEST) + _LEADER + 4 for label in labels), default=0.0)

    def draw(self, axes: Axes) -> None:
        """The marks, the light lines, and nothing else: words come from ``words``."""
        axes.set_ylim(*self.limits())
        axes.set_axis_off()
        for at, _ in self.ticks():
            axes.axhline(at, color=INK["rule" if at or self.log else "secondary"], linewidth=0.8, zorder=0)
        for mark in self.marks:
            mark.draw(axes)

    def words(self, axes: Axes, language: Language, span: tuple[float, float]) -> list[str]:
        """Figures of the axis, and every mark's label where it belongs."""
        box, high = axes.bbox, axes.figure.bbox.height
        ends = self._at_the_end(span)
        said = [word(box.x0 - 6, high - axes.transData.transform((0, at))[1], text.to(language), "secondary", "end")
                for at, text in self.ticks()]
        wanted = [high - float(axes.transData.transform((0, _place(mark)[1]))[1]) for mark in ends]
        placed = spread(wanted, [LARGEST * LINE] * len(wanted), high - box.y1 - LARGEST, high - box.y0 + 5)
        for mark, from_, to in zip(ends, wanted, placed, strict=True):
            said.append(stroke(f"M{box.x1 + 3:.1f} {from_:.1f}L{box.x1 + _LEADER - 2:.1f} {to:.1f}", mark.role))
            said.append(word(box.x1 + _LEADER, to, str(mark.label and mark.label.to(language)), mark.role))
        return said + [self._inside(mark, axes, language) for mark in self._labelled() if mark not in ends]

    def _inside(self, mark: Mark, axes: Axes, language: Language) -> str:
        """A label within the plot: within an area, at the head of a moment, else beside the point."""
        right, high = axes.figure.bbox.width, axes.figure.bbox.height
        text = mark.label.to(language) if mark.label else ""
        if isinstance(mark, Area):
            return self._within(mark, axes, text)
        x, y = _place(mark)
        along = float(axes.transData.transform((x, self.limits()[0]))[0])
        up = high - (axes.bbox.y1 - LARGEST if isinstance(mark, Moment) else float(axes.transData.transform((0, y))[1]))
        return beside(along, up, text, mark.role, right)

    def _within(self, mark: Area, axes: Axes, text: str) -> str:
        """In the middle of the area where the text fits; under it where it is too low, beside it where too short."""
        high, room = axes.figure.bbox.height, width(text, LARGEST)
        begin, end, bottom, top = mark.thickest
        (left, low), (right, up) = axes.transData.transform([(begin, bottom), (end, top)])
        middle = high - (low + up) / 2
        if up - low < LARGEST:
            middle = high - low + LARGEST * 0.8
        elif right - left < room:
            right = axes.transData.transform((mark.end, bottom))[0]
            return beside(right, middle, text, mark.role, axes.bbox.x1, away=5)
        along = min(max((left + right) / 2, axes.bbox.x0 + room / 2), axes.bbox.x1 - room / 2)
        return word(along, middle, text, mark.role, "middle")

    def _labelled(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.label and mark.anchor]

    def _at_the_end(self, span: tuple[float, float]) -> list[Mark]:
        inside, settled = (Area, Moment, Diamond), span[0] + _SETTLED * (span[1] - span[0])
        return [mark for mark in self._labelled()
                if not isinstance(mark, inside) and _place(mark)[0] >= settled]


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many even steps from ``low`` up to ``high``, each 1, 2, 2.5 or 5 of its decade."""
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(at) for at in places if low <= at <= high + 1e-9 * (high - low)]


def decades(low: float, high: float) -> list[float]:
    """The powers of ten of a logarithmic axis; where they are few, twice and five times as much too."""
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    steps = (1, 2, 5) if len(powers) <= 2 else (1,)
    return [step * 10.0**power for power in powers for step in steps if low * 0.999 <= step * 10.0**power <= high]


def _place(mark: Mark) -> tuple[float, float]:
    return mark.anchor or (math.nan, math.nan)
