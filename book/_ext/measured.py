"""Figures and claims in the prose, by reference: nobody types in what a lab measured.

    Only {measured}`avalanche.vertical:home_answered_while_full` of the visitors got an answer.
    {claim}`avalanche.vertical`

The first is a figure of the claim's record; the second is the claim's sentence, its verdict, and links to the lab's
cell that judges it and to the page of all proofs. Before the lab ran, both say that it is not proven yet. An id that
does not exist is a warning, which fails the strict build and names the nearest one.
"""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from labkit.language import Text
from labkit.measure.figure import figure
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from book._ext import fresh
from book._ext.words import VERDICTS, said, statement, tree_of
from book.tools.claims import Claim, claims, claims_file, nearest, proving_labs, record_file

__all__ = ["anchor", "judged_in", "register"]

_LOG = logging.getLogger(__name__)
_LAB = Text("see it in the lab", "在實驗裡看")
_ALL = Text("figures", "數字")


def register(app: Sphinx) -> None:
    """Make both roles known."""
    app.add_role("measured", _Measured())
    app.add_role("claim", _Claimed())


def anchor(claim: str) -> str:
    """The address of a claim on the page of proofs, and of the cell that judges it on its lab's page."""
    return "claim-" + claim.replace(".", "-")


def judged_in(role: SphinxRole, claim: str) -> list[nodes.Node]:
    """A link to the lab's cell that judges the claim; nothing where no lab does yet."""
    lab = proving_labs(tree_of(role.env)).get(claim)
    return [_link(role, lab, claim, _LAB)] if lab else []


class _ClaimRole(SphinxRole):
    """What both roles share: the claim that they name."""

    inliner: Inliner

    def claim(self, name: str) -> Claim | None:
        """The claim called ``name``; where there is none, a warning that hints at the nearest."""
        tree = tree_of(self.env)
        fresh.note(self.env, claims_file(tree))
        known = claims(tree)
        if name not in known:
            _LOG.warning("no claim is called %r: %s", name, nearest(name, known), location=self.get_location())
            return None
        fresh.note(self.env, record_file(tree, name))
        return known[name]


class _Measured(_ClaimRole):
    """``claim.id:figure`` as the figure with its unit."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, wanted = self.text.partition(":")
        claim = self.claim(name)
        shown = self._figure(claim, wanted) if claim else None
        text = said(self.env, shown or VERDICTS["not proven"])
        return [nodes.inline(self.rawtext, text, classes=["measured"] if shown else ["measured", "unproven"])], []

    def _figure(self, claim: Claim, wanted: str) -> Text | None:
        if not claim.record:
            return None
        figures = claim.record["figures"]
        if wanted not in figures:
            hint = nearest(wanted, figures)
            _LOG.warning("%s has no figure %r: %s", claim.id, wanted, hint, location=self.get_location())
            return None
        return figure(figures[wanted]["value"], figures[wanted].get("unit", ""))


class _Claimed(_ClaimRole):
    """The claim's sentence with its verdict and where to see it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        claim = self.claim(self.text)
        if not claim:
            return [nodes.literal(self.rawtext, self.text)], []
        mark = nodes.inline("", said(self.env, VERDICTS[claim.verdict]), classes=["verdict", _class(claim.verdict)])
        links = [*judged_in(self, claim.id), _link(self, "book/proofs", claim.id, _ALL)]
        shown = nodes.inline(self.rawtext, "", nodes.emphasis("", statement(self.env, claim)), nodes.Text(" "), mark,
                             classes=["claim"])
        for link in links:
            shown += [nodes.Text(" "), link]
        return [shown], []


def _link(role: SphinxRole, page: str, claim: str, text: Text) -> nodes.reference:
    address = role.env.app.builder.get_relative_uri(role.env.docname, page)
    return nodes.reference("", said(role.env, text), internal=True, refuri=f"{address}#{anchor(claim)}")


def _class(verdict: str) -> str:
    return verdict.replace(" ", "-")
