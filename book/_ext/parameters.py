"""What the parameters of a figure may be: a page that asks for something else is refused when the book is built.

In a reader's browser the figure does the same, in a sentence beside it: see ``settle`` in ``book/figures/kit.js``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from labkit.check.names import unknown
from labkit.language import Text
from labkit.show.module import Range, ranges

__all__ = ["impossible"]

_PARAMETER = Text("parameter", "參數")
_REFUSED = Text("{name} cannot be {given}, only {allowed}.", "{name} 不能是 {given}，只能是{allowed}。")
_SWITCH = Text("true or false", " true 或 false")
_NUMBER = Text("from {least:g} to {most:g} in steps of {step:g}; the nearest is {near:g}",
               "從 {least:g} 到 {most:g}，每格 {step:g}；最接近的是 {near:g}")
_EVERY: dict[str, Range | None] = {"compact": None}  # a figure with fewer controls


def impossible(figure: str, parameters: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each of the ``parameters`` that ``figure`` does not have, or that cannot have this value."""
    known = ranges(figure) | _EVERY
    for name, given in parameters.items():
        if name not in known:
            yield str(unknown(_PARAMETER, str(name), known))
        elif allowed := _otherwise(given, known[name]):
            yield str(_REFUSED.format(name=name, given=given, allowed=allowed))


def _otherwise(given: object, range_: Range | None) -> Text | None:
    """What it may be, when it may not be this."""
    if range_ is None:
        return None if isinstance(given, bool) else _SWITCH
    number = given if isinstance(given, int | float) and not isinstance(given, bool) else math.nan
    near = _nearest(number, range_)
    least, most, step = range_
    return None if near == number else _NUMBER.format(least=least, most=most, step=step, near=near)


def _nearest(number: float, range_: Range) -> float:
    least, most, step = range_
    inside = min(most, max(least, number)) if math.isfinite(number) else least
    return round(round(inside / step) * step, 9)
