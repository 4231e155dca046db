"""The table of everything that the book claims: ``{proofs}``.

Each claim with its verdict, the figures that its lab measured last, the day and the machine, and a link to the cell
that judges it. A claim that no lab has judged is shown as not proven: this page never says more than was measured.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from labkit.language import Text
from labkit.measure.figure import figure
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book._ext import fresh
from book._ext.measured import anchor
from book._ext.tables import Cell, table, text_cell
from book._ext.words import VERDICTS, said, tree_of
from book.tools.claims import Chapter, Claim, chapters, claims_file, proving_labs, record_file

__all__ = ["register"]

_HEAD = (Text("Claim", "論點"), Text("Verdict", "判定"), Text("What was measured", "量到什麼"))
_LAB = Text("see the cell", "看那個儲存格")
_NOTHING = Text("—", "—")
_WIDTHS = (46, 18, 36)


def register(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("proofs", _Proofs)


class _Proofs(SphinxDirective):
    """One section a chapter, one row a claim."""

    def run(self) -> list[nodes.Node]:
        tree = tree_of(self.env)
        fresh.note(self.env, claims_file(tree))
        for lab in tree.labs():
            fresh.note(self.env, lab)
        return [self._chapter(chapter, proving_labs(tree)) for chapter in chapters(tree)]

    def _chapter(self, chapter: Chapter, labs: dict[str, str]) -> nodes.section:
        section = nodes.section("", nodes.title("", said(self.env, chapter.title), translatable=False),
                                ids=[f"chapter-{chapter.key}"], names=[f"chapter-{chapter.key}"])
        rows = [([anchor(claim.id)], self._row(claim, labs.get(claim.id))) for claim in chapter.claims]
        head = [said(self.env, name) for name in _HEAD]
        section += table(head, rows, _WIDTHS, classes=["proofs"])
        return section

    def _row(self, claim: Claim, lab: str | None) -> list[Cell]:
        fresh.note(self.env, record_file(tree_of(self.env), claim.id))
        return [self._statement(claim), self._verdict(claim, lab), self._measured(claim)]

    def _statement(self, claim: Claim) -> Cell:
        """A message like any other of the page: English until it is translated, and found at its line of claims.yml."""
        statement = nodes.paragraph(claim.statement.en, claim.statement.en)
        statement.source, statement.line = str(claims_file(tree_of(self.env))), claim.line
        return [statement, nodes.paragraph("", "", nodes.literal("", claim.id))]

    def _verdict(self, claim: Claim, lab: str | None) -> Cell:
        mark = nodes.inline("", said(self.env, VERDICTS[claim.verdict]),
                            classes=["verdict", claim.verdict.replace(" ", "-")])
        paragraph = nodes.paragraph("", "", mark)
        if lab:
            address = f"{self.env.app.builder.get_relative_uri(self.env.docname, lab)}#{anchor(claim.id)}"
            link = nodes.reference("", said(self.env, _LAB), internal=True, refuri=address)
            return [paragraph, nodes.paragraph("", "", link)]
        return [paragraph]

    def _measured(self, claim: Claim) -> Cell:
        if not claim.record:
            return text_cell(said(self.env, _NOTHING))
        lines = [self._figure(name, of) for name, of in claim.record["figures"].items()]
        lines.append(nodes.list_item("", nodes.paragraph("", f"{claim.record['date']}, {claim.record['machine']}")))
        return [nodes.bullet_list("", *lines)]

    def _figure(self, name: str, of: dict[str, Any]) -> nodes.list_item:
        label = said(self.env, Text(**of["label"])) if isinstance(of.get("label"), dict) else of.get("label", name)
        shown = said(self.env, figure(of["value"], of.get("unit", "")))
        return nodes.list_item("", nodes.paragraph("", f"{label} {shown}"))
