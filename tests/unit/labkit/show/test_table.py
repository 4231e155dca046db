"""Tables, on a page and in a terminal."""

from __future__ import annotations

import math

import pytest

from labkit.language import Text
from labkit.measure.quantity import Quantity
from labkit.show.cells import screen_width
from labkit.show.table import table

SHARE = Quantity(0.983, Text("answered", "得到回應"), "share")


def test_every_heading_says_what_it_heads() -> None:
    page = table([Text("remedy", "做法"), "answered"], [["breaker", SHARE]]).body("zh-Hant")
    assert '<th scope="col">做法</th>' in page
    assert '<th scope="row">breaker</th>' in page


def test_figures_are_aligned_and_bring_their_unit() -> None:
    page = table(["remedy", "answered", "kind"], [["breaker", SHARE, "stale"], ["none", None, "–"]]).body("en")
    assert '<td class="mbe-figure">98.3\u00a0%</td>' in page
    assert '<td class="mbe-figure">–</td>' in page
    assert "<td>stale</td>" in page


@pytest.mark.parametrize(("cell", "written"), [(None, "–"), (math.nan, "–"), (True, "✓\u00a0yes"), (False, "✕\u00a0no"),
                                               (12345, "12,345"), (0.25, "0.25"), ("<b>", "&lt;b&gt;")])
def test_a_cell_is_written(cell: object, written: str) -> None:
    assert f">{written}</td>" in table(["a", "b"], [["row", cell]]).body("en")  # type: ignore[list-item]


def test_a_wide_table_scrolls_in_a_box_of_its_own_that_a_keyboard_reaches() -> None:
    page = table(["a"], [], Text("What users got", "使用者得到什麼")).body("en")
    assert page.startswith('<div class="mbe-scroll" tabindex="0" role="group" aria-label="What users got"><table')
    assert "<caption>What users got</caption>" in page


def test_a_terminal_gets_columns_in_line_in_either_language() -> None:
    rows = [[Text("breaker", "熔斷"), SHARE], ["none", 0]]
    shown = table([Text("remedy", "做法"), Text("answered", "得到回應")], rows)
    for language in ("en", "zh-Hant"):
        lines = shown.plain(language).splitlines()
        assert len({screen_width(line) for line in lines}) == 1


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="A table of 2 columns has a row of 1"):
        table(["a", "b"], [["only"]])
