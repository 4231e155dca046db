"""A file of the book, whole, as the page of code that it is."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from labkit.language import Language, Text
from labkit.show.shown import Shown, tag
from labkit.show.style import VISUAL

__all__ = ["Source", "source"]

ROOT = VISUAL.parents[2]
_SHOWN = ("mini_services", "labs/labkit")
_HEAD = Text("{path}, {n} lines", "{path}，{n} 行")


class Source(Shown):
    """The path, how long it is, and the text, in few colours: words of the language, names defined, texts, comments."""

    css = ("code",)

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text.rstrip("\n")
        self.head = _HEAD.format(path=path, n=self.text.count("\n") + 1)

    def body(self, language: Language) -> str:
        """The file in its colours, below its path; it can be scrolled by the keyboard."""
        code = tag("pre", tag("code", "".join(_marked(self.text))), tabindex=0, role="region",
                   aria_label=self.head.to(language))
        return tag("figure", tag("figcaption", escape(self.head.to(language))) + code, class_="mbe-code")

    def plain(self, language: Language) -> str:
        """The path, and the file as it is."""
        return f"{self.head.to(language)}\n\n{self.text}"


def source(path: str) -> Source:
    """Show a file by its path from the top of the book ("mini_services/patterns/breaker.py") or as a module's name."""
    name = path if path.endswith(".py") else path.replace(".", "/") + ".py"
    file = (ROOT / name).resolve()
    if not (file.is_file() and file.is_relative_to(ROOT)):
        raise FileNotFoundError(str(_missing(name)))
    return Source(name, file.read_text(encoding="utf-8"))


def _missing(name: str) -> Text:
    known = [str(file.relative_to(ROOT)) for folder in _SHOWN for file in sorted((ROOT / folder).rglob("*.py"))]
    near = difflib.get_close_matches(name, known, 1, 0.3)
    return Text("There is no file {name} in this book; did you mean {near}?",
                "這本書裡沒有 {name} 這個檔案；你要的是 {near} 嗎？"
                ).format(name=name, near=near[0] if near else Path(_SHOWN[0]) / "…")


def _marked(text: str) -> Iterator[str]:
    """The code as HTML; neighbours that look alike share one element."""
    from pygments.lexers import PythonLexer
    from pygments.token import Token

    looks = {Token.Keyword: "k", Token.Operator.Word: "k", Token.Comment: "c", Token.Literal.String.Doc: "c",
             Token.Literal.String: "s", Token.Name.Class: "n", Token.Name.Function: "n", Token.Name.Decorator: "d"}

    def look(pair: tuple[Any, str]) -> str:
        return next((name for kind, name in looks.items() if pair[0] in kind), "")

    for name, pairs in groupby(PythonLexer(stripnl=False).get_tokens(text), key=look):
        piece = escape("".join(value for _, value in pairs), quote=False)
        yield f'<span class="mbe-{name}">{piece}</span>' if name and piece.strip() else piece
