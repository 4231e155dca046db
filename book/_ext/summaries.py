"""The line that opens a collapsed block (``<details><summary>...``) is text of the page and is translated with it.

Labs collapse their solutions in HTML, because that works in JupyterLab too; Sphinx takes HTML for code and never
offers it to the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

__all__ = ["raw", "register"]

_SUMMARY = re.compile(r"(?<=<summary>).*?(?=</summary>)", re.DOTALL)


class raw(nodes.raw, addnodes.translatable):  # noqa: N801 - docutils' writers go by the class's name
    """HTML with a summary in it."""

    def preserve_original_messages(self) -> None:
        """Keep what was said in English, for the extraction."""
        self["summaries"] = [found.strip() for found in _SUMMARY.findall(self.astext())]

    def extract_original_messages(self) -> Sequence[str]:
        """The summaries, in English."""
        return list(self.get("summaries", []))

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Put one summary in the page's language."""
        html = _SUMMARY.sub(lambda found: translated_message if found[0].strip() == original_message else found[0],
                            self.astext())
        self.children = [nodes.Text(html)]


class _Summaries(SphinxTransform):
    """Runs before Sphinx keeps the original messages (10) and translates them (20)."""

    default_priority = 5

    def apply(self, **_keywords: object) -> None:
        for node in list(self.document.findall(nodes.raw)):
            if node.get("format") == "html" and _SUMMARY.search(node.astext()):
                node.replace_self(raw(node.rawsource, node.astext(), **node.attributes))


def register(app: Sphinx) -> None:
    """Find the summaries of every page."""
    app.add_transform(_Summaries)
