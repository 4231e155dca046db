"""Charts in a real browser: nothing runs into anything, on a wide page and on a phone, in both languages and themes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from labkit.language import LANGUAGES, Language
from labkit.show.shown import Shown
from tests.unit.labkit.show.gallery import CHARTS, EVERYTHING, PICTURES

pytestmark = pytest.mark.needs("chromium", "chinese font")

DRAWN = CHARTS | PICTURES
WIDE, PHONE = 760, 360

OVERLAPPING = """() => [...document.querySelectorAll("figure svg")].flatMap(svg => {
  const name = svg.closest(".mbe").previousElementSibling.textContent;
  const boxes = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(0, i).filter(([b, q]) =>
    p.left + 1 < q.right && q.left + 1 < p.right && p.top + 2 < q.bottom && q.top + 2 < p.bottom)
    .map(([b]) => `${name}: ${a} over ${b}`));
})"""
CUT_OFF = """() => [...document.querySelectorAll("figure svg")].flatMap(svg => {
  const edge = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1);
  }).map(text => `${svg.closest(".mbe").previousElementSibling.textContent}: ${text.textContent}`);
})"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll("figure svg text")].filter(text => text.getClientRects().length)
  .map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
COLOURS = """() => [...new Set([...document.querySelectorAll("figure svg text")].map(text => getComputedStyle(text).fill))]"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    opened.on("request", lambda request: opened.asked.append(request.url) if request.url != "about:blank" else None)
    opened.asked = []
    yield opened
    assert opened.asked == [], "a chart asks for nothing"
    opened.close()


@cache
def output(name: str) -> Shown:
    return EVERYTHING[name]()


def outputs(names: Iterable[str], language: Language) -> str:
    """A page of outputs, each under its name."""
    return "".join(f"<h2>{name}</h2>{output(name).html(language)}" for name in names)


def show(page: Page, body: str, width: int = WIDE, theme: str = "light") -> None:
    """A page of the site with this on it."""
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(f'<!doctype html><html data-theme="{theme}"><body style="margin: 12px">{body}</body></html>')


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_run_into_others_or_off_the_picture(page: Page, language: Language, width: int) -> None:
    show(page, outputs(DRAWN, language), width)
    assert page.evaluate(OVERLAPPING) == []
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize(("width", "least"), [(WIDE, 12), (PHONE, 10)])
def test_the_text_of_every_picture_can_be_read(page: Page, width: int, least: float) -> None:
    show(page, outputs(DRAWN, "zh-Hant"), width)
    assert page.evaluate(SMALLEST) >= least


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_makes_a_phone_scroll_sideways(page: Page, language: Language) -> None:
    show(page, outputs(EVERYTHING, language), PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE


def test_one_picture_serves_light_and_dark(page: Page) -> None:
    body = outputs(["latency"], "en")
    seen = []
    for theme in ("light", "dark"):
        show(page, body, theme=theme)
        seen.append(set(page.evaluate(COLOURS)))
    assert len(seen[0]) == len(seen[1]) >= 4
    assert not seen[0] & seen[1]


@pytest.mark.parametrize(("root", "dark"), [
    ('<div data-jp-theme-light="true">', False), ('<div data-jp-theme-light="false">', True),
    ('<div class="vscode-dark">', True), ("<div>", False)])
def test_jupyterlab_and_vs_code_say_which(page: Page, root: str, dark: bool) -> None:
    show(page, root + outputs(["latency"], "en") + "</div>", theme="")
    ground = page.evaluate("getComputedStyle(document.querySelector('.mbe')).backgroundColor")
    assert ground == ("rgb(20, 23, 27)" if dark else "rgb(253, 252, 249)")


def test_of_the_two_pictures_of_services_the_one_that_fits_is_shown(page: Page) -> None:
    shown = ("[...document.querySelectorAll('svg')].filter(svg => svg.getClientRects().length)"
             ".map(svg => svg.getAttribute('class'))")
    body = outputs(["chain"], "en")
    show(page, body, WIDE)
    assert page.evaluate(shown) == ["mbe-wide"]
    show(page, body, PHONE)
    assert page.evaluate(shown) == ["mbe-narrow"]


def test_the_hint_of_a_report_opens_by_the_keyboard(page: Page) -> None:
    show(page, outputs(["not passed"], "en"))
    assert not page.get_by_text("When are tokens added?").is_visible()
    page.get_by_text("Hint").focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("When are tokens added?").is_visible()


def test_an_output_leaves_the_rest_of_the_page_alone(page: Page) -> None:
    beside = "<p id=p>Text</p><table id=t><tr><td>1</td></tr></table><code id=c>x</code>"
    look = """() => ["p", "t", "c"].map(id => { const s = getComputedStyle(document.getElementById(id));
      return [s.color, s.backgroundColor, s.font, s.margin, s.getPropertyValue("--mbe-paper")] })"""
    show(page, beside)
    before = page.evaluate(look)
    show(page, outputs(EVERYTHING, "en") + beside)
    assert page.evaluate(look) == before
