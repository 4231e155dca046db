"""How much, bucket by bucket: an area with a plain edge; of what failed, a hatched one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.language import Text
from labkit.show.marks import Mark, Numbers, Series
from labkit.show.style import number
from labkit.show.svg import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Area"]

_NEARLY = 0.8


@dataclass(frozen=True, eq=False)
class Area(Mark):
    """From ``low`` to ``high`` between ``edges``, of which there is one more. NaN leaves a gap: nobody knows."""

    edges: Series
    low: Series
    high: Series
    role: str = "healthy"
    label: Text | None = None
    hatch: str = ""

    @property
    def anchor(self) -> tuple[float, float] | None:
        """The middle of where it is thickest."""
        if not self._there.any():
            return None
        begin, end, low, high = self.thickest
        return (begin + end) / 2, (low + high) / 2

    @property
    def heights(self) -> Numbers:
        """Its upper edge's."""
        return np.asarray(self.high, np.float64)

    @property
    def thickest(self) -> tuple[float, float, float, float]:
        """Begin, end, low and high of the longest stretch where it is nearly as thick as anywhere."""
        edges, low, high = (np.nan_to_num(np.asarray(part, float)) for part in (self.edges, self.low, self.high))
        first, last = _longest(high - low >= _NEARLY * float((high - low).max()))
        middle = slice(first, last)
        return float(edges[first]), float(edges[last]), float(np.median(low[middle])), float(np.median(high[middle]))

    @property
    def end(self) -> float:
        """Where the stretch that holds its thickest part is over."""
        edges, there = np.asarray(self.edges, float), self._there
        gone = np.flatnonzero(~there & (edges[:-1] >= self.thickest[0]))
        return float(edges[gone[0]] if len(gone) else edges[-1])

    def draw(self, axes: Axes) -> None:
        """A tint, the hatch, and the edge."""
        if not self._there.any():
            return
        colour, high = INK[self.role], np.where(self._there, self.heights, np.nan)
        axes.stairs(high, self.edges, baseline=self.low, fill=True, facecolor=colour, alpha=number("tint"), linewidth=0)
        if self.hatch:
            axes.stairs(high, self.edges, baseline=self.low, fill=True, facecolor="none", edgecolor=colour,
                        hatch=self.hatch, linewidth=0)
        axes.stairs(high, self.edges, baseline=None, color=colour, clip_on=False,
                    linewidth=number("line-thin" if self.hatch else "line"))

    @property
    def _there(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        return np.asarray(self.heights > np.asarray(self.low, float))


def _longest(there: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[int, int]:
    """First and one past last of the longest run of True."""
    steps = np.diff(np.concatenate(([0], there.astype(int), [0])))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best])
