"""What is claimed and what was measured, in a real browser: marks that open, a filter, and links that lead all the way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.support.chromium import served
from tests.support.small_book import make_book

pytestmark = pytest.mark.needs("chromium", "chinese font")

EDITIONS = ("en", "zh-Hant")
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
CLAIMS = {"claim-chapter-vertical", "claim-chapter-horizontal", "claim-chapter-unproven"}

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the small book is served, built from the records that it has."""
    book = make_book(tmp_path_factory.mktemp("book"))
    done = book.run("book/build.py")
    assert done.returncode == 0, done.stdout
    with served(book.site) as at:
        yield at


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Open]:
    """Opens a page of the small book in a window of its own; whatever else a context takes may be given."""
    contexts = []

    def opened(page: str, edition: str = "en", viewport: dict[str, int] | None = None, **options: Any) -> Page:
        contexts.append(chromium.new_context(viewport=viewport or WIDE, **options))
        shown = contexts[-1].new_page()
        shown.goto(f"{address}/{edition}/{page}.html")
        return shown

    yield opened
    for context in contexts:
        context.close()


def shown_claims(page: Page) -> set[str]:
    return {article.get_attribute("id") or "" for article in page.locator("article.proof").all() if article.is_visible()}


def choice(page: Page, name: str) -> Locator:
    return page.locator(f"label:has(#show-{name})")


def box(of: Locator) -> dict[str, float]:
    found = of.bounding_box()
    assert found is not None
    return dict(found)


@pytest.mark.parametrize("script", [True, False])
def test_the_filter_shows_what_is_proven_what_is_not_and_all(open_page: Open, script: bool) -> None:
    page = open_page("book/proofs", java_script_enabled=script)
    assert shown_claims(page) == CLAIMS
    choice(page, "proven").click()
    assert shown_claims(page) == {"claim-chapter-vertical"}
    choice(page, "open").click()
    assert shown_claims(page) == CLAIMS - {"claim-chapter-vertical"}
    choice(page, "all").click()
    assert shown_claims(page) == CLAIMS


def test_the_filter_is_moved_by_the_arrow_keys(open_page: Open) -> None:
    page = open_page("book/proofs")
    page.locator("#show-all").focus()
    page.keyboard.press("ArrowRight")
    assert shown_claims(page) == {"claim-chapter-vertical"}
    page.keyboard.press("ArrowRight")
    assert shown_claims(page) == CLAIMS - {"claim-chapter-vertical"}


@pytest.mark.parametrize(("edition", "group", "names"), [
    ("en", "Show", ["all claims 3", "proven 1", "not yet 2"]),
    ("zh-Hant", "顯示", ["全部主張 3", "已證明 1", "尚未證明 2"])])
def test_a_screen_reader_hears_what_each_choice_holds(open_page: Open, edition: str, group: str, names: list[str]) -> None:
    page = open_page("book/proofs", edition)
    for name in names:
        assert page.get_by_role("group", name=group).get_by_role("radio", name=name).count() == 1


def test_a_figure_is_drawn_where_it_fell(open_page: Open) -> None:
    page = open_page("book/proofs")
    claim = page.locator("#claim-chapter-vertical")
    track, dot, bound = (box(claim.locator(f".gauge-{part}")) for part in ("track", "value", "bound"))
    measured = (dot["x"] + dot["width"] / 2 - track["x"]) / track["width"]
    assert measured == pytest.approx(0.12, abs=0.02)
    assert (bound["x"] + bound["width"] / 2 - track["x"]) / track["width"] == pytest.approx(0.2, abs=0.02)


def test_light_and_dark_draw_the_same_in_their_own_colours(open_page: Open) -> None:
    look = "getComputedStyle(document.querySelector('.gauge-value')).fill"
    seen = {open_page("book/proofs", color_scheme=scheme).evaluate(look) for scheme in ("light", "dark")}
    assert seen == {"rgb(25, 119, 64)", "rgb(130, 232, 193)"}


@pytest.mark.parametrize("script", [True, False])
def test_a_claims_mark_opens_its_figures_and_closes_them(open_page: Open, script: bool) -> None:
    page = open_page("book/chapter", java_script_enabled=script)
    figures = page.get_by_text("home answered 12 % ≤ 20 %")
    assert not figures.is_visible()
    page.locator(".claim-mark summary").first.click()
    assert figures.is_visible()
    assert page.locator(".claim-evidence time").first.get_attribute("datetime") == "2026-01-02"
    page.locator(".claim-mark summary").first.click()
    assert not figures.is_visible()


def test_a_claims_mark_opens_by_the_keyboard_and_by_touch(open_page: Open) -> None:
    page = open_page("book/chapter")
    page.locator(".claim-mark summary").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("home answered 12 % ≤ 20 %").is_visible()
    touched = open_page("book/chapter", viewport=PHONE, has_touch=True)
    touched.locator(".claim-mark summary").first.tap()
    assert touched.get_by_text("home answered 12 % ≤ 20 %").is_visible()


def test_the_mark_is_beside_the_text_on_a_wide_page_and_below_it_on_a_phone(open_page: Open) -> None:
    wide, phone = open_page("book/chapter"), open_page("book/chapter", viewport=PHONE)
    sentence, mark = (box(wide.locator(part).first) for part in (".claim-block", ".claim-mark > summary"))
    assert mark["x"] >= sentence["x"] + sentence["width"]
    assert abs(mark["y"] - sentence["y"]) < 12
    sentence, mark = (box(phone.locator(part).first) for part in (".claim-block > p", ".claim-mark > summary"))
    assert mark["y"] >= sentence["y"] + sentence["height"]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", ["book/proofs", "book/chapter", "labs/lab_1"])
def test_nothing_scrolls_sideways_on_a_phone_not_even_when_it_is_open(open_page: Open, edition: str, name: str) -> None:
    page = open_page(name, edition, viewport=PHONE)
    for mark in page.locator(".claim-mark summary").all():
        mark.click()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_links_lead_from_the_sentence_to_the_cell_to_the_proof_and_back(open_page: Open) -> None:
    page = open_page("book/chapter")
    page.locator(".claim-mark summary").first.click()
    page.get_by_role("link", name="see the lab’s cell").first.click()
    assert page.locator(":target").get_attribute("class") == "cell docutils container"
    page.locator(":target").get_by_role("link", name="all that this book proves").first.click()
    assert "It falls." in page.locator("article:target").inner_text()
    page.locator(":target").get_by_role("link", name="read it in the chapter").click()
    assert page.url.endswith("/book/chapter.html#claim-chapter-vertical")
    assert "It falls." in page.locator(":target").inner_text()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_notebook_is_downloaded_under_its_labs_name(open_page: Open, edition: str) -> None:
    page = open_page("labs/lab_1", edition)
    with page.expect_download() as download:
        page.locator("a.lab-way[download]").click()
    assert download.value.suggested_filename == "lab_1.ipynb"


def test_on_paper_every_claim_stands_and_nothing_that_only_a_screen_can_do(open_page: Open) -> None:
    page = open_page("book/proofs")
    choice(page, "all").click()
    page.emulate_media(media="print")
    assert shown_claims(page) == CLAIMS
    assert not page.locator(".proof-filter").is_visible()
    lab = open_page("labs/lab_1")
    lab.emulate_media(media="print")
    assert lab.locator(".lab-run").is_visible()
    assert not lab.locator(".lab-ways").is_visible()
