"""What the book's own directives and roles say, and in which language."""

from __future__ import annotations

from pathlib import Path

from labkit.language import Text
from sphinx.environment import BuildEnvironment
from sphinx.locale import init

from book.tools.claims import Claim
from book.tools.editions import edition_of
from book.tools.tree import Tree

__all__ = ["VERDICTS", "said", "statement", "tree_of"]

VERDICTS = {
    "holds": Text("holds", "成立"),
    "fails": Text("does not hold", "不成立"),
    "too busy": Text("too busy to judge", "太忙，無法判定"),
    "not proven": Text("not proven yet", "尚未證明"),
}


def said(env: BuildEnvironment, text: Text) -> str:
    """``text`` in the language of the edition being built."""
    return text.to(edition_of(env.config.language).code)


def statement(env: BuildEnvironment, claim: Claim) -> str:
    """What the claim says; its Chinese is in the catalogue of the page that lists all claims."""
    folders = [str(Path(env.srcdir) / folder) for folder in env.config.locale_dirs]
    catalogue, _known = init(folders, env.config.language, "book/proofs")
    chinese = claim.statement.zh or catalogue.gettext(claim.statement.en)
    return said(env, Text(claim.statement.en, chinese))


def tree_of(env: BuildEnvironment) -> Tree:
    """The copy of the book that is being built."""
    return Tree(Path(env.srcdir))
