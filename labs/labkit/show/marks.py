"""The marks of the book, one small class each: the same thing is drawn the same way in every chart.

A mark says in ``role`` what it means, and so which colour it has; its dash, its shape or its hatch says it too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from labkit.language import Text
from labkit.show.style import number, values
from labkit.show.svg import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Crosses", "Diamond", "Line", "Mark", "Numbers", "Rings", "Series", "dash"]

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Series: TypeAlias = Sequence[float] | Numbers


class Mark(ABC):
    """What a panel can draw."""

    role: str
    label: Text | None

    @property
    @abstractmethod
    def anchor(self) -> tuple[float, float] | None:
        """The point that its label belongs to, in the data's units; None when it draws nothing."""

    @property
    @abstractmethod
    def heights(self) -> Numbers:
        """How high it reaches: the axis spans them all."""

    @abstractmethod
    def draw(self, axes: Axes) -> None:
        """Draw it."""


@dataclass(frozen=True, eq=False)
class Line(Mark):
    """A figure over time: served is solid, waiting dashed, mended thick, theory thin and dotted."""

    x: Series
    y: Series
    role: str = "healthy"
    label: Text | None = None

    @property
    def anchor(self) -> tuple[float, float] | None:
        """The line's end."""
        there = np.flatnonzero(np.isfinite(self.heights))
        return (float(self.x[there[-1]]), float(self.y[there[-1]])) if len(there) else None

    @property
    def heights(self) -> Numbers:
        """Every point's."""
        return np.asarray(self.y, np.float64)

    def draw(self, axes: Axes) -> None:
        """The line, and a round dot for a point that has no neighbour to draw a line to."""
        x, y = np.asarray(self.x, float), self.heights
        thickness = {"mended": "line-thick", "theory": "line-thin"}.get(self.role, "line")
        axes.plot(x, y, color=INK[self.role], linewidth=number(thickness), linestyle=dash(self.role),
                  solid_capstyle="round", solid_joinstyle="round", clip_on=False,
                  zorder=1.5 if self.role == "mended" else 2)
        alone = _alone(y)
        axes.plot(x[alone], y[alone], color=INK[self.role], marker="o", markersize=5.5, linestyle="none", clip_on=False)


class Rings(Line):
    """Single slow ones: a dot with a ring."""

    def draw(self, axes: Axes) -> None:
        """The ring, then the dot in it."""
        for size, filled in ((5.5, False), (1.6, True)):
            axes.plot(self.x, self.y, linestyle="none", marker="o", markersize=size, clip_on=False,
                      markeredgecolor=INK[self.role], markerfacecolor=INK[self.role if filled else "paper"],
                      markeredgewidth=0 if filled else 1.1)


class Crosses(Line):
    """What failed, was refused or timed out."""

    def draw(self, axes: Axes) -> None:
        """A cross for each."""
        axes.plot(self.x, self.y, linestyle="none", marker="x", markersize=5.5, markeredgewidth=1.6,
                  color=INK[self.role], clip_on=False)


class Diamond(Line):
    """The reader's guess: an open diamond."""

    def draw(self, axes: Axes) -> None:
        """The diamond, over everything else."""
        axes.plot(self.x, self.y, linestyle="none", marker="D", markersize=6.5, markeredgewidth=1.4, clip_on=False,
                  markerfacecolor=INK["paper"], markeredgecolor=INK[self.role], zorder=5)


def dash(role: str) -> Any:
    """matplotlib's line style for what a line means."""
    pattern = values()["light"].get(f"dash-{role}")
    return (0, tuple(float(part) for part in pattern.split())) if pattern else "solid"


def _alone(y: Numbers) -> np.ndarray[Any, np.dtype[np.bool_]]:
    there = np.concatenate(([False], np.isfinite(y), [False]))
    return np.asarray(there[1:-1] & ~there[:-2] & ~there[2:])
