"""Busy threads over time, beside theory and the reader's guess."""

from __future__ import annotations

from labkit.show.busy import busy_threads
from tests.unit.labkit.show.drawings import labels, shapes, svgs
from tests.unit.labkit.show.runs import avalanche, mended, silent

POOLS = {"orders": 24, "storefront": 48}


def test_each_pool_has_a_panel_from_none_to_all_of_its_threads() -> None:
    said = labels(busy_threads(avalanche(), POOLS))
    assert {"orders, busy threads", "0", "12", "24", "storefront, busy threads", "48", "24 in the pool"} <= set(said)
    assert said["48 in the pool"] == "busy"


def test_theory_is_dotted_and_the_guess_an_open_diamond() -> None:
    chart = busy_threads(avalanche(), POOLS, theory={"orders": 2.5}, guess={"orders": 4.0})
    (svg,) = svgs(chart)
    said = labels(chart)
    assert (said["theory 2.5 s"], said["your guess"]) == ("theory", "guess")
    assert all("dasharray" in shape for shape in shapes(svg, "theory"))
    assert [shape for shape in shapes(svg, "guess") if "fill:var(--mbe-paper)" in shape and shape.startswith("<use")]


def test_a_guess_that_nobody_made_is_not_drawn() -> None:
    assert "your guess" not in labels(busy_threads(avalanche(), POOLS, guess={"orders": None}))


def test_the_title_says_which_pools_filled_and_when() -> None:
    assert busy_threads(avalanche(), POOLS).finding.en == "Full pools: orders after 2.5 s, storefront after 3 s"
    assert busy_threads(mended(), POOLS).finding.en == "No pool fills"


def test_the_alternative_says_how_many_and_when() -> None:
    chart = busy_threads(avalanche(), {"orders": 24}, theory={"orders": 2.5})
    assert "orders: at most 24 of 24 threads busy, full at 2.5 s, in theory at 2.5 s." in chart.alt.en


def test_where_a_service_did_not_answer_there_is_a_gap() -> None:
    (svg,) = svgs(busy_threads(silent(), {"orders": 8}))
    edges = [shape for shape in shapes(svg, "busy") if "stroke-width:1.8" in shape]
    assert any(shape.count("M") == 2 for shape in edges), "the line in two pieces"
