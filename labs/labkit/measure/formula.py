"""Formulas of what was measured follow it: when its run is repeated, they are read again with it.

A claim measures once more when the machine was busy. Were the theory to stay that of the first run, the new measurement
would be held against the busy one.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

from labkit.measure.comparison import sources_of
from labkit.measure.quantity import Quantity

__all__ = ["formula"]

F = TypeVar("F", bound=Callable[..., Quantity])


def formula(function: F) -> F:
    """Of plain numbers its figure is a constant; of measured ones it has their sources, and NaN where they make no sense later."""
    @functools.wraps(function)
    def made(*given: Any, **named: Any) -> Quantity:
        told = function(*given, **named)
        sources = [source for each in (*given, *named.values()) for source in sources_of(each)]

        def now() -> float:
            try:
                return float(function(*map(_now, given), **{name: _now(each) for name, each in named.items()}))
            except ValueError:
                return math.nan

        return Quantity(now, told.label, told.unit, sources) if sources else told

    return cast("F", made)


def _now(each: Any) -> Any:
    return each.again() if isinstance(each, Quantity) else each
