"""What a catalogue holds, read strictly: polib takes a broken line for what it may mean, and a translation is lost unseen."""

from __future__ import annotations

import re
from pathlib import Path

import polib

__all__ = ["BrokenCatalogueError", "entries_of"]

_LINE = re.compile(r'\s*(?:#.*|(?:msg(?:ctxt|id|id_plural|str(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"\s*)?')


class BrokenCatalogueError(ValueError):
    """A file that is not in gettext's format: cut short, a quote lost, a byte that is no UTF-8. ``line`` and its ``text``."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"this is no gettext catalogue: {text}")
        self.line, self.text = line, text


def entries_of(catalogue: Path) -> list[polib.POEntry]:
    """The entries that stand for something; none where there is no file. `BrokenCatalogueError` at the first bad line."""
    if not catalogue.is_file():
        return []
    for number, line in enumerate(catalogue.read_bytes().split(b"\n"), start=1):
        text = line.decode("utf-8", "replace")
        if "\ufffd" in text or not _LINE.fullmatch(text):
            raise BrokenCatalogueError(number, text)
    try:
        return [entry for entry in polib.pofile(str(catalogue), encoding="utf-8") if not entry.obsolete]
    except OSError as error:  # the lines are right and their order is not
        found = re.search(r"line (\d+)", str(error))
        raise BrokenCatalogueError(int(found[1]) if found else 1, str(error)) from error
