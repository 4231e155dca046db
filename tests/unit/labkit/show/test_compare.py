"""Two runs, before and after."""

from __future__ import annotations

import re

from labkit.language import Text
from labkit.measure.recording import Mark
from labkit.show.before_after import before_after
from labkit.show.compare import compare
from tests.unit.labkit.show.drawings import labels, shapes, svgs
from tests.unit.labkit.show.runs import avalanche, mended, run, stream


def test_before_is_a_solid_line_and_after_a_thick_one() -> None:
    shown = compare(avalanche(), mended())
    said = labels(shown)
    assert (said["before"], said["after"]) == ("healthy", "mended")
    (svg,) = svgs(shown)
    widths = {role: {float(found) for shape in shapes(svg, role) if shape.count("L") > 5
                     for found in re.findall(r"stroke-width:([\d.]+)", shape)} for role in ("healthy", "mended")}
    assert max(widths["healthy"]) < min(widths["mended"])


def test_a_fault_that_both_had_is_one_band_and_any_other_says_whose_it_was() -> None:
    hangs = Mark(Text("hangs", "卡住"), 2.0, 7.0)
    first, second = run({"GET /": stream(20)}, faults=(hangs,)), run({"GET /": stream(20)}, faults=(hangs,))
    third = run({"GET /": stream(20)}, faults=())
    assert "hangs" in labels(compare(first, second))
    assert "hangs (before)" in labels(compare(first, third))
    assert "hangs (after)" in labels(compare(third, first))


def test_the_two_can_have_names_of_their_own() -> None:
    names = Text("without a budget", "沒有預算"), Text("with a budget", "有預算")
    shown = compare(avalanche(), mended(), names=names)
    assert {"without a budget", "with a budget"} <= set(labels(shown))
    assert "52.4 % without a budget, 96.8 % with a budget" in shown.plain("en")
    assert '<th scope="col" class="mbe-figure">有預算</th>' in shown.html("zh-Hant")


def test_the_table_has_the_same_figures_of_both() -> None:
    lines = before_after(avalanche(), mended()).plain("en").splitlines()
    assert lines[0].split() == ["measured", "before", "after"]
    assert lines[1].split() == ["answered", "in", "time", "52.4", "%", "96.8", "%"]
    assert lines[-2].split() == ["timed", "out", "457", "20"]
