"""Split the Markdown of a notebook cell into what is translated and what stays, with nothing but the standard library.

It knows the blocks that labs are written in (headings, paragraphs, lists, quotes, tables, directives, HTML blocks with
a ``<summary>``, code, formulas), because a learner's machine has no MyST parser. A block that it takes for another one
is not found in the catalogue, and then translate_labs.py says so; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["Piece", "pieces"]

Piece = tuple[str, str]  # ("keep" | "text" | "maybe", the source): "maybe" is translated where the catalogue has it

_FENCE = re.compile(r"(\s*)(`{3,}|~{3,}|:{3,})\s*(\{[\w:-]+\})?\s*(.*)$")
_HEADING = re.compile(r"(\s*#{1,6}\s+)(.*?)(\s*)$")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"\s*(?:>\s?)*\s*")
_MARK = re.compile(r"\s*(?:([-*_])\s*)(?:\1\s*){2,}$|\s*\+\+\+|\s*%|\s*\([\w-]+\)=\s*$|\s*:[\w-]+:(?!`)")
_RULE = re.compile(r"\s*\|?[\s:|-]+\|?\s*$")
_SUMMARY = re.compile(r"(<summary>)(.*?)(</summary>)")
_LITERAL = {"{code}", "{code-block}", "{code-cell}", "{math}", "{literalinclude}", "{image}"}


def pieces(source: str) -> Iterator[Piece]:
    """The source in order; joined again it is the source, with each paragraph on one line."""
    lines = source.split("\n")
    row = 0
    while row < len(lines):
        found, row = _block(lines, row)
        yield from found
        if row < len(lines):
            yield "keep", "\n"


def _block(lines: list[str], row: int) -> tuple[list[Piece], int]:
    """The block that begins at ``row``, and the row after it."""
    line = lines[row]
    if (fence := _FENCE.match(line)):
        return _fenced(lines, row, fence)
    if line.lstrip().startswith("$$"):
        return _formula(lines, row)
    if line.lstrip().startswith("<") and not line.lstrip().startswith("<http"):
        return _html(lines, row)
    if not line.strip() or _MARK.match(line):
        return [("keep", line)], row + 1
    if (heading := _HEADING.match(line)):
        return [("keep", heading[1]), ("text", heading[2]), ("keep", heading[3])], row + 1
    if line.lstrip().startswith("|"):
        return _table_row(line), row + 1
    return _paragraph(lines, row)


def _fenced(lines: list[str], row: int, fence: re.Match[str]) -> tuple[list[Piece], int]:
    """A code block is kept whole; of a directive only its first line is taken here, its body is read as any text."""
    directive, rest = fence[3], fence[4]
    if (directive and directive not in _LITERAL) or (not directive and fence[2][0] == ":"):
        begin = lines[row][:len(lines[row]) - len(rest)]
        return [("keep", begin), ("maybe", rest)] if rest else [("keep", begin)], row + 1
    if not directive and not rest and _closes_directive(lines, row, fence[2]):
        return [("keep", lines[row])], row + 1
    mark = fence[2]
    if rest == "text":
        return _drawing(lines, row, mark)
    return _until(lines, row, lambda later: set(later.strip()) == {mark[0]} and mark in later, including=True)


def _drawing(lines: list[str], row: int, mark: str) -> tuple[list[Piece], int]:
    """A code block of the language ``text``: its lines are one message."""
    last = next((later for later in range(row + 1, len(lines)) if lines[later].strip() == mark), len(lines))
    end = "".join(f"\n{line}" for line in lines[last:last + 1])
    return [("keep", f"{lines[row]}\n"), ("maybe", "\n".join(lines[row + 1:last])), ("keep", end)], last + 1


def _closes_directive(lines: list[str], row: int, mark: str) -> bool:
    """Whether the bare fence at ``row`` ends a directive rather than beginning a code block."""
    is_open: list[bool] = []  # for each fence still open: is it a directive's?
    for line in lines[:row]:
        fence = _FENCE.match(line)
        if fence and fence[2][0] == mark[0]:
            bare_end = is_open and not fence[3] and not fence[4]
            is_open.pop() if bare_end else is_open.append(bool(fence[3]) and fence[3] not in _LITERAL)
    return bool(is_open and is_open[-1])


def _until(lines: list[str], row: int, ends: object, including: bool) -> tuple[list[Piece], int]:
    assert callable(ends)
    last = next((later for later in range(row + 1, len(lines)) if ends(lines[later])), len(lines) - 1)
    last += including
    return [("keep", "\n".join(lines[row:last]))], last


def _formula(lines: list[str], row: int) -> tuple[list[Piece], int]:
    """A formula between ``$$`` and ``$$``, on one line or several; it is a message where it has words."""
    after = next((later for later in range(row + 1, len(lines) + 1) if _marks(lines[row:later]) > 1), len(lines))
    begin, formula, *end = "\n".join(lines[row:after]).split("$$", 2)
    return [("keep", f"{begin}$$"), ("maybe", formula), ("keep", "".join(f"$${rest}" for rest in end))], after


def _marks(lines: list[str]) -> int:
    return sum(line.count("$$") for line in lines)


def _html(lines: list[str], row: int) -> tuple[list[Piece], int]:
    """Markdown's HTML block: up to the next blank line. Only a summary is text in it."""
    kept, after = _until([*lines, ""], row, lambda later: not later.strip(), including=False)
    found: list[Piece] = []
    for part, text in enumerate(_SUMMARY.split(kept[0][1])):
        found.append(("text" if part % 4 == 2 else "keep", text))
    return found, after


def _table_row(line: str) -> list[Piece]:
    if _RULE.match(line):
        return [("keep", line)]
    found: list[Piece] = []
    for cell in re.split(r"(?<!\\)(\|)", line):
        text = cell.strip()
        if cell == "|" or not text:
            found.append(("keep", cell))
        else:
            begin = cell.index(text)
            found += [("keep", cell[:begin]), ("text", text), ("keep", cell[begin + len(text):])]
    return found


def _paragraph(lines: list[str], row: int) -> tuple[list[Piece], int]:
    """A paragraph, list item or quote: its mark is kept, its lines are one text."""
    first = lines[row]
    begin = _QUOTE.match(first)
    at = begin.end() if begin else 0
    item = _ITEM.match(first, at)
    at = item.end() if item else at
    text, after = [first[at:].strip()], row + 1
    while after < len(lines) and _continues(lines[after]):
        text.append(_QUOTE.sub("", lines[after], count=1).strip())
        after += 1
    return [("keep", first[:at]), ("text", " ".join(text))], after


def _continues(line: str) -> bool:
    bare = _QUOTE.sub("", line, count=1)
    begins_another = _ITEM.match(bare) or _HEADING.match(bare) or _FENCE.match(line) or _MARK.match(line)
    return bool(bare.strip()) and not begins_another and not bare.startswith(("|", "<", ":"))
