"""Where the site will stand, for those who must be told: search engines and previews.

The one setting is the environment's ``BOOK_URL``, such as ``https://someone.github.io/book``; the workflow that publishes
sets it. Without it no page names a host: links between pages are relative, and there is no ``sitemap.xml``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from book.tools.editions import EDITIONS, ENGLISH, Edition
from book.tools.tree import Tree

__all__ = ["alternates", "base", "front", "robots", "sitemap"]


def base() -> str:
    """The site's address without a slash at its end; empty when it is not to be published."""
    address = os.environ.get("BOOK_URL", "").strip().rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise SystemExit(f"BOOK_URL={address} is no address such as https://someone.github.io/book")
    return address


def alternates(page: str) -> list[tuple[str, str]]:
    """``hreflang`` and address of ``page`` in each edition, if the site has an address; who reads neither gets English.

    Search engines take whole addresses alone, so there are none without :func:`base`.
    """
    root = base()
    if not root:
        return []
    each = [(edition.code, f"{root}/{edition.code}/{page}.html") for edition in EDITIONS]
    return [*each, ("x-default", f"{root}/{ENGLISH.code}/{page}.html")]


def sitemap(tree: Tree, editions: Sequence[Edition]) -> str:
    """Every page of every edition, each with its other languages (sitemaps.org, and Google's extension for languages)."""
    pages = "".join(_entry(edition, page) for edition in editions for page in tree.pages())
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{pages}</urlset>\n')


def _entry(edition: Edition, page: str) -> str:
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>'
                    for code, address in alternates(page))
    return f"<url><loc>{escape(f'{base()}/{edition.code}/{page}.html')}</loc>{links}</url>\n"


def robots() -> str:
    """All may read everything. Robots look for it at a host's root: under a project's path it is for those who ask."""
    return "".join(_robots())


def _robots() -> Iterator[str]:
    yield "User-agent: *\nDisallow:\n"
    if base():
        yield f"Sitemap: {base()}/sitemap.xml\n"


def front(html: str) -> str:
    """The front page, with its own address and those that it leads to in full once they are known."""
    if not base():
        return html
    html = html.replace('hreflang="en" href="en/', f'hreflang="en" href="{base()}/en/')
    html = html.replace('hreflang="zh-Hant" href="zh-Hant/', f'hreflang="zh-Hant" href="{base()}/zh-Hant/')
    here = quoteattr(f"{base()}/")
    links = f'<link rel="canonical" href={here}>\n<link rel="alternate" hreflang="x-default" href={here}>\n'
    return html.replace("</head>", f"{links}</head>", 1)
