"""One panel of a chart: a pair of axes with the marks on it, and the words that go with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labkit.language import Language, Text
from labkit.measure.figure import figure, plain
from labkit.show.labelling import Labelling, room_at_the_end
from labkit.show.labels import width
from labkit.show.marks import Mark
from labkit.show.svg import INK
from labkit.show.words import LARGEST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Panel", "decades", "ticks"]


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
        return room_at_the_end(self.marks, span, language)

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
        labelling = Labelling(axes, span, language)
        return labelling.figures(self.ticks()) + labelling.labels(self.marks)


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
