"""What the book claims, what each claim measured when its lab last ran, and which lab proves it.

``book/claims.yml`` holds the claims; labkit writes a record when a lab's cell judges one; the labs say themselves which
claims they judge, by ``lab.claim("...")``.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from labkit.language import Text

from book.tools.tree import Tree

__all__ = ["Chapter", "Claim", "chapters", "claim_at", "claims", "claims_file", "nearest", "proving_labs",
           "record_file"]

_JUDGED = re.compile(r"""\.claim\(\s*["']([\w.-]+)["']""")


@dataclass(frozen=True)
class Claim:
    """One sentence of the book that a lab measures; ``record`` is None until it did."""

    id: str
    statement: Text
    line: int
    record: dict[str, Any] | None

    @property
    def verdict(self) -> str:
        """``holds``, ``fails``, ``too busy`` or ``not proven``."""
        return str(self.record["outcome"]) if self.record else "not proven"


@dataclass(frozen=True)
class Chapter:
    """The claims of one chapter, in the order of the file."""

    key: str
    title: Text
    claims: tuple[Claim, ...]


def claims_file(tree: Tree) -> Path:
    """Where the claims are."""
    return tree.root / "book" / "claims.yml"


def record_file(tree: Tree, claim: str) -> Path:
    """Where a claim's record is, when there is one."""
    return tree.records / f"{claim}.json"


def chapters(tree: Tree) -> list[Chapter]:
    """Every chapter with its claims and their records."""
    text = claims_file(tree).read_text("utf-8")
    return [Chapter(key, _text(chapter["title"]),
                    tuple(_claim(tree, f"{key}.{name}", said, text) for name, said in chapter["claims"].items()))
            for key, chapter in _parsed(text).items()]


def claims(tree: Tree) -> dict[str, Claim]:
    """Every claim by its id, which is ``chapter.name``."""
    return {claim.id: claim for chapter in chapters(tree) for claim in chapter.claims}


def nearest(name: str, known: dict[str, Any]) -> str:
    """A hint for a name that is not known: the known one that is most like it."""
    like = difflib.get_close_matches(name, known, 1, 0.4)
    return f"did you mean {like[0]!r}?" if like else f"known are: {', '.join(known)}"


def claim_at(source: str) -> list[str]:
    """The ids of the claims that a cell judges."""
    return _JUDGED.findall(source)


def proving_labs(tree: Tree) -> dict[str, str]:
    """Claim id -> the page of the lab whose code judges it."""
    found: dict[str, str] = {}
    for lab in tree.labs():
        for cell in json.loads(lab.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                found |= dict.fromkeys(claim_at("".join(cell["source"])), f"labs/{lab.stem}")
    return found


def _claim(tree: Tree, name: str, said: Any, text: str) -> Claim:
    file = record_file(tree, name)
    record = json.loads(file.read_text("utf-8")) if file.is_file() else None
    return Claim(name, _text(said), _line(text, name), record)


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, Any]:
    """Each page with a claim asks for the same file."""
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _text(said: Any) -> Text:
    """A text of the file: one string is English that waits for its Chinese in the catalogue."""
    return Text(said["en"], said["zh"]) if isinstance(said, dict) else Text(said, "")


def _line(text: str, name: str) -> int:
    """The line of ``chapter.name`` in the file, for messages that point at it."""
    chapter, _, key = name.partition(".")
    before, found, after = f"\n{text}".partition(f"\n{chapter}:")
    at = after.find(f"\n    {key}:") if found else -1
    return before.count("\n") + 1 + after[:at + 1].count("\n") if at >= 0 else 1
