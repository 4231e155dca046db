"""What search engines are told: canonical addresses, languages, the map of the site; and no host at all when none is set."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.small_book import SmallBook, make_book

HOST = "https://someone.example/a-book"
PAGES = ("book/index", "book/chapter", "labs/lab_1", "book/proofs", "book/glossary")


class Books(NamedTuple):
    """The small book with an address and without one."""

    placed: SmallBook
    nowhere: SmallBook


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    made = Books(make_book(tmp_path_factory.mktemp("placed")), make_book(tmp_path_factory.mktemp("nowhere")))
    for book, address in zip(made, (f"{HOST}/", ""), strict=True):
        done = book.run("book/build.py", "--no-labs", BOOK_URL=address)
        assert done.returncode == 0, done.stdout
    return made


def links(html: str, rel: str) -> dict[str, str]:
    """``hreflang`` -> address of a page's links of one kind."""
    tags = re.findall(rf'<link rel="{rel}"[^>]*>', html)
    return {attribute(tag, "hreflang"): attribute(tag, "href") for tag in tags}


def attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return found[1] if found else ""


@pytest.mark.parametrize("edition", ["en", "zh-Hant"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_itself_and_its_other_language_in_full(books: Books, edition: str, page: str) -> None:
    html = books.placed.page(edition, page)
    assert links(html, "canonical") == {"": f"{HOST}/{edition}/{page}.html"}
    assert links(html, "alternate") == {code: f"{HOST}/{folder}/{page}.html" for code, folder in
                                        [("en", "en"), ("zh-Hant", "zh-Hant"), ("x-default", "en")]}


@pytest.mark.parametrize("edition", ["en", "zh-Hant"])
@pytest.mark.parametrize("page", PAGES)
def test_without_an_address_a_page_says_nothing_that_must_be_an_address(books: Books, edition: str, page: str) -> None:
    html = books.nowhere.page(edition, page)
    assert (links(html, "alternate"), links(html, "canonical")) == ({}, {})


def test_the_map_lists_each_page_in_each_language_and_only_pages_that_exist(books: Books) -> None:
    tree = ElementTree.parse(books.placed.site / "sitemap.xml")
    place, link = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc", "{http://www.w3.org/1999/xhtml}link"
    found = {entry.findtext(place): [one.get("hreflang") for one in entry.iter(link)] for entry in tree.getroot()}
    assert set(found) == {f"{HOST}/{edition}/{page}.html" for edition in ("en", "zh-Hant") for page in PAGES}
    assert all(languages == ["en", "zh-Hant", "x-default"] for languages in found.values())
    missing = [address for address in found if not (books.placed.site / str(address).removeprefix(f"{HOST}/")).is_file()]
    assert missing == []


def test_robots_are_told_where_the_map_is(books: Books) -> None:
    assert (books.placed.site / "robots.txt").read_text() == f"User-agent: *\nDisallow:\nSitemap: {HOST}/sitemap.xml\n"


def test_the_front_page_is_for_readers_of_any_language(books: Books) -> None:
    html = (books.placed.site / "index.html").read_text("utf-8")
    assert links(html, "canonical") == {"": f"{HOST}/"}
    assert links(html, "alternate") == {"en": f"{HOST}/en/book/index.html", "zh-Hant": f"{HOST}/zh-Hant/book/index.html",
                                        "x-default": f"{HOST}/"}


def test_without_an_address_nothing_names_a_host_and_there_is_no_map(books: Books) -> None:
    site = books.nowhere.site
    assert not (site / "sitemap.xml").exists()
    assert (site / "robots.txt").read_text() == "User-agent: *\nDisallow:\n"
    assert [str(page) for page in site.rglob("*.html") if "someone.example" in page.read_text("utf-8")] == []


def test_the_search_page_is_not_for_search_engines(books: Books) -> None:
    assert '<meta name="robots" content="noindex">' in books.placed.page("en", "search")


def test_an_address_that_is_none_is_refused_with_an_example(tmp_path: Path) -> None:
    done = make_book(tmp_path).run("book/build.py", "--no-labs", BOOK_URL="someone.example")
    assert done.returncode == 1
    assert "BOOK_URL=someone.example is no address such as https://" in done.stdout
    assert "Traceback" not in done.stdout
