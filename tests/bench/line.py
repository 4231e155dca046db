"""One line of the bench."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Line", "median_of"]


@dataclass(frozen=True)
class Line:
    """``value`` must be at most ``goal``, or at least where ``at_least``. ``what`` says it in words, with the unit."""

    name: str
    what: str
    value: float
    goal: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def median_of(times: int, measure: Callable[[], Sequence[float]]) -> list[float]:
    """The median of each figure over so many measurements."""
    return [statistics.median(column) for column in zip(*(measure() for _ in range(times)), strict=True)]
