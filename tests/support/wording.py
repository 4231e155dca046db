"""The words that a reader of a built page sees or hears, without what is in no language: code, formulas, names in code.

Text and the attributes that are shown or read out; what an element says to be in another language (``lang``) is left out,
as is what a script or a style holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

__all__ = ["Wording", "left_in_english"]

_SILENT = {"script", "style", "code", "pre", "kbd", "math", "template"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SPOKEN = ("title", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "alt", "placeholder", "label",
           "summary", "data-bs-title", "data-tooltip")
_META = {"description", "og:title", "og:description", "og:site_name", "twitter:title", "twitter:description"}
_IN_NO_LANGUAGE = re.compile(
    r"https?://[^\s，。）]+"  # an address
    r"|[\w.-]+(?:/[\w.-]+)+"  # a path
    r"|\b[A-Za-z]\w*(?:_\w+)+\b|\w+\([^)]*\)"  # a name of code, a call
    r"|\b[a-z]+\.[a-z]+(?:-[a-z]+)*\b|\b[a-z]+-\d+\b"  # a claim's id, an instance
    r"|（[A-Za-z’'\- ]+）|\b\w*\d\w*\b")  # the English of the Chinese before it, a citation's key
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")


class Wording(HTMLParser):
    """``pieces``: each text or spoken attribute of a page, with where it was found."""

    def __init__(self, html: str, language: str) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str]] = []
        self._language, self._open = language, list[tuple[str, bool]]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        silent = (self._silent or tag in _SILENT or given.get("lang", self._language) != self._language
                  or given.get("role") == "doc-biblioentry" or "citation" in given.get("class", "").split())
        if not silent:
            self.pieces += [(f"{tag}[{name}]", given[name]) for name in _SPOKEN if given.get(name) and not _cites(tag, given, name)]
            if tag == "meta" and given.get("name", given.get("property")) in _META:
                self.pieces.append(("meta", given.get("content", "")))
            if tag == "input" and given.get("type") in ("submit", "button", "reset"):
                self.pieces.append(("input[value]", given.get("value", "")))
        if tag not in _VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent:
            self.pieces.append((self._open[-1][0] if self._open else "", " ".join(data.split())))

    @property
    def _silent(self) -> bool:
        return bool(self._open and self._open[-1][1])


def _cites(tag: str, given: dict[str, str], name: str) -> bool:
    """Whether the attribute is the title of a work that the text cites: it stands in the work's own language."""
    return tag == "a" and name == "title" and given.get("href", "").startswith("#")


def left_in_english(html: str, names: Iterable[str]) -> Iterator[str]:
    """Each piece of a Chinese page with English words in it that are none of the ``names``, and those words."""
    known = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])" for name in sorted(names, key=len, reverse=True)))
    for where, text in Wording(html, "zh-Hant").pieces:
        words = _WORD.findall(known.sub(" ", _IN_NO_LANGUAGE.sub(" ", text)))
        if words:
            yield f"{where}: {' '.join(words)}: {text}"
