"""A page's description for search engines and previews: its first paragraph, in the page's language."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["description", "register"]

_LONGEST = 160
_TAG = re.compile(r"<[^>]+>")


def register(app: Sphinx) -> None:
    """Add the description to each page that has text."""
    app.connect("html-page-context", _describe)


def description(doctree: nodes.document | None) -> str:
    """The first paragraph, cut to what previews show; empty where there is none."""
    paragraph = next(doctree.findall(nodes.paragraph), None) if doctree else None
    return _shortened(" ".join(_words(paragraph).split())) if paragraph is not None else ""


def _words(paragraph: nodes.paragraph) -> str:
    """Its text; of the link that a term has become, the words alone."""
    return "".join(unescape(_TAG.sub("", text.astext())) if isinstance(text.parent, nodes.raw) else text.astext()
                   for text in paragraph.findall(nodes.Text))


def _describe(_app: Sphinx, _page: str, _template: str, context: dict[str, Any],
              doctree: nodes.document | None) -> None:
    if text := description(doctree):
        context["metatags"] = context.get("metatags", "") + f'\n<meta name="description" content="{escape(text)}">'


def _shortened(text: str) -> str:
    """At most 160 characters, cut between words where there are any."""
    if len(text) <= _LONGEST:
        return text
    head = text[:_LONGEST - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[_LONGEST // 2:] else head) + "…"
