"""What of a cell's Markdown is translated, and what stays."""

from __future__ import annotations

import pytest

from book.tools.blocks import pieces


def texts(source: str) -> list[str]:
    """What would be looked up in the catalogue."""
    return [piece for kind, piece in pieces(source) if kind != "keep" and piece.strip()]


@pytest.mark.parametrize(("source", "expected"), [
    ("# A title", ["A title"]),
    ("## 1. What happens?", ["1. What happens?"]),
    ("One paragraph\nover two lines.\n\nAnother.", ["One paragraph over two lines.", "Another."]),
    ("- one\n  and more\n- two", ["one and more", "two"]),
    ("1. one\n2. two", ["one", "two"]),
    ("- one\n\n  its second paragraph\n  - inner", ["one", "its second paragraph", "inner"]),
    ("> quoted\n> text", ["quoted text"]),
    ("| a | b |\n|---|:-:|\n| c \\| d | `e` |", ["a", "b", "c \\| d", "`e`"]),
    ("```python\nprint('hello')\n```", []),
    ("```text\n(users) ──► orders\n   48 threads\n```\nafter", ["(users) ──► orders\n   48 threads", "after"]),
    ("```{note}\nMind the gap.\n```\nafter", ["Mind the gap.", "after"]),
    (":::{admonition} A title\n:class: tip\nBody.\n:::", ["A title", "Body."]),
    ("```{literalinclude} a.py\n:language: python\n```", []),
    ("<details><summary>Solution</summary>\n\nAll of them.\n\n</details>", ["Solution", "All of them."]),
    ("before\n\n$$ t = \\frac{c}{r} $$\n\nafter", ["before", " t = \\frac{c}{r} ", "after"]),
    ("$$\nt = c\n$$\nafter", ["\nt = c\n", "after"]),
    ("---\n\n% a comment\n\n(a-target)=\n# Title", ["Title"]),
    ("**bold** first\n\n*em* second", ["**bold** first", "*em* second"]),
])
def test_text_is_found_in_each_kind_of_block(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize("source", [
    "# Title\n\ntext\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 |  |\n", "```text\na\n```", "```python\nx\n```\n\nend", "> a\n\n> b",
    "$$ x $$", "$$\nx\n$$\n", "<details><summary>S</summary>\n\nx\n</details>\n", "```{note}\nx\n```", "```text\nnever closed", "",
])
def test_the_pieces_joined_are_the_source(source: str) -> None:
    assert "".join(piece for _, piece in pieces(source)) == source
