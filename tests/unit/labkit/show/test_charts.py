"""What holds for every chart: it says what it shows, to every reader, in every theme, and leaves matplotlib alone."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import warnings

import matplotlib
import pytest

from labkit.language import LANGUAGES, Language
from tests.unit.labkit.show.drawings import svgs, words
from tests.unit.labkit.show.gallery import CHARTS, PICTURES

DRAWN = CHARTS | PICTURES


@pytest.fixture(params=DRAWN)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_title_and_words_for_those_who_do_not_see_it(name: str, language: Language) -> None:
    shown = DRAWN[name]()
    for svg in svgs(shown, language):
        title, alt = re.search("<title>(.+?)</title>", svg), re.search('role="img" aria-label="(.+?)"', svg)
        assert title is not None
        assert alt is not None
        assert alt[1].startswith(title[1])
        assert re.search(r"\d|calls|調用", alt[1].removeprefix(title[1])), "the figures, or who calls whom"
    assert svgs(shown, language)


def test_its_title_is_a_sentence_that_stands_above_it(name: str) -> None:
    page = DRAWN[name]().html("en")
    assert all(len(caption) > 15 for caption in re.findall("<figcaption>(.+?)</figcaption>", page))


def test_its_colours_are_those_of_the_theme(name: str) -> None:
    for svg in svgs(DRAWN[name]()):
        assert re.findall(r"#(?!mbe-)[0-9a-zA-Z]+|rgb\(|hsl\(|(?:fill|stroke):(?!none|var|url)[^;\"]+", svg) == []
        assert "var(--mbe-" in svg


def test_its_text_stays_text_and_no_font_is_shipped(name: str) -> None:
    for svg in svgs(DRAWN[name](), "zh-Hant"):
        assert words(svg)
        assert not re.search("font|glyph|<style|<symbol", svg.lower())


def test_it_fits_its_place_at_any_width(name: str) -> None:
    for svg in svgs(DRAWN[name]()):
        opening = svg[:svg.index(">")]
        assert re.search(r'viewBox="0 0 \d+ \d+"', opening)
        assert " height=" not in opening


def test_no_two_pictures_of_a_page_share_an_id() -> None:
    ids = [found for make in DRAWN.values() for svg in svgs(make()) for found in re.findall(' id="(.+?)"', svg)]
    assert len(ids) == len(set(ids)) > 10


def test_every_id_that_is_used_is_there(name: str) -> None:
    for svg in svgs(DRAWN[name]()):
        used = re.findall(r'url\(#(.+?)\)|href="#(.+?)"', svg)
        assert {a or b for a, b in used} == set(re.findall(' id="(.+?)"', svg))


def test_matplotlib_is_left_as_it_was_and_warns_of_nothing(name: str) -> None:
    matplotlib.rcParams["lines.linewidth"] = 7.25
    before = _settings()
    gc.collect()  # or what another test left open warns here
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = svgs(DRAWN[name](), "zh-Hant")
    assert _settings() == before
    matplotlib.rcdefaults()
    assert svgs(DRAWN[name](), "zh-Hant") == drawn, "the reader's own settings change no chart of the book"


def test_pyplot_with_its_list_of_figures_is_never_loaded() -> None:
    look = ("import sys; from tests.unit.labkit.show.gallery import CHARTS; [make() for make in CHARTS.values()]; "
            "print('matplotlib.pyplot' in sys.modules, 'matplotlib.figure' in sys.modules)")
    fresh = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True,
                           env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    assert fresh.stdout.split() == ["False", "True"]


def test_showing_words_needs_no_matplotlib() -> None:
    look = "import sys, labkit.show.painter, labkit.show.verdict; print('matplotlib' in sys.modules)"
    fresh = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True,
                           env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    assert fresh.stdout.strip() == "False"


def test_a_chart_is_small_enough_for_a_page() -> None:
    assert max(len(svg) for make in DRAWN.values() for svg in svgs(make())) < 25_000


def _settings() -> dict[str, object]:
    return {name: matplotlib.rcParams[name] for name in matplotlib.rcParams if name != "backend"}
