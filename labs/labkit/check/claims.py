"""What the book claims: ``book/claims.yml``, read with care, for a misspelt claim is a claim that nobody proves.

    remedies:
      title: {en: "Remedies", zh: "解決思路"}
      about: {en: "...", zh: "..."}         # optional: the chapter in one sentence, for the map of the book
      systems: [redis]                      # optional: real programs that the chapter's labs run
      claims:
        bulkhead:                           # its id is remedies.bulkhead, for ever
          en: "A pool per dependency ..."
          zh: "..."

``LABKIT_CLAIMS`` names another file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

import labkit
from labkit.check.names import unknown
from labkit.language import Text

__all__ = ["Chapter", "Claim", "ClaimsError", "book_root", "claims", "claims_file", "find", "load"]

_CHAPTER_FIELDS = ("title", "about", "systems", "claims")
_LANGUAGES = ("en", "zh")

_AT = Text("{path}, line {line}: {what}.", "{path} 第 {line} 行：{what}。")
_NO_YAML = Text("this is no YAML: {why}", "這不是 YAML：{why}")
_EMPTY = Text("there is no chapter in it", "裡面沒有任何一章")
_MISSING = Text("chapter “{chapter}” has no “{wanted}”", "「{chapter}」這一章沒有「{wanted}」")
_UNTRANSLATED = Text("“{of}” has no text in “{language}”", "「{of}」缺少「{language}」的文字")
_UNKNOWN_FIELD = Text("“{name}” is no field here; there are: {allowed}", "這裡沒有「{name}」這個欄位；只有：{allowed}")
_TWICE = Text("“{name}” is here a second time", "「{name}」出現了第二次")
_NO_FIELDS = Text("here should be lines of “name: ...”, as en and zh for a text",
                  "這裡應該是一行行的「名稱: ……」，例如文字要有 en 和 zh")
_NO_LIST = Text("here should be a list of names", "這裡應該是一串名稱")
_NO_STRING = Text("here should be a text", "這裡應該是一段文字")


@dataclass(frozen=True)
class Claim:
    """One sentence that a lab measures. ``id`` is ``chapter.name``; ``line`` is where the file says it."""

    id: str
    statement: Text
    line: int


@dataclass(frozen=True)
class Chapter:
    """The claims of one chapter, in the order of the file."""

    name: str
    title: Text
    systems: tuple[str, ...]
    claims: tuple[Claim, ...]
    about: Text | None = None


class ClaimsError(ValueError):
    """The claims file says something that cannot be meant; the message begins with the file and the line."""


def book_root() -> Path:
    """The checkout that this package was read from: where ``book`` and ``labs`` are."""
    return Path(labkit.__file__).resolve().parents[2]


def claims_file() -> Path:
    """``LABKIT_CLAIMS``, else ``book/claims.yml`` of this checkout."""
    return Path(os.environ.get("LABKIT_CLAIMS") or book_root() / "book" / "claims.yml")


def claims() -> dict[str, Claim]:
    """Every claim of the book by its id, in the order of the file."""
    return {claim.id: claim for chapter in load(claims_file()) for claim in chapter.claims}


def find(claim_id: str) -> Claim:
    """The claim with this id; `LookupError` with the nearest known ids where there is none."""
    known = claims()
    if claim_id not in known:
        raise unknown(Text("claim", "主張"), claim_id, known)
    return known[claim_id]


def load(path: Path) -> tuple[Chapter, ...]:
    """Read a claims file. `ClaimsError` says the file, the line and what is wrong there."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ClaimsError(str(Text("The claims are not at {path}: {why}. Is this a whole checkout of the book?",
                                   "在 {path} 找不到主張：{why}。這是完整的一份書嗎？").format(
                                       path=path, why=error.strerror))) from None
    return tuple(_Reader(path).chapters(text))


class _Reader:
    """Walks the nodes of the file, which know their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def chapters(self, text: str) -> Iterator[Chapter]:
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self._error(line, _NO_YAML, why=error.problem) from None
        if root is None:
            raise self._error(1, _EMPTY)
        for name, node in self._fields(root).items():
            yield self._chapter(name, node)

    def _chapter(self, name: str, node: yaml.Node) -> Chapter:
        fields = self._fields(node, _CHAPTER_FIELDS)
        for wanted in ("title", "claims"):
            if wanted not in fields:
                raise self._error(_line(node), _MISSING, chapter=name, wanted=wanted)
        found = tuple(Claim(f"{name}.{key}", self._text(said, f"{name}.{key}"), _line(said))
                      for key, said in self._fields(fields["claims"]).items())
        about = self._text(fields["about"], f"{name}.about") if "about" in fields else None
        return Chapter(name, self._text(fields["title"], name), self._names(fields.get("systems")), found, about)

    def _text(self, node: yaml.Node, of: str) -> Text:
        said = {key: self._string(value) for key, value in self._fields(node, _LANGUAGES).items()}
        for language in _LANGUAGES:
            if not said.get(language, "").strip():
                raise self._error(_line(node), _UNTRANSLATED, of=of, language=language)
        return Text(**said)

    def _fields(self, node: yaml.Node, allowed: tuple[str, ...] = ()) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(_line(node), _NO_FIELDS)
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._string(key)
            if allowed and name not in allowed:
                raise self._error(_line(key), _UNKNOWN_FIELD, name=name, allowed=", ".join(allowed))
            if name in found:
                raise self._error(_line(key), _TWICE, name=name)
            found[name] = value
        return found

    def _names(self, node: yaml.Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise self._error(_line(node), _NO_LIST)
        return tuple(self._string(item) for item in node.value)

    def _string(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(_line(node), _NO_STRING)
        return str(node.value)

    def _error(self, line: int, what: Text, **values: object) -> ClaimsError:
        return ClaimsError(str(_AT.format(path=self.path, line=line, what=what.format(**values))))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1

