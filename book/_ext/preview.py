"""What a link to a page shows elsewhere: its title, its description and the card of its language (Open Graph, Twitter).

Who shows such a preview asks for the card from another host, so its address must be whole. It is where ``BOOK_URL`` says
that the site will stand; without that setting it is relative, and nobody outside can follow it.
"""

from __future__ import annotations

import os
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from book._ext.description import description
from book.tools.editions import EDITIONS, edition_of

__all__ = ["register"]

_LOCALES = {"en": "en_GB", "zh-Hant": "zh_TW"}


def register(app: Sphinx) -> None:
    """Add the tags to each page that has text, and the icon's fallbacks to all."""
    app.connect("html-page-context", _preview)


def _preview(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    here, up = edition_of(app.config.language), "../" * page.count("/")
    tags = [f'<link rel="alternate icon" href="{up}_static/favicon.ico" sizes="48x48">',
            f'<link rel="apple-touch-icon" href="{up}_static/apple-touch-icon.png">']
    if doctree is not None:
        root = os.environ.get("BOOK_URL", "").strip().rstrip("/")
        site = f"{root}/{here.code}/" if root else up
        title = here.title if page == app.config.root_doc else nodes.Text(context["title"]).astext()
        tags += [_tag(name, value) for name, value in {
            "og:type": "article", "og:site_name": here.title, "og:title": title, "og:description": description(doctree),
            "og:locale": _LOCALES[here.code], "og:image": f"{site}_static/card.{here.code}.png", "og:image:width": "1200",
            "og:image:height": "630", "og:image:alt": here.title, **({"og:url": f"{site}{page}.html"} if root else {}),
        }.items()]
        tags += [_tag("og:locale:alternate", _LOCALES[edition.code]) for edition in EDITIONS if edition is not here]
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    context["metatags"] = context.get("metatags", "") + "".join(f"\n{tag}" for tag in tags)


def _tag(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{escape(value)}">'
