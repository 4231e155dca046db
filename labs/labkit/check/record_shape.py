"""What a record must look like to be believed: a file that is cut, edited by hand or of another version is no proof."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from labkit.language import Text

__all__ = ["VERSION", "misfit"]

VERSION = 1

_OF_ANOTHER_VERSION = Text("it is of version {found}, and this book reads version {wanted}",
                           "它是第 {found} 版，這本書讀的是第 {wanted} 版")
_OF_ANOTHER_CLAIM = Text("it is the record of another claim, {found}", "它是另一個主張 {found} 的記錄")
_MISSHAPEN = Text("“{place}” is missing, or is not what it should be", "「{place}」不見了，或不是該有的樣子")

Fits = Callable[[Any], str]  # "" where a value fits, else the place inside it that does not


def misfit(record: Any, claim_id: str) -> Text | None:
    """Why ``record`` cannot stand for the claim; None where it can. Fields beyond the known ones are let be."""
    if isinstance(record, dict) and record.get("version", VERSION) != VERSION:
        return _OF_ANOTHER_VERSION.format(found=record["version"], wanted=VERSION)
    if (place := _RECORD(record)):
        return _MISSHAPEN.format(place=place)
    return None if record["id"] == claim_id else _OF_ANOTHER_CLAIM.format(found=record["id"])


def _fields(**wanted: Fits) -> Fits:
    def fits(value: Any) -> str:
        if not isinstance(value, dict):
            return "{}"
        return next((_inside(name, place) for name, of in wanted.items() if (place := of(value.get(name)))), "")
    return fits


def _each(of: Fits) -> Fits:
    """Every item of a list, or every value of an object."""
    def fits(value: Any) -> str:
        if not isinstance(value, (list, dict)):
            return "[]"
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        return next((_inside(str(key), place) for key, item in items if (place := of(item))), "")
    return fits


def _value(good: Callable[[Any], bool]) -> Fits:
    return lambda value: "" if good(value) else "."


def _inside(name: str, place: str) -> str:
    return name if place in (".", "[]", "{}") else f"{name}.{place}"


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


_STRING = _value(lambda value: isinstance(value, str))
_NUMBER = _value(_is_number)
_BOTH = _fields(en=_STRING, zh=_STRING)
_FIGURE = {"label": _BOTH, "value": _NUMBER, "unit": _STRING, "shown": _BOTH}
_ROW = _fields(**_FIGURE, relation=_value(lambda value: value in ("", "<", "≤", ">", "≥")), limit=_NUMBER, limit_shown=_BOTH,
               ok=_value(lambda value: isinstance(value, bool)))
_RECORD = _fields(id=_STRING, outcome=_value(lambda value: value in ("holds", "fails", "too busy")), rows=_each(_ROW),
                  figures=_each(_fields(**_FIGURE)), date=_value(_is_day), machine=_STRING)
