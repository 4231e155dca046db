"""One line of the bench."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Line", "Missing", "median_of"]


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

    @property
    def row(self) -> str:
        """For people."""
        sign = "≥" if self.at_least else "≤"
        return f"{'holds' if self.holds else 'FAILS'}  {self.value:9,.3f}  {sign} {self.goal:<8,g} {self.name:20} {self.what}"

    @property
    def record(self) -> dict[str, object]:
        """For programs."""
        return {"name": self.name, "value": round(self.value, 4), "goal": self.goal, "holds": self.holds}


@dataclass(frozen=True)
class Missing:
    """A line that could not be measured here, and ``why``. With ``CI=true`` that is a failure, and so if it has no excuse."""

    name: str
    why: str
    excused: bool = True

    @property
    def holds(self) -> bool:
        """Whether it may be left out."""
        return self.excused and os.environ.get("CI") != "true"

    @property
    def row(self) -> str:
        """For people."""
        return f"{'-----' if self.holds else 'FAILS'}  {'not measured':22} {self.name:20} {self.why}"

    @property
    def record(self) -> dict[str, object]:
        """For programs."""
        return {"name": self.name, "value": None, "goal": None, "holds": self.holds, "why": self.why}


def median_of(times: int, measure: Callable[[], Sequence[float]]) -> list[float]:
    """The median of each figure over so many measurements."""
    return [statistics.median(column) for column in zip(*(measure() for _ in range(times)), strict=True)]
