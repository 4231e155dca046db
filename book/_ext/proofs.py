"""The table of everything that the book claims: ``{proofs}``.

Each claim with its verdict, the figures that its lab measured last, the day and the machine, and a link to the cell
that judges it. A claim that no lab has judged is shown as not proven: this page never says more than was measured.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book._ext.standing import address, anchor, chapters, lab_page, mark, said, standing
from book._ext.tables import Cell, Row, table, text_cell
from labkit.check.claims import Chapter
from labkit.check.listing import Standing
from labkit.language import Text

__all__ = ["register"]

_HEAD = (Text("Claim", "主張"), Text("Verdict", "判定"), Text("What was measured", "量到什麼"))
_LAB = Text("see the cell", "看那個儲存格")
_WIDTHS = (46, 18, 36)


def register(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("proofs", _Proofs)


class _Proofs(SphinxDirective):
    """One section a chapter, one row a claim."""

    def run(self) -> list[nodes.Node]:
        return [self._chapter(chapter) for chapter in chapters()]

    def _chapter(self, chapter: Chapter) -> nodes.section:
        name = f"chapter-{chapter.name}"
        title = nodes.title("", said(self.env, chapter.title), translatable=False)
        section = nodes.section("", title, ids=[name], names=[name])
        found = [standing(self.env, claim.id) for claim in chapter.claims]
        rows = [self._row(each) for each in found if each]
        section += table([said(self.env, head) for head in _HEAD], rows, _WIDTHS, classes=["proofs"])
        return section

    def _row(self, found: Standing) -> Row:
        claim = found.claim
        statement = [*text_cell(said(self.env, claim.statement)), nodes.paragraph("", "", nodes.literal("", claim.id))]
        return [anchor(claim.id)], [statement, self._verdict(found), self._measured(found)]

    def _verdict(self, found: Standing) -> Cell:
        shown = [nodes.paragraph("", "", mark(self.env, found.verdict))]
        if found.lab:
            target = address(self.env, lab_page(found), found.claim.id)
            link = nodes.reference("", said(self.env, _LAB), internal=True, refuri=target)
            shown.append(nodes.paragraph("", "", link))
        return shown

    def _measured(self, found: Standing) -> Cell:
        measured = found.record
        if not measured:
            return text_cell("—")
        lines = [*map(self._condition, measured["rows"]), *map(self._figure, measured["figures"].values())]
        listed = [nodes.list_item("", *text_cell(line)) for line in dict.fromkeys(lines)]
        day = text_cell(f"{measured['date']}, {measured['machine']}")
        return [nodes.bullet_list("", *listed), *day, *(text_cell(said(self.env, found.note)) if found.note else [])]

    def _condition(self, row: dict[str, Any]) -> str:
        """A condition of the claim with its figures: ``home answered 0 % ≤ 20 %``."""
        limit = f" {row['relation']} {said(self.env, Text(**row['limit_shown']))}" if row["relation"] else ""
        return self._figure(row) + limit

    def _figure(self, of: dict[str, Any]) -> str:
        return f"{said(self.env, Text(**of['label']))} {said(self.env, Text(**of['shown']))}"
