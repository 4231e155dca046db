"""Which page tells a chapter."""

from __future__ import annotations

from pathlib import Path

import pytest

from book._ext.chapters import told_in
from book.tools.tree import HERE, Tree
from labkit.check.claims import load


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "book").mkdir()
    (tmp_path / "_toc.yml").write_text("root: book/index\nparts:\n  - chapters: [{file: book/avalanche}, {file: labs/one}]\n")
    (tmp_path / "book" / "index.md").write_text("# Index\n")
    (tmp_path / "book" / "avalanche.md").write_text("# A\n\n{claim}`remedies.bulkhead` and {measured}`locks.redlock:x`\n")
    return Tree(tmp_path)


@pytest.mark.parametrize(("chapter", "page"), [
    ("avalanche", "book/avalanche"), ("remedies", "book/avalanche"), ("locks", None), ("remed", None)])
def test_a_chapter_is_told_on_its_own_page_or_where_its_claims_are_made(tree: Tree, chapter: str, page: str | None) -> None:
    assert told_in(tree, chapter) == page


def test_every_chapter_says_in_one_sentence_what_it_is_about() -> None:
    chapters = load(HERE.root / "book" / "claims.yml")
    assert [chapter.name for chapter in chapters if chapter.about is None] == []
    assert [chapter.name for chapter in chapters if chapter.about and len(chapter.about.en) > 110] == []
