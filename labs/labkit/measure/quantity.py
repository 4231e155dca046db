"""A measured figure that knows what it is, where it came from, and how to be read again.

    after.goodput < 0.2 * before.goodput

reads like plain Python and is more than a bool: a `Comparison`, which can be shown with its figures in both languages
("goodput after 3.1/s < 0.2 × goodput before 38/s = 7.6/s") and be evaluated again once its runs were repeated.

Two things to know:

- NaN, a figure that was not measured, satisfies no comparison, and a division by zero gives NaN: what nobody measured
  proves nothing.
- Python evaluates ``low < x < high`` as ``low < x and x < high`` and hands on only the last part. Write
  ``x.between(low, high)``, which gives both.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any, Protocol, TypeGuard, runtime_checkable

from labkit.language import Text
from labkit.measure.comparison import HOLDS, Comparison, Relation, distinct, parts_of, sources_of, unit_of
from labkit.measure.figure import figure, join, plain
from labkit.measure.units import common_unit, product_unit, quotient_unit

__all__ = ["Comparison", "Quantity", "Source", "distinct"]

_UNIT_OF: dict[str, Callable[[str, str], str]] = {
    "+": common_unit, "−": common_unit, "×": product_unit, "÷": quotient_unit}
_CALCULATE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "−": operator.sub, "×": operator.mul, "÷": operator.truediv}
_SUM, _PRODUCT, _LEAF = 1, 2, 3


@runtime_checkable
class Source(Protocol):
    """What a quantity is read from: the run of a load, or anything else that can be repeated and judged."""

    def again(self) -> Any:
        """Measure afresh, in place: quantities read afterwards see the new data."""

    def too_busy(self, strict: bool = False) -> Text | None:
        """Why the machine was too busy for this measurement to count, or None."""


class Quantity(float):
    """A float with a label, a unit and its sources.

    ``evaluate`` reads the figure from the sources; a constant may stand in its place. ``+ - * /`` with numbers and
    quantities, ``-x`` and ``abs(x)`` give quantities, the order relations give comparisons; the rest is float's.
    The figure never changes: ``again()`` gives the figure of later.
    """

    label: Text
    unit: str
    sources: tuple[Any, ...]
    _repeat: Callable[[], Quantity]
    _written: Text | None = None  # an expression with the figures of its parts; None for a figure read directly
    _parts: tuple[Quantity, ...] = ()
    _binding: int = _LEAF

    # numpy leaves mixed arithmetic to us, or `np.float64(0.2) * quantity` would lose label and sources
    __array_priority__ = 1000.0

    def __new__(cls, evaluate: Callable[[], float] | float, label: Text, unit: str = "",
                sources: Iterable[Any] = ()) -> Quantity:
        """Read the figure, once."""
        made = super().__new__(cls, evaluate() if callable(evaluate) else evaluate)
        made.label, made.unit, made.sources = label, unit, distinct(sources)
        made._repeat = lambda: cls(evaluate, label, unit, made.sources)
        return made

    def again(self) -> Quantity:
        """The same figure, read from the sources as they are now. To repeat a run is ``source.again()``."""
        return self._repeat()

    def named(self, label: Text) -> Quantity:
        """The same figure under a name of its own, as "calls per order" for ``calls / orders``."""
        made = Quantity(float(self), label, self.unit, self.sources)
        made._repeat = lambda: self.again().named(label)
        return made

    def between(self, low: float, high: float) -> tuple[Comparison, Comparison]:
        """The two conditions ``self >= low`` and ``self <= high``."""
        return self >= low, self <= high

    @property
    def parts(self) -> tuple[Quantity, ...]:
        """The figures read directly that this one is made of; itself, if it was read directly."""
        return self._parts or (self,)

    @property
    def shown(self) -> Text:
        """The figure alone, with its unit."""
        return figure(float(self), self.unit)

    def describe(self) -> Text:
        """Label and figure; an expression shows the figures of its parts too: ``0.2 × goodput 38/s = 7.6/s``."""
        return join(self._written, "=", self.shown) if self._written else join(self.label, self.shown)

    def __str__(self) -> str:
        return str(self.shown)

    def __repr__(self) -> str:
        return str(self.describe())

    # With a number these give a Quantity, with a numpy array an array: hence Any.
    def __add__(self, other: Any) -> Any:
        return _combined("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return self if other == 0 else _combined("+", other, self)  # sum() begins with 0

    def __sub__(self, other: Any) -> Any:
        return _combined("−", self, other)

    def __rsub__(self, other: Any) -> Any:
        return _combined("−", other, self)

    def __mul__(self, other: Any) -> Any:
        return _combined("×", self, other)

    def __rmul__(self, other: Any) -> Any:
        return _combined("×", other, self)

    def __truediv__(self, other: Any) -> Any:
        return _combined("÷", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _combined("÷", other, self)

    def __neg__(self) -> Quantity:
        negative: Quantity = _combined("×", -1, self)
        return negative

    def __abs__(self) -> Quantity:
        made = Quantity(math.fabs(self), _wrapped("|{}|", self.label), self.unit, self.sources)
        made._written = _wrapped("|{}|", _name_and_figure(self, self.unit))
        made._parts = self.parts
        made._repeat = lambda: abs(self.again())
        return made

    # These return a Comparison. Float promises a bool, of which Comparison cannot be a subclass: hence Any.
    def __lt__(self, other: Any) -> Any:
        return _compared(self, "<", other)

    def __le__(self, other: Any) -> Any:
        return _compared(self, "≤", other)

    def __gt__(self, other: Any) -> Any:
        return _compared(self, ">", other)

    def __ge__(self, other: Any) -> Any:
        return _compared(self, "≥", other)


def _is_number(side: object) -> TypeGuard[float]:
    return isinstance(side, Real)


def _compared(left: Quantity, relation: Relation, right: Any) -> Any:
    """``left relation right`` as a comparison; whatever is not a number (an array) gets plain float's relation."""
    return Comparison(left, relation, right) if _is_number(right) else HOLDS[relation](float(left), right)


