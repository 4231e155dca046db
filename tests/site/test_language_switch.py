"""The reader's language: what the front page picks, what it remembers, and a switch that keeps page and place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.needs("chromium", "chinese font")


@pytest.fixture
def reader(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale=getattr(request, "param", "en-GB"))
    yield context
    context.close()


@pytest.mark.parametrize(("reader", "edition"), [
    ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "zh-Hant"), ("en-US", "en"), ("en-GB", "en"), ("de-DE", "en"),
], indirect=["reader"])
def test_the_front_page_leads_to_the_browsers_language(reader: BrowserContext, host: str, edition: str) -> None:
    page = reader.new_page()
    page.goto(f"{host}/")
    page.wait_for_url(f"{host}/{edition}/book/index.html")


def test_the_first_language_that_the_book_has_counts(reader: BrowserContext, host: str) -> None:
    reader.add_init_script("Object.defineProperty(navigator, 'languages', {value: ['fr-FR', 'zh-TW', 'en']})")
    page = reader.new_page()
    page.goto(f"{host}/")
    page.wait_for_url("**/zh-Hant/book/index.html")


def test_a_choice_is_remembered_against_the_browsers_language(reader: BrowserContext, host: str) -> None:
    page = reader.new_page()
    page.goto(f"{host}/en/book/index.html")
    page.locator("a[data-language]").first.click()
    page.wait_for_url("**/zh-Hant/book/index.html*")
    page.goto(f"{host}/")
    page.wait_for_url("**/zh-Hant/book/index.html*")
    page.locator("a[data-language]").first.click()
    page.wait_for_url("**/en/book/index.html*")
    another = reader.new_page()
    another.goto(f"{host}/")
    another.wait_for_url("**/en/book/index.html")


def test_where_storage_is_forbidden_the_front_page_and_the_switch_still_work(reader: BrowserContext, host: str) -> None:
    forbid = "void (Storage.prototype.{0} = () => {{ throw new DOMException('no', 'SecurityError'); }})"
    page = reader.new_page()
    page.goto(f"{host}/en/book/avalanche.html")
    page.evaluate(forbid.format("setItem"))
    page.locator("a[data-language]").first.click()
    page.wait_for_url("**/zh-Hant/book/avalanche.html*")
    other = reader.new_page()
    other.add_init_script(forbid.format("getItem"))
    other.goto(f"{host}/")
    other.wait_for_url("**/en/book/index.html")


@pytest.mark.parametrize("address", ["book/proofs.html", "labs/avalanche_1_collapse.html", "book/glossary.html"])
def test_the_switch_keeps_page_and_section(reader: BrowserContext, host: str, address: str) -> None:
    page = reader.new_page()
    page.goto(f"{host}/en/{address}", wait_until="networkidle")
    section = page.evaluate("""() => {
      const all = [...document.querySelectorAll("main section[id]")];
      const one = all[Math.floor(all.length / 2)];
      one.scrollIntoView({block: "start", behavior: "instant"});
      return one.id;
    }""")
    page.evaluate("document.querySelector('a[data-language]').click()")
    page.wait_for_url(f"{host}/zh-Hant/{address}#*")
    there = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    assert page.evaluate("id => document.getElementById(id).getBoundingClientRect().top < innerHeight / 2", there)
    within = "([outer, inner]) => document.getElementById(outer).contains(document.getElementById(inner))"
    assert page.evaluate(within, [section, there])


def test_the_switch_keeps_an_anchor_and_what_was_searched(reader: BrowserContext, host: str) -> None:
    page = reader.new_page()
    page.goto(f"{host}/en/book/glossary.html#term-cache", wait_until="networkidle")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.evaluate("document.querySelector('a[data-language]').click()")
    page.wait_for_url(f"{host}/zh-Hant/book/glossary.html#term-cache")
    page.goto(f"{host}/en/search.html?q=cache", wait_until="networkidle")
    page.locator("a[data-language]").first.click()
    page.wait_for_url(f"{host}/zh-Hant/search.html?q=cache")
