"""One page's catalogue held against the page: what is missing, stale, fuzzy, empty, broken or lost its markup, and where.

A catalogue (``.po``, GNU gettext) holds each message of a page and its Chinese. It is written in the page's order,
without dates, line numbers or paths, so that it changes only when a message or a translation does.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polib

from book.tools.entries import BrokenCatalogueError, entries_of
from book.tools.markup import markup, wordless
from book.tools.punctuation import mispunctuated
from book.tools.reading import misread
from book.tools.term_roles import mistermed

__all__ = ["Problem", "own_problems", "problems", "updated"]

_LIKE = 0.6  # difflib's ratio from which an old translation is worth showing to the translator


@dataclass(frozen=True)
class Problem:
    """Something to mend in a catalogue, at a line of the page or of the catalogue."""

    file: str
    line: int
    what: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}: {_shortened(self.message)}"


def problems(template: Path, catalogue: Path, root: Path, terms: Mapping[str, str] = MappingProxyType({})) -> list[Problem]:
    """Everything wrong with ``catalogue`` for the page whose fresh messages are in ``template``.

    ``terms`` are the glossary's: English term -> Chinese term.
    """
    here = str(catalogue.relative_to(root))
    try:
        entries = entries_of(catalogue)
    except BrokenCatalogueError as broken:
        return [_broken(here, broken)]
    messages = polib.pofile(str(template))
    translations = {entry.msgid: entry for entry in entries}
    found = [Problem(*_place(message), f"missing from {here}", message.msgid)
             for message in messages if message.msgid not in translations]
    wanted = {message.msgid for message in messages}
    for entry in entries:
        again = ["here a second time"] * (translations[entry.msgid] is not entry)
        found += [Problem(here, entry.linenum or 1, what, entry.msgid) for what in (*again, *_wrong(entry, wanted, terms))]
    return found


def own_problems(catalogue: Path, root: Path) -> list[Problem]:
    """Everything wrong with a catalogue that belongs to no page (the theme's words), as far as it shows in itself."""
    here = str(catalogue.relative_to(root))
    try:
        entries = entries_of(catalogue)
    except BrokenCatalogueError as broken:
        return [_broken(here, broken)]
    wanted = {entry.msgid for entry in entries}
    return [Problem(here, entry.linenum or 1, what, entry.msgid) for entry in entries for what in _wrong(entry, wanted, {})]


def updated(template: Path, catalogue: Path) -> str:
    """The catalogue's new text: the page's messages in the page's order, each with the translation it had.

    A message that is new is left empty; where an old one is much like it, that one's translation stands, marked fuzzy.
    `BrokenCatalogueError` where the old text cannot be read: what was translated in it must not be lost.
    """
    old = {entry.msgid: entry for entry in entries_of(catalogue) if entry.msgstr}
    messages = polib.pofile(str(template))
    wanted = {message.msgid for message in messages}
    gone = [msgid for msgid in old if msgid not in wanted]
    new = polib.POFile(wrapwidth=0)
    new.metadata = {"Language": "zh_TW", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
                    "Content-Transfer-Encoding": "8bit"}
    new.header = "The Chinese of one page; `python book/tools/catalogue.py update` keeps it in step with the English."
    new.extend(old.get(message.msgid) or _begun(message.msgid, old, gone) for message in messages)
    return str(new)


def _begun(msgid: str, old: dict[str, polib.POEntry], gone: list[str]) -> polib.POEntry:
    if wordless(msgid):
        return polib.POEntry(msgid=msgid, msgstr=msgid)
    like = difflib.get_close_matches(msgid, gone, 1, _LIKE)
    if not like:
        return polib.POEntry(msgid=msgid)
    return polib.POEntry(msgid=msgid, msgstr=old[like[0]].msgstr, previous_msgid=like[0], flags=["fuzzy"])


def _wrong(entry: polib.POEntry, wanted: set[str], terms: Mapping[str, str]) -> Iterator[str]:
    if entry.msgid not in wanted:
        yield "stale (the page no longer says this)"
    elif not entry.msgstr.strip():
        yield "empty"
    elif entry.fuzzy:
        yield "fuzzy (read it, mend it, and take the mark away)"
    elif (lost := mistermed(entry.msgid, entry.msgstr, terms)):
        yield f"role or placeholder mismatch ({lost})"
    elif entry.msgstr != entry.msgid:
        yield from _misworded(entry.msgid, entry.msgstr)


def _misworded(msgid: str, msgstr: str) -> Iterator[str]:
    if (lost := _difference(msgid, msgstr)):
        yield f"role or placeholder mismatch ({lost})"
    elif "\n" not in msgid and (wrong := misread(msgid, msgstr)):
        yield wrong
    if (wrong := mispunctuated(msgstr)):
        yield wrong


def _difference(msgid: str, msgstr: str) -> str:
    before, after = markup(msgid), markup(msgstr)
    lost, added = sorted((before - after).elements()), sorted((after - before).elements())
    return "; ".join([f"lost {' '.join(lost)}"] * bool(lost) + [f"added {' '.join(added)}"] * bool(added))


def _broken(file: str, error: BrokenCatalogueError) -> Problem:
    return Problem(file, error.line, "broken: this is no line of a gettext catalogue", error.text)


def _place(message: polib.POEntry) -> tuple[str, int]:
    """The page and line that a template names ("../../book/index.md:3"); in a notebook, cell * 10000 + line."""
    path, line = message.occurrences[0]
    return path.removeprefix("../../"), int(line or 0)


def _shortened(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= 100 else text[:99] + "…"
