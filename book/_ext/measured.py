"""Figures and claims in the prose, by reference: nobody types in what a lab measured.

    Only {measured}`avalanche.vertical:during` of the home pages were answered while the pools were full.
    {claim}`avalanche.vertical`

The first is a figure of the claim's record; the second is the claim's sentence, its verdict, and links to the lab's
cell that judges it and to the page of all proofs. Before the lab ran, both say that it is not proven yet. An id that
does not exist is a warning, which fails the strict build and names the nearest one.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from book._ext.standing import NOT_PROVEN, address, lab_page, mark, said, standing, standing_of_all
from labkit.check.listing import Standing
from labkit.check.names import unknown
from labkit.language import Text

__all__ = ["register"]

_LOG = logging.getLogger(__name__)
_LAB = Text("see it in the lab", "在實驗裡看")
_ALL = Text("figures", "數字")
_CLAIM, _FIGURE = Text("claim", "主張"), Text("figure", "數字")

Result = tuple[list[nodes.Node], list[nodes.system_message]]


def register(app: Sphinx) -> None:
    """Make both roles known."""
    app.add_role("measured", _Measured())
    app.add_role("claim", _Claimed())


class _ClaimRole(SphinxRole):
    """What both roles share: the claim that they name."""

    def found(self, name: str) -> Standing | None:
        """Where the claim called ``name`` stands; where there is none, a warning that hints at the nearest."""
        found = standing(self.env, name)
        if not found:
            _LOG.warning("%s", unknown(_CLAIM, name, standing_of_all()), location=self.get_location())
        return found


class _Measured(_ClaimRole):
    """``claim.id:figure`` as the figure with its unit."""

    def run(self) -> Result:
        name, _, wanted = self.text.partition(":")
        found = self.found(name)
        shown = self._figure(found, wanted) if found and found.record else None
        classes = ["measured"] if shown else ["measured", "unproven"]
        return [nodes.inline(self.rawtext, said(self.env, shown or NOT_PROVEN), classes=classes)], []

    def _figure(self, found: Standing, wanted: str) -> Text | None:
        figures = (found.record or {})["figures"]
        if wanted not in figures:
            _LOG.warning("%s: %s", found.claim.id, unknown(_FIGURE, wanted, figures), location=self.get_location())
            return None
        return Text(**figures[wanted]["shown"])


class _Claimed(_ClaimRole):
    """The claim's sentence with its verdict and where to see it."""

    def run(self) -> Result:
        found = self.found(self.text)
        if not found:
            return [nodes.literal(self.rawtext, self.text)], []
        parts = [nodes.emphasis("", said(self.env, found.claim.statement)), mark(self.env, found.verdict)]
        if found.lab:
            parts.append(self._link(lab_page(found), _LAB))
        parts.append(self._link("book/proofs", _ALL))
        shown = nodes.inline(self.rawtext, "", classes=["claim"])
        for part in parts:
            shown += [nodes.Text(" "), part] if shown.children else [part]
        return [shown], []

    def _link(self, page: str, text: Text) -> nodes.reference:
        return nodes.reference("", said(self.env, text), internal=True, refuri=address(self.env, page, self.text))
