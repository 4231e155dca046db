"""A figure drawn against its bounds: where the dot falls, which part is allowed, and what cannot be drawn."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from book._ext.gauge import gauge

BEGIN, END = 6.0, 154.0


def parts(svg: str) -> dict[str, list[ElementTree.Element]]:
    found: dict[str, list[ElementTree.Element]] = {}
    for part in ElementTree.fromstring(svg):
        found.setdefault(part.attrib["class"], []).append(part)
    return found


def x_of(path: ElementTree.Element) -> float:
    return float(re.findall(r"[\d.]+", path.attrib.get("cx") or path.attrib["d"])[0])


def allowed(svg: str) -> tuple[float, float]:
    area, = parts(svg)["gauge-allowed"]
    return float(area.attrib["x"]), float(area.attrib["x"]) + float(area.attrib["width"])


@pytest.mark.parametrize(("share", "x"), [(0.0, BEGIN), (0.5, 80.0), (1.0, END)])
def test_a_share_lies_between_none_and_all(share: float, x: float) -> None:
    dot, = parts(gauge(share, [("≤", 1.0)], "share", True))["gauge-value"]
    assert x_of(dot) == pytest.approx(x, abs=0.1)


@pytest.mark.parametrize(("bounds", "begin", "end"), [
    ([("≤", 0.25)], BEGIN, 43.0), ([("<", 0.25)], BEGIN, 43.0), ([("≥", 0.75)], 117.0, END), ([(">", 0.75)], 117.0, END),
    ([("≥", 0.25), ("≤", 0.75)], 43.0, 117.0)])
def test_the_part_that_the_claim_allows_is_shaded(bounds: list[tuple[str, float]], begin: float, end: float) -> None:
    assert allowed(gauge(0.5, bounds, "share", True)) == pytest.approx((begin, end), abs=0.15)
    assert len(parts(gauge(0.5, bounds, "share", True))["gauge-bound"]) == len(bounds)


def test_a_count_has_room_behind_its_figure_and_its_bound() -> None:
    drawn = parts(gauge(12.0, [("≤", 20.0)], "", True))
    dot, bound = drawn["gauge-value"][0], drawn["gauge-bound"][0]
    assert BEGIN < x_of(dot) < x_of(bound) < END


def test_what_missed_its_bound_is_a_cross_and_no_dot() -> None:
    drawn = parts(gauge(0.5, [("≤", 0.2)], "share", False))
    assert "gauge-value" not in drawn
    assert drawn["gauge-value gauge-missed"][0].tag == "path"


@pytest.mark.parametrize(("value", "bounds"), [(None, [("≤", 1.0)]), (0.5, []), (-1.0, [("≤", 1.0)]), (1.0, [("≥", -1.0)])])
def test_what_has_no_place_on_a_line_from_zero_is_not_drawn(value: float | None, bounds: list[tuple[str, float]]) -> None:
    assert gauge(value, bounds, "", True) == ""


def test_all_zero_is_drawn_at_the_beginning() -> None:
    assert x_of(parts(gauge(0.0, [("≤", 0.0)], "", True))["gauge-value"][0]) == BEGIN
