"""How the site looks, measured in a real browser: the measure of its text, its figures, its cards, on paper and on a phone."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urljoin, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from book.tools.editions import EDITIONS
from book.tools.tree import HERE
from labkit.check.claims import load
from tests.support.small_book import make_book

pytestmark = pytest.mark.needs("chromium", "chinese font")

LANGUAGES = [edition.code for edition in EDITIONS]
CHAPTER, LAB, HOME = "book/avalanche", "labs/avalanche_1_collapse", "book/index"
PAGES = [*HERE.pages(), "search"]
WIDE, PHONE = (1440, 900), (360, 780)
CHAPTERS = load(HERE.root / "book" / "claims.yml")

Open = Callable[..., Page]

LINES = """() => [...document.querySelectorAll(".bd-article p")].flatMap(paragraph => {
  const lines = new Map(), words = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), range = document.createRange();
  if (paragraph.querySelector("math, code, .claim") || paragraph.closest("table, .cell, .mbe-figure, .citation")) return [];
  while (words.nextNode()) for (let at = 0; at < words.currentNode.length; at += 1) {
    range.setStart(words.currentNode, at);
    range.setEnd(words.currentNode, at + 1);
    const line = Math.round(range.getBoundingClientRect().bottom / 8);
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return [...lines.values()].slice(0, -1);
})"""
TYPE = """selector => {
  const style = getComputedStyle(document.querySelector(selector));
  return [parseFloat(style.fontSize), parseFloat(style.lineHeight) / parseFloat(style.fontSize)];
}"""
BEYOND = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINED = """() => {
  const focused = document.activeElement;
  return focused === document.body || [focused, focused.closest("form"), focused.closest("label")].some(part =>
    part && getComputedStyle(part).outlineStyle !== "none" && parseFloat(getComputedStyle(part).outlineWidth) >= 2);
}"""
LIGHTNESS = """selector => {
  const [r, g, b] = getComputedStyle(document.querySelector(selector))[selector === "body" ? "backgroundColor" : "color"]
    .match(/[\\d.]+/g).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}"""


@pytest.fixture
def opened(chromium: Browser, site: str) -> Iterator[Open]:
    """Opens a page of the site in a window of its own."""
    contexts = []

    def open_page(page: str, language: str = "en", size: tuple[int, int] = WIDE, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        shown = context.new_page()
        shown.goto(f"{site}/{language}/{page}.html" if language else f"{site}/{page}")
        return shown

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("language", "least", "most"), [("en", 58, 72), ("zh-Hant", 33, 38)])
def test_a_line_of_text_is_as_long_as_an_eye_can_follow(opened: Open, language: str, least: int, most: int) -> None:
    lengths = opened(CHAPTER, language).evaluate(LINES)
    assert len(lengths) > 20
    assert least <= statistics.median(lengths) <= most


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize(("language", "leading"), [("en", 1.6), ("zh-Hant", 1.8)])
def test_text_is_large_enough_and_has_room_between_its_lines(
        opened: Open, language: str, leading: float, size: tuple[int, int]) -> None:
    pixels, ratio = opened(CHAPTER, language, size).evaluate(TYPE, ".bd-article section > p")
    assert 17 <= pixels <= 18
    assert ratio == pytest.approx(leading, abs=0.02)


def test_chinese_is_emphasised_by_dots_and_parted_from_latin_without_typed_spaces(opened: Open) -> None:
    page = opened(CHAPTER, "zh-Hant")
    assert page.evaluate("getComputedStyle(document.querySelector('.bd-article p em')).textEmphasisStyle") == "dot"
    assert page.evaluate("getComputedStyle(document.querySelector('.bd-article p em')).fontStyle") == "normal"
    assert page.evaluate("getComputedStyle(document.querySelector('.bd-article p')).textAutospace") == "normal"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_on_a_phone(opened: Open, language: str) -> None:
    page, wide = opened(HOME, language, PHONE), {}
    for name in PAGES:
        page.goto(urljoin(page.url, f"/{language}/{name}.html"))
        if (beyond := page.evaluate(BEYOND)) > 0:
            wide[name] = beyond
    assert wide == {}


@pytest.mark.parametrize("page", ["404.html", "index.html"])
def test_nor_does_a_page_that_stands_beside_the_editions(opened: Open, page: str) -> None:
    assert opened(page, "", PHONE, java_script_enabled=False).evaluate(BEYOND) <= 0


@pytest.mark.parametrize(("page", "box"), [("book/patterns/breaker", ".highlight pre"), (LAB, ".cell_input pre"),
                                           (CHAPTER, ".pst-scrollable-table-container")])
def test_what_is_wider_than_the_text_scrolls_in_its_own_box(opened: Open, page: str, box: str) -> None:
    inside = opened(page, "en", PHONE).locator(box).evaluate_all(
        "boxes => boxes.filter(b => b.scrollWidth > b.clientWidth + 1).map(b => getComputedStyle(b).overflowX)")
    assert inside
    assert set(inside) == {"auto"}


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_replay_in_a_lab_is_as_wide_as_its_cell(opened: Open, language: str, size: tuple[int, int]) -> None:
    page = opened(LAB, language, size)
    page.locator("figure.mbe-figure[data-figure='replay'][data-mounted]").wait_for()
    boxes = page.locator(".cell_output:has(.mbe-live), .cell_output .output:has(.mbe-live)")
    assert boxes.evaluate_all("all => all.map(box => box.scrollWidth <= box.clientWidth + 1)") == [True, True]


def test_a_cells_input_and_its_output_are_told_apart(opened: Open) -> None:
    page = opened(LAB)
    ground = "e => getComputedStyle(e).backgroundColor"
    assert page.locator(".cell_input pre").first.evaluate(ground) != page.locator("body").evaluate(ground)
    assert page.locator(".cell_output").first.evaluate("e => getComputedStyle(e).borderInlineStartWidth") == "2px"
    assert page.locator(".cell_input").first.evaluate("e => getComputedStyle(e).borderTopWidth") == "0px"


@pytest.mark.parametrize("page", [HOME, CHAPTER, LAB, "search"])
def test_dark_is_dark_and_light_is_light_and_both_can_be_read(opened: Open, page: str) -> None:
    for scheme, ground in (("light", lambda value: value > 0.9), ("dark", lambda value: value < 0.15)):
        shown = opened(page, "en", color_scheme=scheme)
        paper, ink = shown.evaluate(LIGHTNESS, "body"), shown.evaluate(LIGHTNESS, ".bd-article h1, h1")
        assert ground(paper)
        assert abs(paper - ink) > 0.3


def test_the_reader_chooses_light_or_dark_and_the_next_page_remembers(opened: Open) -> None:
    page = opened(CHAPTER, color_scheme="light")
    switch = page.locator(".theme-switch-button")
    for _ in range(3):
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
        switch.click()
    page.goto(urljoin(page.url, "glossary.html"))
    assert page.evaluate(LIGHTNESS, "body") < 0.15


def _term(page: Page) -> tuple[Locator, Locator]:
    term = page.locator("a.term").first
    return term, page.locator(f"#{term.get_attribute('aria-describedby')}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_shows_its_definition_to_the_mouse_and_takes_it_away(opened: Open, language: str) -> None:
    page = opened(CHAPTER, language)
    term, card = _term(page)
    expect(card).to_be_hidden()
    term.hover()
    expect(card).to_be_visible()
    card.hover()
    expect(card).to_be_visible()
    page.mouse.move(2, 2)
    expect(card).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_says_what_the_glossary_says(opened: Open, language: str) -> None:
    page = opened(CHAPTER, language)
    cards = page.locator(".card-of-term").evaluate_all("cards => cards.map(c => [c.id.slice(5), c.lastChild.textContent.trim()])")
    page.goto(urljoin(page.url, "glossary.html"))
    assert len(cards) > 10
    for term, text in cards:
        said = page.locator(f"dt[id='{term}'] + dd").inner_text()
        assert text == said.split("\n")[0]


def test_a_term_is_opened_by_the_keyboard_and_closed_by_escape(opened: Open) -> None:
    page = opened(CHAPTER)
    term, card = _term(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if term.evaluate("e => e === document.activeElement"):
            break
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(term).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".card-of-term:popover-open")).to_have_count(1)  # the next term's, and no other


def test_a_touch_shows_the_card_and_the_second_one_follows_the_link(opened: Open) -> None:
    page = opened(CHAPTER, "en", PHONE, has_touch=True)
    term, card = _term(page)
    term.tap()
    expect(card).to_be_visible()
    inside = card.bounding_box()
    assert inside
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= PHONE[0]
    page.locator("h1").tap()
    expect(card).to_be_hidden()
    term.tap()
    term.tap()
    page.wait_for_url("**/glossary.html#term-*")


def test_without_a_script_a_term_is_a_link_and_no_card_is_in_the_way(opened: Open) -> None:
    page = opened(CHAPTER, java_script_enabled=False)
    expect(page.locator(".card-of-term").first).to_be_hidden()
    page.locator("a.term").first.click()
    page.wait_for_url("**/glossary.html#term-*")


def test_on_paper_there_is_no_navigation_and_a_figure_stands_still(opened: Open) -> None:
    page = opened(HOME)
    page.locator("figure.mbe-figure[data-mounted]").wait_for()
    page.emulate_media(media="print")
    for gone in (".masthead", ".onward", ".page-contents", ".mbe-live", "#contents", ".headerlink"):
        assert page.locator(gone).evaluate_all("all => all.filter(e => e.checkVisibility()).length") == 0, gone
    assert page.locator(".mbe-still").evaluate_all("all => all.every(e => getComputedStyle(e).display !== 'none')")
    expect(page.locator("article h1")).to_be_visible()


def test_a_chart_is_printed_dark_on_white(opened: Open) -> None:
    page = opened(LAB, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for colour in page.locator(".cell_output .mbe").evaluate_all("all => all.map(e => getComputedStyle(e).backgroundColor)"):
        assert colour == "rgb(255, 255, 255)"


def test_paper_is_white_for_a_reader_in_the_dark_too_and_names_addresses(opened: Open) -> None:
    page = opened(CHAPTER, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(LIGHTNESS, "body") > 0.9
    assert page.evaluate(LIGHTNESS, ".bd-article h1") < 0.3
    page.evaluate("document.querySelector('.bd-article p').innerHTML = '<a href=\"https://example.org/a\">a</a>'")
    shown = page.evaluate("getComputedStyle(document.querySelector('.bd-article p a'), '::after').content")
    assert "https://example.org/a" in shown or "attr(href)" in shown


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_of_the_home_page_is_a_sentence_and_an_avalanche_to_set_off(
        opened: Open, language: str, size: tuple[int, int]) -> None:
    page = opened(HOME, language, size)
    figure = page.locator("figure.mbe-figure[data-figure='avalanche'][data-mounted]")
    figure.wait_for()
    assert len(re.findall(r"[.。]", page.locator(".lead").inner_text())) == 1
    hang, breaker = figure.locator("button").first, figure.locator("input[type=checkbox]").first
    expect(breaker).to_be_visible()
    box = hang.bounding_box()
    assert box
    assert box["y"] + box["height"] <= size[1]
    everything_else = page.locator("ol.map").bounding_box()
    assert everything_else
    assert everything_else["y"] >= 0.9 * size[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_has_every_chapter_with_what_it_is_asks_and_proves(opened: Open, language: str) -> None:
    page = opened(HOME, language)
    shown = page.locator(".map-chapter").evaluate_all("""all => all.map(c => ({
      title: c.querySelector("h3").textContent, about: c.querySelector(".map-about").textContent,
      cells: c.querySelectorAll("rect").length, proven: c.querySelectorAll("rect.proven").length,
      counted: c.querySelector(".map-proof").textContent, later: c.matches(".map-later"),
      effort: c.querySelector(".map-effort")?.textContent ?? "",
      labs: [...c.querySelectorAll(".map-labs li")].map(l => l.textContent)}))""")
    side = "zh" if language == "zh-Hant" else "en"
    assert [(each["title"], each["about"], each["cells"]) for each in shown] == [
        (getattr(chapter.title, side), getattr(chapter.about, side).replace("'", "’"), len(chapter.claims)) for chapter in CHAPTERS]
    assert all(str(each["cells"]) in each["counted"] or each["cells"] == 1 for each in shown)
    assert all(str(each["proven"]) in each["counted"] for each in shown if not each["later"])
    told = {each["title"]: each for each in shown if not each["later"]}
    avalanche = told[getattr(next(c for c in CHAPTERS if c.name == "avalanche").title, side)]
    assert re.search(r"\d+", avalanche["effort"])
    assert avalanche["labs"]
    assert all(re.search(r"\d+ (?:min|分鐘)", lab) for lab in avalanche["labs"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_the_map_leads_to_its_place(opened: Open, language: str) -> None:
    page = opened(HOME, language)
    links = page.locator("ol.map a").evaluate_all("all => all.map(a => a.href)")
    assert len(links) > len(CHAPTERS)
    for link in sorted(set(links)):
        page.goto(link)
        fragment = urlsplit(link).fragment
        assert not fragment or page.locator(f"[id='{fragment}']").count() == 1, link


def test_two_languages_take_their_own_time_and_one_run(opened: Open) -> None:
    labs = [opened(HOME, language).locator(".map-labs li span").all_inner_texts() for language in LANGUAGES]
    runs = [[re.findall(r"\d+", text)[1:] for text in texts] for texts in labs]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("script", [True, False])
def test_the_contents_open_and_close_by_keyboard_with_a_script_or_without(opened: Open, script: bool) -> None:
    page = opened(CHAPTER, "en", PHONE, java_script_enabled=script)
    button, contents = page.locator("button[popovertarget=contents]"), page.locator("#contents")
    expect(contents).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(contents).to_be_visible()
    assert contents.locator("a").count() >= len(HERE.pages())
    page.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    expect(button).to_be_focused()


def test_a_link_to_a_section_closes_the_contents(opened: Open) -> None:
    page = opened(CHAPTER, "en", PHONE)
    page.locator("button[popovertarget=contents]").click()
    page.locator("#contents a[href='#what-stops-it']").click()
    expect(page.locator("#contents")).to_be_hidden()
    expect(page.locator("#what-stops-it")).to_be_in_viewport()


@pytest.mark.parametrize("page", [HOME, CHAPTER, "search"])
def test_the_focus_can_be_seen_wherever_it_goes(opened: Open, page: str) -> None:
    shown = opened(page)
    for _ in range(12):
        shown.keyboard.press("Tab")
        assert shown.evaluate(OUTLINED), shown.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_an_icon_and_a_card_and_they_are_there(opened: Open, language: str) -> None:
    page = opened(HOME, language)
    for name in HERE.pages():
        page.goto(urljoin(page.url, f"/{language}/{name}.html"))
        icons = page.locator("link[rel~=icon], link[rel=apple-touch-icon]").evaluate_all("all => all.map(l => l.href)")
        assert {Path(urlsplit(icon).path).suffix for icon in icons} == {".svg", ".ico", ".png"}
        card = page.locator("meta[property='og:image']").get_attribute("content")
        tags = page.locator("meta[property^='og:']").evaluate_all("all => all.map(m => m.content)")
        assert all(tags)
        assert page.locator("meta[name='twitter:card']").get_attribute("content") == "summary_large_image"
        for there in {*icons, urljoin(page.url, card)}:
            assert page.request.get(there).ok, there


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_has_the_size_that_is_shown_whole(language: str) -> None:
    with Image.open(HERE.root / "book" / "_static" / f"card.{language}.png") as card:
        assert card.size == (1200, 630)
        assert len(card.convert("L").getcolors()) > 10  # it is not empty


def test_the_card_is_named_in_full_where_the_site_will_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOK_URL", "https://someone.example/repo")
    book = make_book(tmp_path)
    done = book.run("book/build.py", "--lang", "en", "--no-labs")
    assert done.returncode == 0, done.stdout
    page = book.page("en", "book/chapter")
    assert '<meta property="og:image" content="https://someone.example/repo/en/_static/card.en.png">' in page
    assert '<meta property="og:url" content="https://someone.example/repo/en/book/chapter.html">' in page


class _Project(SimpleHTTPRequestHandler):
    """A host of static pages with the site under ``/repo/``, which shows ``404.html`` for what is not there."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/repo")) if path.startswith("/repo/") else "/nowhere"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = (HERE.site / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """No line a request."""


@contextmanager
def project() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Project, directory=str(HERE.site))) as server:
        worker = Thread(target=server.serve_forever, daemon=True)
        worker.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/repo/"
        finally:
            server.shutdown()
            worker.join()


