"""How Markdown reads a translation: what looks right in a catalogue can still come out wrong on the page.

Two things happen to Chinese text. ``**Predict.** Now`` is bold in English, but in ``**預測。**現在`` the closing mark stands
between punctuation and a letter, where CommonMark sees none: the period belongs outside, ``**預測**。現在``. And a heading
such as ``1. Stock hangs`` is a heading in the page, but alone in a message it is the first item of a list: ``1\\. Stock``.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

__all__ = ["misread"]

_MARKDOWN = MarkdownIt()
_SPECIAL = re.compile(r"\{[\w:+-]+\}`[^`]*`|(?<![\\$])\$[^$]+\$")  # roles and formulas, which are MyST's


def misread(msgstr: str) -> str:
    """What Markdown would get wrong about a translation, or nothing."""
    tokens = _MARKDOWN.parse(_SPECIAL.sub("`x`", msgstr))
    if tokens and tokens[0].type != "paragraph_open":
        return "it begins like a list, a heading or a quote: put a backslash before the mark, as in 1\\."
    texts = [child.content for token in tokens for child in token.children or [] if child.type == "text"]
    if any("**" in text for text in texts):
        return "its ** are not read as bold: put punctuation outside them, as in **預測**。"
    return ""
