"""What the arguments of a formula must be; one that makes no sense is a `ValueError` that says which."""

from __future__ import annotations

import math
from collections.abc import Mapping

from labkit.language import Text

__all__ = ["not_negative", "probability", "whole"]

_NOT_NEGATIVE = Text("{name} must be a number from 0 up; it is {value}.",
                     "{name} 必須是 0 或更大的數字；現在是 {value}。")
_PROBABILITY = Text("{name} must be from 0 to 1; it is {value}.", "{name} 必須介於 0 與 1 之間；現在是 {value}。")
_WHOLE = Text("{name} must be a whole number from {least} up; it is {value}.",
              "{name} 必須是 {least} 或更大的整數；現在是 {value}。")


def not_negative(**values: float) -> None:
    """Each must be 0 or more."""
    _check(_NOT_NEGATIVE, {name: value for name, value in values.items() if not value >= 0})


def probability(**values: float) -> None:
    """Each must be from 0 to 1."""
    _check(_PROBABILITY, {name: value for name, value in values.items() if not 0 <= value <= 1})


def whole(least: int, **values: int) -> None:
    """Each must be a whole number from ``least`` up."""
    wrong = {name: value for name, value in values.items() if not (value >= least and value == math.floor(value))}
    _check(_WHOLE, wrong, least=least)


def _check(sentence: Text, wrong: Mapping[str, float], **more: int) -> None:
    for name, value in wrong.items():
        raise ValueError(str(sentence.format(name=name, value=value, **more)))
