"""How Markdown reads a translation: what looks right in a catalogue can still come out wrong on the page.

Two things happen to Chinese text. ``**Predict.** Now`` is bold in English, but in ``**預測。**現在`` the closing mark stands
between punctuation and a letter, where CommonMark sees none: the period belongs outside, ``**預測**。現在``. And a heading
such as ``1. Stock hangs`` is a heading in the page, but alone in a message it is the first item of a list: ``1\\. Stock``.
"""

from __future__ import annotations

import re
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["misread"]

_MARKDOWN = MarkdownIt()
_SPANS = {"strong_open": "bold", "em_open": "emphasised"}
_SPECIAL = re.compile(r"\{[\w:+-]+\}`[^`]*`|(?<![\\$])\$[^$]+\$")  # roles and formulas, which are MyST's


def misread(msgid: str, msgstr: str) -> str:
    """What Markdown would get wrong about a translation, or nothing."""
    tokens, meant = _parsed(msgstr), _parsed(msgid)
    if tokens and tokens[0].type != "paragraph_open":
        return "it begins like a list, a heading or a quote: put a backslash before the mark, as in 1\\."
    left, meant_left = _left_over(tokens), _left_over(meant)
    if "**" in left and "**" not in meant_left:
        return "its ** are not read as bold: put punctuation outside them, as in **預測**。"
    if "*" in left and "*" not in meant_left:
        return "its * are not read as emphasis: put punctuation outside them, as in *預測*。"
    if "`" in left and "`" not in meant_left:
        return "a ` in it has no partner"
    spans, wanted = (Counter(token.type for token in _inside(of) if token.type in _SPANS) for of in (tokens, meant))
    return "" if spans == wanted else f"emphasis mismatch (English has {_said(wanted)}, Chinese {_said(spans)})"


def _parsed(message: str) -> list[Token]:
    return _MARKDOWN.parse(_SPECIAL.sub("`x`", message))


def _inside(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or []]


def _left_over(tokens: list[Token]) -> str:
    """The text that is no markup."""
    return " ".join(child.content for child in _inside(tokens) if child.type == "text")


def _said(spans: Counter[str]) -> str:
    return " and ".join(f"{number} {_SPANS[kind]}" for kind, number in sorted(spans.items())) or "none"
