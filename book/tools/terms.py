"""The glossary's words for one thing: its English term, the author's Chinese one, and the one usual in Taiwan.

The terms stand in ``book/glossary.md``, their Chinese in its catalogue, where the definition ends in 「台灣稱「…」」. Search
finds a page by any of them.
"""

from __future__ import annotations

import itertools
import re

import polib

from book.tools.tree import Tree

__all__ = ["term_groups"]

_BLOCK = re.compile(r"^(`{3,}|:{3,})\{glossary\}.*?\n(.*?)^\1\s*$", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"^(?P<terms>(?:\S.*\n)+)(?P<definition>(?:[ \t]+\S.*\n?)+)", re.MULTILINE)
_IN_TAIWAN = re.compile(r"台灣[也常]*稱((?:「[^」]+」[、或和]?)+)")
_WORD = 2  # characters: a Chinese word has two or more
_QUOTED = re.compile(r"「([^」]+)」")


def term_groups(tree: Tree) -> list[list[str]]:
    """One list a concept, of two terms at least; English first."""
    glossary = tree.root / "book" / "glossary.md"
    if not glossary.is_file():
        return []
    catalogue = tree.catalogues / "book" / "glossary.po"
    chinese = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue))} if catalogue.is_file() else {}
    groups = [_group(entry["terms"].splitlines(), " ".join(entry["definition"].split()), chinese)
              for block in _BLOCK.finditer(glossary.read_text("utf-8")) for entry in _ENTRY.finditer(block[2])]
    return [group for group in [*groups, *map(_differing, groups)] if len(group) > 1]


def _group(terms: list[str], definition: str, chinese: dict[str, str]) -> list[str]:
    english = [term.strip() for term in terms]
    translated = [chinese.get(term, "") for term in english]
    in_taiwan = [term for found in _IN_TAIWAN.findall(chinese.get(definition, "")) for term in _QUOTED.findall(found)]
    return list(dict.fromkeys(term for term in [*english, *translated, *in_taiwan] if term))


def _differing(group: list[str]) -> list[str]:
    """What differs in terms that share a word, which is looked for alone: API 網關 and API 閘道 give 網關 and 閘道."""
    alike = group if _shared(group) >= _WORD else [term for term in group if not term.isascii()]
    if len(alike) < 2:
        return []
    before = _shared(alike)
    after = _shared([term[before:][::-1] for term in alike])
    if max(before, after) < _WORD:
        return []
    parts = [term[before if before >= _WORD else 0:len(term) - (after if after >= _WORD else 0)].strip() for term in alike]
    return parts if all(len(part) >= _WORD for part in parts) else []


def _shared(terms: list[str]) -> int:
    """How many characters all of them begin with."""
    columns = zip(*terms, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda column: len(set(column)) == 1, columns))
