"""Figures and claims in the prose, by reference: nobody types in what a lab measured.

    Only {measured}`avalanche.vertical:during` of the home pages were answered while the pools were full.
    {claim}`avalanche.vertical`

The first is a figure of the claim's record. The second is the claim's sentence with a small mark that opens what was
measured, on which day and machine, with links to the lab's cell that judges it and to the page of all proofs; it opens
without a script. Before the lab ran, both say that it is not proven yet. An id that does not exist is a warning, which
fails the strict build and names the nearest one; so is a claim that no lab judges.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from book._ext.elements import element, tag
from book._ext.evidence import IN_LAB, IN_PROOFS, evidence, links
from book._ext.standing import NOT_PROVEN, anchor, mark, said, standing, standing_of_all
from labkit.check.listing import Standing
from labkit.check.names import unknown
from labkit.language import Text

__all__ = ["register"]

_LOG = logging.getLogger(__name__)
_OPENS = Text("figures", "數字")
_CLAIM, _FIGURE = Text("claim", "主張"), Text("figure", "數字")
_NO_LAB = ("no lab judges the claim “%s”, so no page may lean on it: judge it in a lab by lab.claim(\"%s\", ...), "
           "or take the reference out")

Result = tuple[list[nodes.Node], list[nodes.system_message]]


def register(app: Sphinx) -> None:
    """Make both roles known, and put what a claim's mark opens under its paragraph."""
    app.add_role("measured", _Measured())
    app.add_role("claim", _Claimed())
    app.connect("doctree-read", _unfold)


class _ClaimRole(SphinxRole):
    """What both roles share: the claim that they name."""

    def found(self, name: str) -> Standing | None:
        """Where the claim called ``name`` stands; where there is none, a warning that hints at the nearest."""
        found = standing(self.env, name)
        if not found:
            _LOG.warning("%s", unknown(_CLAIM, name, standing_of_all()), location=self.get_location())
        elif not found.lab:
            _LOG.warning(_NO_LAB, name, name, location=self.get_location())
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
        return Text(**figures[wanted]["shown"]) if found.verdict in ("holds", "fails") else None


class _Claimed(_ClaimRole):
    """The claim's sentence; ``_unfold`` adds its mark once the paragraph is whole and translated."""

    def run(self) -> Result:
        found = self.found(self.text)
        if not found:
            return [nodes.literal(self.rawtext, self.text)], []
        sentence = nodes.emphasis("", said(self.env, found.claim.statement))
        return [nodes.inline(self.rawtext, "", sentence, classes=["claim"], claim=self.text)], []


def _unfold(app: Sphinx, doctree: nodes.document) -> None:
    """A paragraph is no place for what a mark opens, so it stands after it, in one block with it."""
    seen: set[str] = set()
    for paragraph in list(doctree.findall(nodes.paragraph)):
        claims = [node["claim"] for node in paragraph.findall(nodes.inline) if "claim" in node]
        if claims:
            alone = len(paragraph.children) == 1
            marks = tag("div", *[_disclosure(app, claim) for claim in claims], class_="claim-marks")
            block = tag("div", marks, class_="claim-block" if alone else "claim-beside")
            block["ids"] += [anchor(claim) for claim in claims[:1] if claim not in seen]
            paragraph.replace_self(block)
            block.insert(0, paragraph)
            seen.update(claims)


def _disclosure(app: Sphinx, claim: str) -> element:
    """The mark, and what it opens; one is open at a time, by its name."""
    found = standing_of_all()[claim]
    opens = tag("summary", mark(app.env, found.verdict), " ", tag("span", said(app.env, _OPENS), class_="claim-opens"))
    inner = [*evidence(app.env, found), *links(app.env, found, IN_LAB, IN_PROOFS)]
    return tag("details", opens, tag("div", *inner, class_="claim-evidence"), class_="claim-mark", name="claim")
