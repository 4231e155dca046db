"""The Chinese site is Chinese: text, attributes that are shown or read out, the theme's words; and each page says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from book.tools import catalogue
from book.tools.tree import HERE
from tests.support.wording import Wording, left_in_english

NAMES = [line for line in (Path(__file__).with_name("names.txt")).read_text("utf-8").splitlines() if line and line[0] != "#"]
SIMPLIFIED = set("们这为对会发时过还进问请启页显语闭关开认编标签说话识实单统"
                 "计数传输错误从个书买产众优写决动务华协卖压双变号员响园围国图")
"""Characters that only Simplified Chinese has, of the words that software says most: a theme's own Chinese is often that."""


def pages(edition: str) -> Iterator[Path]:
    """Every page that a reader can come to."""
    return (page for page in sorted((HERE.site / edition).rglob("*.html")) if "_static" not in page.parts)


@pytest.mark.parametrize(("html", "words"), [
    ("<p>開始</p>", []), ("<p>Start here</p>", ["p: Start here: Start here"]), ('<img alt="A shop">', ["img[alt]: shop: A shop"]),
    ('<input placeholder="Search">', ["input[placeholder]: Search: Search"]),
    ('<button aria-label="Close" title="關閉"></button>', ["button[aria-label]: Close: Close"]),
    ('<meta name="description" content="A book">', ["meta: book: A book"]), ("<title>Home</title>", ["title: Home: Home"]),
    ("<svg><text>time</text></svg>", ["text: time: time"]), ("<p>用 <code>lab.load</code> 和 Docker</p>", []),
    ('<a lang="en">English</a><p>好</p>', []), ("<p>負載卸除（load shedding）</p>", []), ("<script>let x = 1</script>", []),
    ("<br><p>見 mini_services/patterns/retry.py</p>", []), ("<p>Dockers</p>", ["p: Dockers: Dockers"]),
])
def test_what_is_left_in_english_is_found_and_names_are_not(html: str, words: list[str]) -> None:
    assert list(left_in_english(html, NAMES)) == words


def test_no_page_of_the_chinese_site_has_a_word_left_in_english(site: str) -> None:
    left = [f"{page.relative_to(HERE.site)}: {found}" for page in pages("zh-Hant")
            for found in left_in_english(page.read_text("utf-8"), NAMES)]
    assert left == []


def test_no_page_of_the_chinese_site_is_in_simplified_chinese(site: str) -> None:
    left = [f"{page.relative_to(HERE.site)}: {where}: {text}" for page in pages("zh-Hant")
            for where, text in Wording(page.read_text("utf-8"), "zh-Hant").pieces if SIMPLIFIED & set(text)]
    assert left == []


@pytest.mark.parametrize("edition", ["en", "zh-Hant"])
def test_every_page_says_its_language(site: str, edition: str) -> None:
    said = {page: re.findall(r"<html[^>]*\blang=\"([^\"]*)\"", page.read_text("utf-8")) for page in pages(edition)}
    assert len(said) > 10
    assert {page: language for page, language in said.items() if language != [edition]} == {}


@pytest.mark.parametrize("edition", ["en", "zh-Hant"])
def test_what_a_page_shows_in_the_other_language_says_so(site: str, edition: str) -> None:
    switches = [re.findall(r'<a [^>]*hreflang="([^"]*)"[^>]* lang="([^"]*)"', page.read_text("utf-8")) for page in pages(edition)]
    assert {inside for inside, outside in (pair for found in switches for pair in found) if inside != outside} == set()


def test_every_message_of_every_page_has_its_chinese() -> None:
    catalogue.extract(HERE)
    assert [str(problem) for problem in catalogue.check(HERE)] == []
