"""Every link, script, style, picture and anchor of the whole site leads to something that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_URL = re.compile(r"""url\((["']?)([^"')]+)\1\)""")


class References(HTMLParser):
    """What a page points to, and the ids in it that others can point to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        self.targets += [given[name] for name in ("href", "src", "action", "poster") if given.get(name)]
        self.targets += [f"#{one}" for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget")
                         for one in given.get(name, "").split()]


@cache
def references(page: Path) -> References:
    return References(page.read_text("utf-8"))


def broken(page: Path, site: Path) -> Iterator[str]:
    for target in dict.fromkeys(references(page).targets):
        link = urlsplit(target)
        if link.scheme or link.netloc:
            continue
        there = (page.parent / unquote(link.path)).resolve() if link.path else page
        there = there / "index.html" if there.is_dir() else there
        fragment = unquote(link.fragment)
        if not there.is_file() or not there.is_relative_to(site):
            yield f"{page.relative_to(site)}: {target}"
        elif fragment and there.suffix == ".html" and fragment not in references(there).ids:
            yield f"{page.relative_to(site)}: {target} (no such place on that page)"


def test_every_reference_of_every_page_leads_somewhere(built_site: Path) -> None:
    site = built_site.resolve()
    pages = [page for page in site.rglob("*.html") if "_static" not in page.parts and page.name != "404.html"]
    assert len(pages) > 20
    assert [one for page in pages for one in broken(page, site)] == []


def test_every_address_in_a_style_leads_somewhere(built_site: Path) -> None:
    missing = [f"{style.relative_to(built_site)}: {address}" for style in built_site.rglob("*.css")
               for _, address in _URL.findall(style.read_text("utf-8"))
               if not address.startswith(("data:", "#")) and not (style.parent / urlsplit(address).path).is_file()]
    assert missing == []
