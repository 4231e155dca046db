"""Each page knows its language and the same page in the other one.

``lang`` on every page; in its head ``hreflang`` links, once the site has an address, for they must be whole; and in its
header a link that keeps the page (and, by ``language.js``, the place on it and the reader's choice).
"""

from __future__ import annotations

from html import escape
from typing import Any

from sphinx.application import Sphinx

from book.tools.address import alternates
from book.tools.editions import EDITIONS, edition_of

__all__ = ["register"]

_BEFORE_THE_THEME = 400  # the theme drops header templates that are still empty when it looks


def register(app: Sphinx) -> None:
    """Set what the templates use."""
    app.connect("html-page-context", _languages, priority=_BEFORE_THE_THEME)


def _languages(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    here = edition_of(app.config.language)
    up = "../" * (page.count("/") + 1)
    addresses = {edition: f"{up}{edition.code}/{page}.html" for edition in EDITIONS}
    context["language"] = here.code
    context["switch"] = [(edition, address) for edition, address in addresses.items() if edition is not here]
    links = [f'\n<link rel="alternate" hreflang="{code}" href="{escape(address)}">'
             for code, address in alternates(page)]
    context["metatags"] = context.get("metatags", "") + "".join(links)
