"""How a table's cells are written: figures with their units, words, yes and no, and nothing as a dash."""

from __future__ import annotations

from typing import TypeAlias
from unicodedata import east_asian_width

from labkit.language import Text
from labkit.measure.figure import plain
from labkit.measure.quantity import Quantity

__all__ = ["Cell", "in_words", "is_figure", "padded", "screen_width"]

Cell: TypeAlias = Text | str | float | None
"""A figure, words, yes or no, or None for what was not measured. A ``Quantity`` brings its unit."""

_NOTHING = Text("–", "–")
_YES, _NO = Text("✓\u00a0yes", "✓\u00a0是"), Text("✕\u00a0no", "✕\u00a0否")
_FIGURES_BEGIN = "0123456789−–<≤≥>"


def in_words(cell: Cell) -> Text:
    """The cell in both languages."""
    if cell is None or cell != cell:  # NaN alone is not itself
        return _NOTHING
    if isinstance(cell, bool):
        return _YES if cell else _NO
    if isinstance(cell, Quantity):
        return cell.shown
    words = plain(cell) if isinstance(cell, (int, float)) else cell
    return words if isinstance(words, Text) else Text(words, words)


def is_figure(cell: Cell) -> bool:
    """Whether it is to be aligned with other figures: a number, or words that begin like one."""
    return not isinstance(cell, bool) and in_words(cell).en[:1] in _FIGURES_BEGIN


def screen_width(text: str) -> int:
    """How many columns of a terminal the text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, columns: int, right: bool) -> str:
    """The text in so many columns of a terminal."""
    space = " " * (columns - screen_width(text))
    return space + text if right else text + space
