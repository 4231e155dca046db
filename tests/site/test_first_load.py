"""What a first visit to each page fetches and does: weight, requests, messages, movement, language, and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.support.pages import ALL, EDITIONS, KINDS
from tests.support.pages_host import hosted

pytestmark = pytest.mark.needs("chromium", "chinese font")

BUDGET = 130 * 1024  # bytes over the wire, compressed, headers and all
PAGES = sorted({*ALL, *KINDS.values()})
pages = pytest.mark.parametrize("page", PAGES)
editions = pytest.mark.parametrize("edition", EDITIONS)

MOVED = """() => { window.moved = []; new PerformanceObserver(list => list.getEntries().forEach(entry =>
  entry.hadRecentInput || moved.push([entry.value, ...entry.sources.map(({node}) =>
  (node?.nodeType === 1 ? node : node?.parentElement)?.outerHTML.slice(0, 120))])))
  .observe({type: "layout-shift", buffered: true}); }"""
SCROLL = """async () => { for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight) {
  scrollTo({top: at, behavior: "instant"}); await new Promise(requestAnimationFrame); } scrollTo({top: 0, behavior: "instant"});
  await new Promise(done => setTimeout(done, 100)); return window.moved.filter(([much]) => much >= 0.001); }"""
UNNAMED = """() => [...document.querySelectorAll("img:not([alt]), area:not([alt]), input[type=image]:not([alt])")]
  .map(one => one.outerHTML)"""


@dataclass
class Visit:
    """What one first visit saw."""

    bytes: dict[str, float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    moved: list[object] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    lang: str | None = None
    text: str = ""


Visits = Callable[[str, str], Visit]


@pytest.fixture(scope="module")
def visit(chromium: Browser, host: str) -> Visits:
    """Visits a page once, with an empty cache; later tests ask the same visit."""
    @cache
    def visited(edition: str, page: str) -> Visit:
        return first_visit(chromium, f"{host}/{edition}/{page}.html")
    return visited


def first_visit(chromium: Browser, url: str) -> Visit:
    seen = Visit()
    context = chromium.new_context(viewport={"width": 412, "height": 823})
    opened = context.new_page()
    listen(opened, seen)
    opened.goto(url, wait_until="networkidle")
    weighed = dict(seen.bytes)
    seen.moved = opened.evaluate(SCROLL)
    seen.bytes, seen.lang = weighed, opened.get_attribute("html", "lang")
    seen.unnamed, seen.text = opened.evaluate(UNNAMED), opened.inner_text("main")
    context.close()
    return seen


def listen(opened: Page, seen: Visit) -> None:
    wire, addresses = opened.context.new_cdp_session(opened), dict[str, str]()
    wire.send("Network.enable")
    wire.on("Network.responseReceived", lambda event: addresses.__setitem__(event["requestId"], event["response"]["url"]))
    wire.on("Network.loadingFinished", lambda event: seen.bytes.__setitem__(
        addresses.get(event["requestId"], "?"), event["encodedDataLength"]))
    opened.on("request", lambda request: seen.asked.append(request.url))
    opened.on("console", lambda message: seen.said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: seen.said.append(str(error)))
    opened.on("requestfailed", lambda request: seen.said.append(f"failed: {request.url}"))
    opened.add_init_script(f"({MOVED})()")


@editions
@pages
def test_a_first_load_weighs_at_most_130_kib(visit: Visits, page: str, edition: str) -> None:
    seen = visit(edition, page)
    heaviest = sorted(((round(size), url.rpartition("/")[2]) for url, size in seen.bytes.items()), reverse=True)
    assert sum(seen.bytes.values()) <= BUDGET, heaviest[:12]


@editions
@pages
def test_no_request_leaves_the_site(visit: Visits, host: str, page: str, edition: str) -> None:
    own = urlsplit(host).netloc
    asked = visit(edition, page).asked
    assert [url for url in asked if urlsplit(url).netloc != own and not url.startswith("data:")] == []


@editions
@pages
def test_the_console_stays_empty(visit: Visits, page: str, edition: str) -> None:
    assert visit(edition, page).said == []


@editions
@pages
def test_nothing_moves_while_a_page_loads_and_is_scrolled(visit: Visits, page: str, edition: str) -> None:
    assert visit(edition, page).moved == []


@editions
@pytest.mark.parametrize("width", [412, 1440])
def test_nothing_moves_when_the_rest_of_the_masthead_comes_late(chromium: Browser, halting: str, width: int, edition: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 823})
    opened = context.new_page()
    opened.add_init_script(f"({MOVED})()")
    opened.goto(f"{halting}/{edition}/book/proofs.html", wait_until="networkidle")
    assert opened.evaluate(SCROLL) == []
    context.close()


@pytest.fixture(scope="module")
def halting(built_site: Path) -> Iterator[str]:
    """The address of a host that sends a page up to the first button at the right of its masthead, and the rest later."""
    with hosted(built_site, lambda page: page.find(b"</button>", page.find(b"search-button__button"))) as address:
        yield address


@editions
@pages
def test_a_page_says_its_language_and_every_picture_has_words(visit: Visits, page: str, edition: str) -> None:
    seen = visit(edition, page)
    assert (seen.lang, seen.unnamed) == (edition, [])


@pytest.fixture(scope="module")
def scriptless(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@editions
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "search"])
def test_a_page_reads_without_scripts(visit: Visits, scriptless: Page, host: str, kind: str, edition: str) -> None:
    with_scripts = visit(edition, KINDS[kind]).text
    scriptless.goto(f"{host}/{edition}/{KINDS[kind]}.html")
    article = scriptless.inner_text("main")
    assert len(article) >= 0.9 * len(with_scripts)
    assert scriptless.locator("a[data-language]").first.is_visible()
    assert [box for box in scriptless.locator(".pst-js-only").all() if box.is_visible()] == []


@editions
def test_searching_without_scripts_says_why_not_and_what_else(scriptless: Page, host: str, edition: str) -> None:
    scriptless.goto(f"{host}/{edition}/search.html")
    assert "JavaScript" in scriptless.inner_text("main")
    assert scriptless.locator("noscript a").get_attribute("href") == "book/glossary.html"
