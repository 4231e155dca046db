"""What measurements are held against: a level across the panel, and the moment at which theory says that it happens."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labkit.language import Text
from labkit.show.marks import Mark, Numbers, dash
from labkit.show.style import number
from labkit.show.svg import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Level", "Moment"]


@dataclass(frozen=True, eq=False)
class Level(Mark):
    """A height that matters, such as the size of a pool: a thin line right across."""

    y: float
    role: str = "secondary"
    label: Text | None = None

    @property
    def anchor(self) -> tuple[float, float] | None:
        """The right end."""
        return math.inf, self.y

    @property
    def heights(self) -> Numbers:
        """The one."""
        return np.array([self.y])

    def draw(self, axes: Axes) -> None:
        """The line."""
        axes.axhline(self.y, color=INK[self.role], linewidth=number("line-thin"), linestyle=dash(self.role),
                     clip_on=False)


@dataclass(frozen=True, eq=False)
class Moment(Mark):
    """When theory says that it happens: a thin dotted line upright."""

    x: float
    role: str = "theory"
    label: Text | None = None

    @property
    def anchor(self) -> tuple[float, float] | None:
        """The line's head."""
        return self.x, math.inf

    @property
    def heights(self) -> Numbers:
        """None: it is as high as the panel."""
        return np.array([])

    def draw(self, axes: Axes) -> None:
        """The line."""
        axes.axvline(self.x, color=INK[self.role], linewidth=number("line-thin"), linestyle=dash("theory"))
