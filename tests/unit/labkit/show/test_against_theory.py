"""Measured beside theory, and beside the reader's guess."""

from __future__ import annotations

import math

from labkit.language import Text
from labkit.measure.quantity import Quantity
from labkit.show.against_theory import Pair, against_theory
from tests.unit.labkit.show.drawings import labels, shapes, svgs, words

FULL = Text("orders full after", "orders 占滿所需時間")
CAPACITY = Text("capacity", "容量")


def test_a_pair_is_a_point_a_dotted_line_and_a_diamond() -> None:
    chart = against_theory([Pair(FULL, 0.48, 0.5, 1.1, "s")])
    said = labels(chart)
    assert (said["measured 0.48 s"], said["theory 0.5 s"], said["your guess 1.1 s"]) == ("healthy", "theory", "guess")
    assert any("dasharray" in shape for shape in shapes(svgs(chart)[0], "theory"))


def test_pairs_of_one_unit_share_its_axis_from_zero() -> None:
    said = labels(against_theory([Pair(FULL, 0.48, 0.5, unit="s"), Pair(FULL, 0.97, 1.0, unit="s")]))
    assert {"0", "0.5", "1", "seconds"} <= set(said)


def test_pairs_of_several_units_are_multiples_of_theory() -> None:
    (svg,) = svgs(against_theory([Pair(FULL, 0.5, 1.0, unit="s"), Pair(CAPACITY, 20.0, 40.0, unit="/s")]))
    place = {word.said: word.x for word in words(svg)}
    assert place["measured 0.5 s"] == place["measured 20/s"]
    assert "measured ÷ theory" in place


def test_a_quantity_brings_its_unit() -> None:
    seconds = Quantity(0.48, FULL, "s")
    assert "measured 0.48 s" in labels(against_theory([(FULL, seconds, 0.5)]))


def test_the_title_says_how_near_they_are() -> None:
    pairs = [Pair(FULL, 0.48, 0.5, unit="s"), Pair(FULL, 0.97, 1.0, unit="s")]
    assert against_theory(pairs).finding.en == "Measured: 0.96 to 0.97 times what theory says"
    assert against_theory(pairs[:1]).finding.zh == "測得的是理論值的 0.96 倍"


def test_what_was_not_measured_has_no_point_and_is_said() -> None:
    chart = against_theory([Pair(FULL, math.nan, 0.5, unit="s")])
    assert not any(said.startswith("measured") for said in labels(chart))
    assert "measured not measured" in chart.alt.en