@pytest.mark.parametrize(("lost", "language"), [("en/labs/gone/at/all.html", "en"), ("zh-Hant/nothing.html", "zh-Hant")])
def test_an_address_that_leads_nowhere_is_answered_in_its_language_and_leads_back(
        chromium: Browser, site: str, lost: str, language: str) -> None:
    with project() as address, chromium.new_context() as context:
        page = context.new_page()
        answer = page.goto(address + lost)
        assert answer
        assert answer.status == 404
        assert page.locator("html").get_attribute("lang") == language
        shown = page.locator("section").filter(visible=True)
        expect(shown).to_have_count(1)
        assert shown.get_attribute("lang") == language
        assert page.title() == shown.locator("h1").inner_text()
        links = shown.locator("a").evaluate_all("all => all.map(a => a.href)")
        assert len(links) == 3
        assert [link for link in links if not link.startswith(address) or not page.request.get(link).ok] == []


def test_without_a_script_the_lost_are_told_in_both_languages(opened: Open) -> None:
    page = opened("404.html", "", java_script_enabled=False)
    expect(page.locator("section").filter(visible=True)).to_have_count(2)


@pytest.mark.parametrize(("locale", "chosen", "language"), [
    ("en-GB", None, "en"), ("zh-TW", None, "zh-Hant"), ("zh-CN", None, "zh-Hant"), ("fr-FR", None, "en"),
    ("en-GB", "zh-Hant", "zh-Hant"), ("zh-TW", "en", "en"), ("zh-TW", "nonsense", "zh-Hant")])
def test_the_front_page_leads_to_the_readers_language(
        opened: Open, site: str, locale: str, chosen: str | None, language: str) -> None:
    page = opened("404.html", "", locale=locale)
    if chosen:
        page.evaluate(f"localStorage.setItem('language', {json.dumps(chosen)})")
    page.goto(f"{site}/")
    page.wait_for_url(f"**/{language}/book/index.html")


def test_a_reader_who_switches_the_language_keeps_it(opened: Open, site: str) -> None:
    page = opened(CHAPTER, "en", locale="en-GB")
    page.locator("a.language-switch").click()
    page.wait_for_url("**/zh-Hant/book/avalanche.html")
    page.goto(f"{site}/")
    page.wait_for_url("**/zh-Hant/book/index.html")
