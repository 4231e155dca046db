"""What stands at the site's root works wherever the site stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from book.tools.beside import lost
from book.tools.tree import HERE

PAGE = (HERE.root / "book" / "404.html").read_text("utf-8")
COLOUR = re.compile(r"#[0-9a-f]{6}\b")


@pytest.mark.parametrize(("address", "root"), [
    ("", "/"), ("https://book.example", "/"), ("https://someone.example/repo/", "/repo/"), ("https://a.example/b/c", "/b/c/")])
def test_the_page_for_lost_addresses_links_to_where_the_site_will_stand(address: str, root: str) -> None:
    page = lost(PAGE, address)
    links = re.findall(r'href="([^"]+)"', page)
    assert f'data-root="{root}"' in page
    assert [link for link in links if not link.startswith(f"{root}en/") and not link.startswith(f"{root}zh-Hant/")] \
        == [f"{root}favicon.ico"]


@pytest.mark.parametrize("page", ["404.html", "front.html", "_static/favicon.svg", "pictures/card.html"])
def test_what_cannot_read_the_books_colours_uses_them_all_the_same(page: str) -> None:
    known = set(COLOUR.findall((HERE.root / "book" / "_static" / "visual.css").read_text("utf-8")))
    used = set(COLOUR.findall(Path(HERE.root / "book" / page).read_text("utf-8")))
    assert used - known == set()
