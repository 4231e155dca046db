"""The report in a terminal: 80 columns, in either script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labkit.doctor.finding import Examination, Finding, SystemFinding
from labkit.doctor.words import SIGNS as ROLES
from labkit.doctor.words import outcome, together
from labkit.language import Language, Text
from labkit.show.cells import padded, screen_width
from labkit.show.signs import SIGNS

__all__ = ["report"]

_COLUMNS = 80
_HEAD = (Text("Systems", "系統"), Text("as a process", "本機進程"), Text("as a container", "容器"))
_ALL = Text("All packages at once:", "一次安裝所有套件：")
_FIX = Text("./run doctor --fix does what needs no more rights than you have.", "./run doctor --fix 會補上不需要更高權限的部分。")
_LEGEND = Text("✓ here   ○ labs run without it   ✕ labs need it", "✓ 具備　○ 沒有也能執行實驗　✕ 實驗需要")


def report(found: Examination, language: Language) -> str:
    """A line for each thing, under it the command that mends it, and a sum."""
    lines = [*_parts(found.parts, language), "", *_systems(found.systems, language), "",
             *_wrapped(outcome(found).to(language), _COLUMNS)]
    if found.gaps:
        lines += _next(found, language)
    return "\n".join(line.rstrip() for line in lines)


def _parts(parts: Sequence[Finding], language: Language) -> Iterator[str]:
    wide = max(screen_width(part.name.to(language)) for part in parts) + 2
    for part in parts:
        first, *others = _wrapped(part.said.to(language), _COLUMNS - wide - 2)
        yield f"{_sign(part)} {padded(part.name.to(language), wide, right=False)}{first}"
        yield from (" " * (wide + 2) + line for line in [*others, *_command(part)])


def _systems(systems: Sequence[SystemFinding], language: Language) -> Iterator[str]:
    rows = [tuple(head.to(language) for head in _HEAD)]
    rows += [(system.name, *(f"{_sign(one)} {one.said.to(language)}" for one in (system.process, system.docker)))
             for system in systems]
    wide = [max(screen_width(row[column]) for row in rows) + 3 for column in range(2)]
    for row, system in zip(rows, [None, *systems], strict=True):
        yield "".join(padded(cell, width, right=False) for cell, width in zip(row, [*wide, 0], strict=False) if width) + row[2]
        for one in (system.process, system.docker) if system else ():
            yield from (" " * wide[0] + line for line in _command(one))


def _next(found: Examination, language: Language) -> Iterator[str]:
    yield _LEGEND.to(language)
    if everything := together(found.missing):
        yield from (_ALL.to(language), f"  $ {everything}")
    if any(gap.fixable for gap in found.gaps):
        yield _FIX.to(language)


def _command(one: Finding) -> list[str]:
    """Whole, however long, so that it can be copied."""
    return [f"$ {one.command}"] if one.command else []


def _sign(one: Finding) -> str:
    return SIGNS[ROLES[one.state]]


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; a Chinese character takes two, and a line may end after any."""
    lines, line = [], ""
    for word in _words(text):
        if line and screen_width((line + word).rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if screen_width(character) == 2 and character not in "，。：；、）」" and word:
            yield word
            word = ""
        word += character
        if character == " " or screen_width(character) == 2 and character in "，。：；、）":
            yield word
            word = ""
    yield word
