"""The map of the book: ``{chapters}`` lists every chapter with the number of its claims and how many are proven."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book._ext import fresh
from book._ext.standing import address, chapters, said, standing
from book._ext.tables import Cell, Row, table, text_cell
from book.tools.tree import Tree
from labkit.check.claims import Chapter
from labkit.language import Text

__all__ = ["register"]

_HEAD = (Text("Chapter", "章"), Text("Claims", "主張"), Text("Proven", "已證明"))
_WIDTHS = (60, 20, 20)


def register(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("chapters", _Chapters)


class _Chapters(SphinxDirective):
    """One row a chapter; a chapter that is written is a link."""

    def run(self) -> list[nodes.Node]:
        tree = Tree(Path(self.env.srcdir))
        fresh.note(self.env, tree.toc)
        rows = [self._row(chapter, tree.pages()) for chapter in chapters()]
        return [table([said(self.env, head) for head in _HEAD], rows, _WIDTHS, classes=["chapters"])]

    def _row(self, chapter: Chapter, pages: list[str]) -> Row:
        found = [standing(self.env, claim.id) for claim in chapter.claims]
        proven = sum(each is not None and each.verdict == "holds" for each in found)
        return [], [self._title(chapter, pages), text_cell(str(len(found))), text_cell(str(proven))]

    def _title(self, chapter: Chapter, pages: list[str]) -> Cell:
        title, page = said(self.env, chapter.title), f"book/{chapter.name}"
        if page not in pages:
            return text_cell(title)
        return [nodes.paragraph("", "", nodes.reference("", title, internal=True, refuri=address(self.env, page)))]
