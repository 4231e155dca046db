"""Units through arithmetic."""

from __future__ import annotations

import pytest

from labkit.measure.units import common_unit, product_unit, quotient_unit


@pytest.mark.parametrize(("left", "right", "product"), [
    ("", "", ""), ("s", "", "s"), ("", "/s", "/s"), ("s", "/s", ""), ("share", "share", "share"),
    ("share", "", "share"), ("share", "/s", "/s"), ("s", "s", "s^2"), ("B", "", "B"), ("B", "/s", "B·/s")])
def test_products(left: str, right: str, product: str) -> None:
    assert product_unit(left, right) == product


@pytest.mark.parametrize(("left", "right", "quotient"), [
    ("", "", ""), ("s", "", "s"), ("", "s", "/s"), ("", "/s", "s"), ("s", "s", ""), ("share", "share", ""),
    ("B", "B", ""), ("B", "s", "B/s"), ("/s", "s", "s^-2")])
def test_quotients(left: str, right: str, quotient: str) -> None:
    assert quotient_unit(left, right) == quotient


def test_a_bare_number_takes_the_unit_of_what_it_is_compared_with() -> None:
    assert (common_unit("", "s"), common_unit("share", ""), common_unit("s", "s")) == ("s", "share", "s")


def test_seconds_are_no_share() -> None:
    with pytest.raises(TypeError, match=r"“s” and “share”"):
        common_unit("s", "share")
