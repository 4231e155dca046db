"""The words inside HTML, formulas and drawings made of text are text of the page, and are translated with it.

Sphinx takes all of them for code: HTML and code are never offered to the catalogues, and a formula breaks when it is
translated. Three kinds have words in this book: the line that opens a collapsed block (``<details><summary>...``, which
works in JupyterLab too), a formula on a line of its own with ``\\text{...}`` in it, and a code block of the language
``text``, which is a drawing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

__all__ = ["literal_block", "math_block", "raw", "register"]

_SUMMARY = re.compile(r"(?<=<summary>).*?(?=</summary>)", re.DOTALL)
_FORMULA = re.compile(r".*\\text\b.*", re.DOTALL)
_DRAWING = re.compile(r".*[^\W\d_].*", re.DOTALL)


class _Worded(nodes.FixedTextElement, addnodes.translatable):
    """A literal node whose ``words`` are messages; each is replaced where it stands."""

    words: re.Pattern[str]

    def preserve_original_messages(self) -> None:
        """Keep what was said in English, for the extraction."""
        found = [self.message(match[0]) for match in self.words.finditer(self.astext())]
        self["messages"] = [message for message in dict.fromkeys(found) if message]

    def extract_original_messages(self) -> Sequence[str]:
        """The messages in English."""
        return list(self.get("messages", []))

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Put one message in the page's language."""
        text = self.words.sub(
            lambda found: translated_message if self.message(found[0]) == original_message else found[0], self.astext())
        self.rawsource, self.children = text, [nodes.Text(text)]

    def message(self, text: str) -> str:
        """``text`` as a message: on one line, unless its lines matter."""
        return " ".join(text.split())


# They are named as docutils' own, for writers go by the name of a node's class.
class raw(_Worded, nodes.raw):  # noqa: N801 - named as docutils' own
    """HTML with a summary in it."""

    words = _SUMMARY


class math_block(_Worded, nodes.math_block):  # noqa: N801 - named as docutils' own
    """A formula on a line of its own; one without words has nothing to translate."""

    words = _FORMULA


class literal_block(_Worded, nodes.literal_block):  # noqa: N801 - named as docutils' own
    """A drawing made of text."""

    words = _DRAWING

    def message(self, text: str) -> str:
        """Its lines are what it is."""
        return text.rstrip("\n")


class _Mark(SphinxTransform):
    """Runs before Sphinx keeps the original messages (10) and translates them (20)."""

    default_priority = 5

    def apply(self, **_keywords: object) -> None:
        for node in list(self.document.findall(nodes.raw)):
            if node.get("format") == "html" and _SUMMARY.search(node.astext()):
                _replace(node, raw)
        for formula in list(self.document.findall(nodes.math_block)):
            _replace(formula, math_block)
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language") == "text":
                _replace(block, literal_block)


def register(app: Sphinx) -> None:
    """Find the words of every page."""
    app.add_transform(_Mark)


def _replace(node: nodes.Element, kind: type[raw] | type[math_block] | type[literal_block]) -> None:
    worded = kind(node.rawsource, node.astext(), **node.attributes)
    worded.source, worded.line = node.source, node.line
    node.replace_self(worded)

