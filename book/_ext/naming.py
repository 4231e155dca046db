"""Which page of the prose names which claim, so that a proof leads back to the sentence: ``{claim}`` read off the sources."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sphinx.environment import BuildEnvironment

from book._ext import fresh
from book.tools.tree import Tree

__all__ = ["page_naming", "watch"]

_CLAIM = re.compile(r"\{claim\}`([\w.-]+)`")


def page_naming(env: BuildEnvironment, claim: str) -> str | None:
    """The first page with the claim's sentence on it, or None."""
    return _pages(Path(env.srcdir)).get(claim)


def watch(env: BuildEnvironment) -> None:
    """The page being read shows which pages name a claim: it is built again when any of them is edited."""
    for source in _sources(Path(env.srcdir)).values():
        fresh.note(env, source)


@cache
def _pages(root: Path) -> dict[str, str]:
    """Claim id -> page; read once a build, the first page counts."""
    named = [(claim, page) for page, source in _sources(root).items() for claim in _CLAIM.findall(source.read_text("utf-8"))]
    return dict(reversed(named))


def _sources(root: Path) -> dict[str, Path]:
    found = {page: root / f"{page}.md" for page in Tree(root).pages()}
    return {page: source for page, source in found.items() if source.is_file()}
