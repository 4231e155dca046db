"""Text on a drawing: real text, in the reader's own fonts, coloured by what it means."""

from __future__ import annotations

from html import escape

from labkit.show.labels import width
from labkit.show.style import PREFIX, number

__all__ = ["LARGEST", "beside", "stroke", "word"]

LARGEST = number("chart-type-narrow")
"""The size that room is kept for: a chart's text grows to it on a narrow screen, while the drawing shrinks."""


def word(x: float, y: float, text: str, role: str = "text", anchor: str = "start") -> str:
    """``text`` with its middle at height ``y``."""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{place} style="fill:var({PREFIX}{role})">{escape(text)}</text>'


def beside(x: float, y: float, text: str, role: str, right: float, away: float = 7.0) -> str:
    """``text`` to the right of a point, or to its left when it would pass ``right``."""
    if x + away + width(text, LARGEST) <= right:
        return word(x + away, y, text, role)
    return word(x - away, y, text, role, "end")


def stroke(path: str, role: str, thickness: float = 1.0) -> str:
    """A plain line along an SVG path."""
    return f'<path d="{path}" style="fill:none;stroke:var({PREFIX}{role});stroke-width:{thickness:g}"/>'
