"""What is shown knows both languages: a lab runs once, and each site shows that same run in its own language.

The notebook stores the reader's language as the output's data and both languages in its metadata, where the build of
the other site finds its own. The same figures give the same bytes: no random ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from labkit.language import LANGUAGES, Language, Text, reader_language
from labkit.show.style import stylesheet

__all__ = ["Bundle", "Shown", "Together", "say", "tag", "written"]

Bundle = dict[str, Any]

_UNIT = re.compile(r"(?<=\d) (?=(?:%|ns|µs|ms|s|B|KiB|MiB|GiB)(?!\w)|[個次倍行秒奈微毫])|(?:(?<=[≤≥])|(?<=&[lg]t;)) (?=\d)")


def say(what: object, language: Language) -> str:
    """``what`` as plain text in ``language``: a ``Text`` gives its own side, anything else its ``str``."""
    return what.to(language) if isinstance(what, Text) else str(what)


def written(what: object, language: Language) -> str:
    """``what`` for HTML: escaped, and a figure never apart from its unit, or from its ≤, at the end of a line."""
    return _UNIT.sub("\u00a0", escape(say(what, language)))


def tag(name: str, inner: str, **attributes: object) -> str:
    """One HTML element; ``class_`` is ``class``, ``aria_label`` is ``aria-label``, None leaves an attribute out."""
    pairs = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
                    for key, value in attributes.items() if value is not None)
    return f"<{name}{pairs}>{inner}</{name}>"


class Shown:
    """Base of all that a notebook displays.

    A subclass says ``body`` (HTML) and ``plain`` (text for a terminal), both for one language, and names in ``css``
    the sheets of ``show/css/`` that its body needs.
    """

    css: tuple[str, ...] = ()

    def body(self, language: Language) -> str:
        """The inner HTML, in ``language``."""
        raise NotImplementedError

    def plain(self, language: Language) -> str:
        """The same in words alone, in ``language``."""
        raise NotImplementedError

    def html(self, language: Language) -> str:
        """The output as it stands on a page: its own style, then the body."""
        return tag("div", f"<style>{stylesheet(*self.css)}</style>{self.body(language)}", class_="mbe", lang=language)

    def bundle(self, language: Language) -> Bundle:
        """MIME type to content, in ``language``."""
        return {"text/html": self.html(language), "text/plain": self.plain(language)}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Bundle, dict[str, Bundle]]:
        """Jupyter's display protocol: the reader's language as data, every language in the metadata."""
        both = {language: self.bundle(language) for language in LANGUAGES}
        return both[reader_language()], {str(language): bundle for language, bundle in both.items()}

    def __repr__(self) -> str:
        return self.plain(reader_language())


class Together(Shown):
    """Several outputs, one under the other, as one."""

    def __init__(self, parts: Iterable[Shown]) -> None:
        self.parts = tuple(parts)
        self.css = tuple(dict.fromkeys(sheet for part in self.parts for sheet in part.css))

    def body(self, language: Language) -> str:
        """One part below the other."""
        return "".join(part.body(language) for part in self.parts)

    def plain(self, language: Language) -> str:
        """The parts' words, with an empty line between."""
        return "\n\n".join(part.plain(language) for part in self.parts)
