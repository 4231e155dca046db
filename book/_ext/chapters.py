"""The map of the book: ``{chapters}`` lists every chapter with the number of its claims and how many are proven."""

from __future__ import annotations

from docutils import nodes
from labkit.language import Text
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book._ext import fresh
from book._ext.tables import Cell, table, text_cell
from book._ext.words import said, tree_of
from book.tools.claims import Chapter, chapters, claims_file, record_file

__all__ = ["register"]

_HEAD = (Text("Chapter", "章"), Text("Claims", "論點"), Text("Proven", "已證明"))
_WIDTHS = (60, 20, 20)


def register(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("chapters", _Chapters)


class _Chapters(SphinxDirective):
    """One row a chapter; a chapter that is written is a link."""

    def run(self) -> list[nodes.Node]:
        tree = tree_of(self.env)
        fresh.note(self.env, claims_file(tree))
        fresh.note(self.env, tree.root / "_toc.yml")
        rows = [(list[str](), self._row(chapter, tree.pages())) for chapter in chapters(tree)]
        return [table([said(self.env, name) for name in _HEAD], rows, _WIDTHS, classes=["chapters"])]

    def _row(self, chapter: Chapter, pages: list[str]) -> list[Cell]:
        for claim in chapter.claims:
            fresh.note(self.env, record_file(tree_of(self.env), claim.id))
        proven = sum(claim.verdict == "holds" for claim in chapter.claims)
        return [self._title(chapter, pages), text_cell(str(len(chapter.claims))), text_cell(str(proven))]

    def _title(self, chapter: Chapter, pages: list[str]) -> Cell:
        title = said(self.env, chapter.title)
        page = f"book/{chapter.key}"
        if page not in pages:
            return text_cell(title)
        address = self.env.app.builder.get_relative_uri(self.env.docname, page)
        return [nodes.paragraph("", "", nodes.reference("", title, internal=True, refuri=address))]