def _combined(sign: str, left: Any, right: Any) -> Any:
    """``left sign right`` as a quantity; whatever is not a number (an array) gets plain float arithmetic."""
    if not (_is_number(left) and _is_number(right)):
        return _CALCULATE[sign](*(float(side) if isinstance(side, Quantity) else side for side in (left, right)))
    value = math.nan if sign == "÷" and right == 0 else _CALCULATE[sign](float(left), float(right))
    unit = _UNIT_OF[sign](unit_of(left), unit_of(right))
    made = Quantity(value, _expression(sign, left, right, _name), unit, (*sources_of(left), *sources_of(right)))
    made._written = _expression(sign, left, right, _name_and_figure)
    made._parts = distinct((*parts_of(left), *parts_of(right)))
    made._binding = _SUM if sign in "+−" else _PRODUCT
    made._repeat = lambda: _combined(sign, _read_again(left), _read_again(right))
    return made


def _read_again(side: Any) -> Any:
    return side.again() if isinstance(side, Quantity) else side


def _expression(sign: str, left: float, right: float, name: Callable[[float, str], Text]) -> Text:
    """``left sign right`` in words, with the brackets that its signs need."""
    unit = common_unit(unit_of(left), unit_of(right)) if sign in "+−" else ""
    least = {"+": (_SUM, _SUM), "−": (_SUM, _PRODUCT), "×": (_PRODUCT, _PRODUCT), "÷": (_PRODUCT, _LEAF)}[sign]
    sides = [name(side, unit) if getattr(side, "_binding", _LEAF) >= enough else _wrapped("({})", name(side, unit))
             for side, enough in zip((left, right), least, strict=True)]
    return join(sides[0], sign, sides[1])


def _wrapped(form: str, text: Text) -> Text:
    return Text(form.format(text.en), form.format(text.zh))


def _name(side: float, unit: str) -> Text:
    return side.label if isinstance(side, Quantity) else _number(side, unit)


def _name_and_figure(side: float, unit: str) -> Text:
    if not isinstance(side, Quantity):
        return _number(side, unit)
    return side._written or join(side.label, side.shown)


def _number(value: float, unit: str) -> Text:
    return figure(value, unit, 6) if unit else Text(plain(value, 6), plain(value, 6))
