"""A condition on measured figures: true or false, and able to say its figures and to be looked at again."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from labkit.language import Language, Text, reader_language
from labkit.measure.figure import figures_apart, join
from labkit.measure.units import common_unit

__all__ = ["HOLDS", "Comparison", "Relation", "distinct", "parts_of", "sources_of", "unit_of"]

Relation = Literal["<", "≤", ">", "≥"]
HOLDS: dict[Relation, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge}


@dataclass(frozen=True, repr=False)
class Comparison:
    """``left op right`` with its figures; true or false like the bool it stands for."""

    left: float
    op: Relation
    right: float

    def __post_init__(self) -> None:
        common_unit(unit_of(self.left), unit_of(self.right))

    def __bool__(self) -> bool:
        return bool(HOLDS[self.op](float(self.left), float(self.right)))

    def again(self) -> Comparison:
        """The same comparison of the figures as they are now."""
        return Comparison(_again(self.left), self.op, _again(self.right))

    @property
    def sources(self) -> tuple[Any, ...]:
        """The runs behind both sides, each once."""
        return distinct((*sources_of(self.left), *sources_of(self.right)))

    @property
    def figures(self) -> tuple[Text, Text]:
        """Both figures, told apart where they differ."""
        return figures_apart(float(self.left), float(self.right), self.unit)

    @property
    def unit(self) -> str:
        """The unit that both sides share."""
        return common_unit(unit_of(self.left), unit_of(self.right))

    @property
    def sides(self) -> tuple[Text, Text]:
        """Both sides in words, each with its figure; a bare number is just its figure."""
        left, right = self.figures
        return _side(self.left, left), _side(self.right, right)

    def describe(self, language: Language | None = None) -> str:
        """The comparison with labels and figures, as one line in ``language`` (the reader's, if none is given)."""
        return f" {self.op} ".join(side.to(language or reader_language()) for side in self.sides)

    def __repr__(self) -> str:
        return self.describe()


def distinct(sources: Iterable[Any]) -> tuple[Any, ...]:
    """The sources without repeats, by identity and in order (a run need not be hashable)."""
    return tuple({id(source): source for source in sources}.values())


def unit_of(side: float) -> str:
    """The unit of a quantity; a bare number has none."""
    return getattr(side, "unit", "")


def sources_of(side: float) -> tuple[Any, ...]:
    """The runs behind a quantity; a bare number has none."""
    return getattr(side, "sources", ())


def parts_of(side: float) -> tuple[Any, ...]:
    """The figures that a quantity is made of; a bare number is made of none."""
    return getattr(side, "parts", ())


def _again(side: float) -> float:
    again: Callable[[], float] = getattr(side, "again", lambda: side)
    return again()


def _side(side: float, shown: Text) -> Text:
    """One side in words, with the figure that tells it apart from the other side; a bare number is just its figure."""
    written, label = getattr(side, "_written", None), getattr(side, "label", None)
    if written is not None:
        return join(written, "=", shown)
    return shown if label is None else join(label, shown)
