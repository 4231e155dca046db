"""A style sheet without rules that no page of the site can use, and an icon font with the icons that are left.

A rule goes when it names a class that no page has and no script mentions. The theme brings all of Bootstrap and 1,900
icons; a few per cent of them are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

__all__ = ["icons", "lean_font", "lean_style", "names_in_page", "names_in_script"]

_CLASS = re.compile(r"""\bclass=(?:"([^"]*)"|'([^']*)')""")
_INLINE = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"""\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]""", re.DOTALL)
_NESTING = ("@media", "@supports", "@layer", "@container")
_ASIDE = re.compile(r"\[[^\]]*\]|:(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")  # these may hold without the class
_CLASS_IN_SELECTOR = re.compile(r"\.((?:\\.|[\w-])+)")
_COMMA = re.compile(r",(?![^()]*\))")
_OLD_FONT = re.compile(r""",\s*url\([^)]*\.ttf\)\s*format\(["']?truetype["']?\)""")  # every browser of today reads WOFF2
_ICON = re.compile(r"""["']\\([ef][0-9a-f]{3})["']""")


def names_in_page(html: str) -> set[str]:
    """Every class in a page, and every word of the scripts inside it."""
    classes = {name for found in _CLASS.findall(html) for name in (found[0] or found[1]).split()}
    return classes.union(*map(names_in_script, _INLINE.findall(html)))


def names_in_script(script: str) -> set[str]:
    """Every word of a script: any of them may be a class that it sets."""
    return set(_WORD.findall(script))


def lean_style(css: str, names: set[str]) -> str:
    """``css`` without rules for classes outside ``names``."""
    return "".join(_kept(_COMMENT.sub("", css), names))


def icons(css: str) -> set[int]:
    """The code points of the icons that a style sheet can still show."""
    return {int(code, 16) for code in _ICON.findall(css)}


def lean_font(font: bytes, codes: Iterable[int]) -> bytes:
    """A WOFF2 font with the glyphs of ``codes`` alone."""
    options = Options()
    options.flavor, options.hinting, options.layout_features = "woff2", False, []
    whole, made = TTFont(BytesIO(font), recalcTimestamp=False), BytesIO()
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(whole)
    whole.save(made)
    return made.getvalue()


def _kept(css: str, names: set[str]) -> Iterator[str]:
    for prelude, body in _rules(css):
        if body is None:
            yield prelude + ";"
        elif prelude.startswith(_NESTING):
            inner = "".join(_kept(body, names))
            yield f"{prelude}{{{inner}}}" if inner else ""
        elif prelude.startswith("@"):
            body = _OLD_FONT.sub("", body)
            yield f"{prelude}{{{body}}}"
        elif usable := [one for one in _COMMA.split(prelude) if _usable(one, names)]:
            yield f"{','.join(usable)}{{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Each outermost rule as what stands before its braces and what in them; an ``@import`` and its like have none."""
    depth = start = opened = 0
    for token in _TOKEN.finditer(css):
        if token[0] == "{":
            depth += 1
            opened = token.end() if depth == 1 else opened
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened - 1].strip(), css[opened:token.start()].strip()
                start = token.end()
        elif token[0] == ";" and depth == 0:
            yield css[start:token.start()].strip(), None
            start = token.end()


def _usable(selector: str, names: set[str]) -> bool:
    classes = _CLASS_IN_SELECTOR.findall(_ASIDE.sub("", selector))
    return all(name.replace("\\", "") in names for name in classes)
