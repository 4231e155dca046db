"""The search page in a real browser: words of both languages and both usages, by keyboard, and helpful when in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from book.tools.terms import term_groups
from book.tools.tree import HERE
from tests.support.pages import EDITIONS

pytestmark = pytest.mark.needs("chromium", "chinese font")

GLOSSARY, BREAKER, LAB_1 = "book/glossary.html", "book/patterns/breaker.html", "labs/avalanche_1_collapse.html"
CHAPTER, BUCKET, BUDGET = "book/avalanche.html", "book/patterns/token_bucket.html", "book/patterns/budget.html"
# What a reader types, and a page that must be among the first five that are found.
PROBES = [
    ("zh-Hant", "快取", f"{GLOSSARY}#term-cache"), ("zh-Hant", "緩存", f"{GLOSSARY}#term-cache"),
    ("zh-Hant", "負載平衡", f"{GLOSSARY}#term-load-balancing"), ("zh-Hant", "負載均衡", f"{GLOSSARY}#term-load-balancing"),
    ("zh-Hant", "API 網關", f"{GLOSSARY}#term-API-gateway"), ("zh-Hant", "API網關", f"{GLOSSARY}#term-API-gateway"),
    ("zh-Hant", "api 閘道", f"{GLOSSARY}#term-API-gateway"), ("zh-Hant", "ＡＰＩ閘道", f"{GLOSSARY}#term-API-gateway"),
    ("zh-Hant", "閘道", f"{GLOSSARY}#term-API-gateway"), ("zh-Hant", "熔斷", BREAKER), ("zh-Hant", "斷路器", BREAKER),
    ("zh-Hant", "熔斷器 半開", f"{GLOSSARY}#term-half-open"), ("zh-Hant", "熔斷器半開", f"{GLOSSARY}#term-half-open"),
    ("zh-Hant", "執行緒", f"{GLOSSARY}#term-thread"), ("zh-Hant", "執行緒池", f"{GLOSSARY}#term-thread-pool"),
    ("zh-Hant", "逾時", f"{GLOSSARY}#term-time-out"), ("zh-Hant", "雪崩", CHAPTER), ("zh-Hant", "雪崩效應", CHAPTER),
    ("zh-Hant", "權杖桶", BUCKET), ("zh-Hant", "重試預算", BUDGET), ("zh-Hant", "伺服器", f"{GLOSSARY}#term-server"),
    ("zh-Hant", "有效吞吐量", f"{GLOSSARY}#term-goodput"), ("zh-Hant", "利特爾", f"{GLOSSARY}#term-Little-s-law"),
    ("zh-Hant", "stock 卡住", LAB_1), ("zh-Hant", "breaker", BREAKER), ("zh-Hant", "timeout", f"{GLOSSARY}#term-time-out"),
    ("en", "cache", f"{GLOSSARY}#term-cache"), ("en", "circuit breaker", BREAKER), ("en", "CIRCUIT BREAKERS", BREAKER),
    ("en", "retries", "book/patterns/retry.html"), ("en", "timeout", f"{GLOSSARY}#term-time-out"),
    ("en", "half open", f"{GLOSSARY}#term-half-open"), ("en", "Little's law", f"{GLOSSARY}#term-Little-s-law"),
    ("en", "API gateway", f"{GLOSSARY}#term-API-gateway"), ("en", "stock hangs", LAB_1), ("en", "token bucket", BUCKET),
    ("en", "p99", f"{GLOSSARY}#term-percentile"), ("en", "CircuitBreaker", BREAKER), ("en", "緩存", f"{GLOSSARY}#term-cache"),
    ("en", "快取", f"{GLOSSARY}#term-cache"),
]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    yield opened
    opened.close()


def search(page: Page, host: str, edition: str, query: str) -> list[str]:
    """The addresses found, each without what it marks there."""
    page.goto(f"{host}/{edition}/search.html?q={quote(query)}")
    page.wait_for_selector(".find-said p")
    links = page.eval_on_selector_all(".find-found h2 a", "links => links.map(link => link.getAttribute('href'))")
    return [re.sub(r"\?[^#]*", "", link) for link in links]


@pytest.mark.parametrize(("edition", "query", "wanted"), PROBES)
def test_a_probe_finds_its_section_among_the_first_five(page: Page, host: str, edition: str, query: str, wanted: str) -> None:
    found = search(page, host, edition, query)[:5]
    assert [link for link in found if link == wanted or link.partition("#")[0] == wanted], found


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_term_of_the_glossary_is_found_by_each_of_its_names(page: Page, host: str, edition: str) -> None:
    page.goto(f"{host}/{edition}/search.html")
    missed = page.evaluate("""async groups => {
      const { Engine } = await import(new URL("_static/search-engine.js", location));
      const engine = new Engine(await (await fetch("search-index.json")).json());
      const best = term => engine.search(term).found.slice(0, 5).map(({address}) => address).filter(one => one.startsWith("term-"));
      return groups.flatMap(group => group.filter(term => !best(term).some(one => best(group[0]).includes(one))));
    }""", [group for group in term_groups(HERE) if group[0].isascii()])
    assert missed == []


def test_the_glossary_gives_a_name_usual_in_taiwan_wherever_it_speaks_of_taiwan() -> None:
    catalogue = (HERE.catalogues / "book" / "glossary.po").read_text("utf-8")
    groups = [group for group in term_groups(HERE) if len(group) > 2]
    assert len(groups) >= len(re.findall(r"^msgstr .*台灣.*稱", catalogue, re.MULTILINE))


def test_the_other_name_is_said_and_both_are_marked(page: Page, host: str) -> None:
    search(page, host, "zh-Hant", "快取")
    assert "緩存" in page.inner_text(".find-said")
    assert {"緩存", "快取"} <= set(page.locator(".find-found mark").all_inner_texts())


def test_a_result_leads_to_its_section_with_the_words_marked(page: Page, host: str) -> None:
    search(page, host, "zh-Hant", "斷路器")
    page.locator(f".find-found a[href*='{CHAPTER}']").first.click()
    page.wait_for_function("CSS.highlights.get('found')?.size > 0")
    assert page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))).getBoundingClientRect().top") < 400
    assert page.evaluate("[...CSS.highlights.get('found')].some(range => range.toString() === '熔斷器')")


def test_words_in_no_common_section_say_so_and_show_the_nearest(page: Page, host: str) -> None:
    assert search(page, host, "en", "jitter storefront zebra")
    assert page.inner_text(".find-said").startswith("No section has all of these words.")


@pytest.mark.parametrize(("edition", "query", "near", "other"), [
    ("zh-Hant", "快區", "快取", "英文版"), ("en", "curcuit braker", "circuit breaker", "Chinese edition")])
def test_a_search_in_vain_offers_the_nearest_term_the_glossary_and_the_other_edition(
        page: Page, host: str, edition: str, query: str, near: str, other: str) -> None:
    assert search(page, host, edition, query) == []
    said = page.locator(".find-said")
    assert query in said.inner_text()
    assert said.locator("a[href='book/glossary.html']").is_visible()
    there = said.get_by_role("link", name=re.compile(other))
    assert quote(query) in (there.get_attribute("href") or "")
    said.get_by_role("link", name=near, exact=True).click()
    expect(page.locator(".find-found li").first).to_be_visible()


def test_it_works_by_keyboard_alone_from_any_page(page: Page, host: str) -> None:
    page.goto(f"{host}/en/book/avalanche.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("token bucket")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=token+bucket")
    page.wait_for_selector(".find-found li")
    page.locator("#find-words").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.find-found li:first-child a')")


def test_a_screen_reader_hears_how_many_were_found_as_words_are_typed(page: Page, host: str) -> None:
    page.goto(f"{host}/en/search.html")
    status = page.get_by_role("status").last
    page.get_by_role("searchbox", name="Words to look for").fill("goodput")
    expect(status).to_contain_text(re.compile(r"\d+ sections"))
    assert page.get_by_role("search").count() == 1
    assert page.evaluate("new URL(location).searchParams.get('q')") == "goodput"


def test_going_back_brings_the_question_before(page: Page, host: str) -> None:
    search(page, host, "en", "goodput")
    page.fill("#find-words", "jitter")
    page.keyboard.press("Enter")
    page.go_back()
    expect(page.locator("#find-words")).to_have_value("goodput")


def test_markup_that_is_typed_is_only_text(page: Page, host: str) -> None:
    search(page, host, "en", "<img src=x onerror=alert(1)>")
    assert page.locator(".find img").count() == 0


def test_a_text_that_cannot_be_loaded_is_said_so(chromium: Browser, host: str) -> None:
    page = chromium.new_page()
    page.route("**/search-index.json", lambda route: route.abort())
    page.goto(f"{host}/en/search.html?q=cache")
    expect(page.locator(".find-said")).to_contain_text("could not be loaded")
    page.close()
