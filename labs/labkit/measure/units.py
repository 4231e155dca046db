"""Units through arithmetic: orders per second times seconds are orders, and seconds are not compared with shares.

Seconds are followed in the exponent (``s`` is 1, ``/s`` is -1); counts, ratios and shares have none. A unit outside
this small table (``B``, ``MiB``) is carried along, and taken as compatible with anything.
"""

from __future__ import annotations

from labkit.language import Text

__all__ = ["common_unit", "product_unit", "quotient_unit"]

_POWER = {"": 0, "share": 0, "s": 1, "/s": -1}
_UNIT = {0: "", 1: "s", -1: "/s"}


def product_unit(left: str, right: str) -> str:
    """The unit of left × right; a share of something keeps the something's unit."""
    if "" in (left, right) or "share" in (left, right):
        return next((unit for unit in (left, right) if unit not in ("", "share")), "share" if left or right else "")
    return _by_power(left, right, 1) or ("" if left in _POWER and right in _POWER else f"{left}·{right}")


def quotient_unit(left: str, right: str) -> str:
    """The unit of left ÷ right: like divided by like is a bare ratio, a count by seconds is a rate."""
    if left == right:
        return ""
    if right in ("", "share"):
        return left
    return _by_power(left, right, -1) or ("" if left in _POWER and right in _POWER else f"{left}/{right}")


def common_unit(left: str, right: str) -> str:
    """The unit in which both can be added or compared; a bare number takes the other's. TypeError if none fits."""
    if left and right and left in _POWER and right in _POWER and left != right:
        raise TypeError(str(Text(
            "“{a}” and “{b}” are different units: these two cannot be added or compared.",
            "「{a}」和「{b}」是不同的單位，兩者不能相加，也不能相比。").format(a=left, b=right)))
    return left or right


def _by_power(left: str, right: str, sign: int) -> str | None:
    if left not in _POWER or right not in _POWER:
        return None
    power = _POWER[left] + sign * _POWER[right]
    return _UNIT.get(power, f"s^{power}")
