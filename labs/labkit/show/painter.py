"""What a run is drawn with: ``lab`` hands this to every run, since measuring knows nothing of showing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.show.answers import answers_over_time
from labkit.show.compare import compare
from labkit.show.latency import latency_over_time
from labkit.show.shown import Together

if TYPE_CHECKING:
    from labkit.measure.view import View

__all__ = ["Painter", "painter"]


class Painter:
    """The charts that every run has."""

    def chart(self, run: View) -> Together:
        """One run: what became of its requests, and how long they took."""
        return Together([answers_over_time(run), latency_over_time(run)])

    def compare(self, run: View, other: View) -> Together:
        """Two runs: before and after, with a table of their figures."""
        return compare(run, other)


painter = Painter()
"""The one that ``lab`` hands out."""
