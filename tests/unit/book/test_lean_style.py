"""Rules go when they name a class that is nowhere; whatever may hold without it stays."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pydata_sphinx_theme
import pytest
from fontTools.ttLib import TTFont

from book.tools.lean_style import icons, lean_font, lean_style, names_in_page, names_in_script

NAMES = {"here", "also", "col-2:md"}


@pytest.mark.parametrize("rule", [
    ".here{color:red}", "p>.here:hover{color:red}", ".here.also{color:red}", "p{color:red}", "[class*=gone]{color:red}",
    "p:not(.gone){color:red}", ":is(.gone,.here) p{color:red}", "p:has(.gone){color:red}", ".col-2\\:md{color:red}",
    "@font-face{src:url(a.woff2)}", "@keyframes turn{from{top:0}to{top:1px}}", '@charset "UTF-8";', "@import url(a.css);",
    '.here:before{content:"} .gone {"}', "@media print{.here{color:red}}", "@supports (a:b){@media print{p{color:red}}}"])
def test_what_a_page_may_use_stays(rule: str) -> None:
    assert lean_style(rule, NAMES) == rule


@pytest.mark.parametrize("rule", [
    ".gone{color:red}", ".here .gone{color:red}", ".here.gone{color:red}", "p.gone:not(.here){color:red}",
    "@media print{.gone{color:red}}", "@supports (a:b){@media print{.gone{color:red}}}", "/* .here{color:red} */"])
def test_what_no_page_can_use_goes(rule: str) -> None:
    assert lean_style(rule, NAMES) == ""


def test_of_several_selectors_those_that_can_match_stay() -> None:
    assert lean_style(".gone,.here,p:is(a,b){color:red}", NAMES) == ".here,p:is(a,b){color:red}"


def test_a_font_is_offered_in_the_one_format_that_is_published() -> None:
    face = '@font-face{src:url(a.woff2) format("woff2"),url(a.ttf) format("truetype")}'
    assert lean_style(face, NAMES) == '@font-face{src:url(a.woff2) format("woff2")}'


def test_names_are_classes_and_every_word_of_a_script() -> None:
    page = """<p class="one two"><b class='three'></b><script>el.className = "four-x";</script>"""
    assert {"one", "two", "three", "four-x"} <= names_in_page(page)
    assert "fa-xmark" in names_in_script('a.classList="fa-solid fa-xmark"')


def test_icons_are_the_code_points_that_a_style_shows() -> None:
    assert icons('.fa-x:before{content:"\\f00d"}:root{--i:"\\f05a"}.n:before{content:"\\201c"}') == {0xF00D, 0xF05A}


def test_a_font_keeps_its_icons_and_nothing_else() -> None:
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
    font = next(theme.rglob("fa-solid-900.woff2")).read_bytes()
    lean = lean_font(font, {0xF00D, 0xF05A})
    assert set(TTFont(BytesIO(lean)).getBestCmap()) == {0xF00D, 0xF05A}
    assert len(lean) < 2_000 < len(font)
    assert lean == lean_font(font, {0xF05A, 0xF00D})
