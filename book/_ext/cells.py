"""A cell that judges a claim has an address on its lab's page, ``#claim-avalanche-vertical``, and leads to where it is claimed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from book._ext.elements import element, tag
from book._ext.evidence import IN_CHAPTER, IN_PROOFS, links
from book._ext.naming import watch
from book._ext.standing import anchor, said, standing
from labkit.check.records import judged_in, notebooks
from labkit.language import Text

__all__ = ["register"]

_JUDGES = Text("This cell judges the claim", "這個儲存格判定的主張是")


def register(app: Sphinx) -> None:
    """Mark the cells of each lab once it is read."""
    app.connect("doctree-read", _mark)
    app.connect("html-page-context", _named_by_their_words)


def _named_by_their_words(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """A folded cell says "Show code cell source" in the page's language; myst-nb hides that behind an English label."""
    context["body"] = context.get("body", "").replace(' aria-label="Toggle hidden content"', "")


def _mark(app: Sphinx, doctree: nodes.document) -> None:
    claims = judged_in(notebooks() / f"{Path(app.env.docname).name}.ipynb")
    cells = [cell for cell in doctree.findall(nodes.container) if cell.get("nb_element") == "cell_code"]
    if claims:
        watch(app.env)
    for claim in dict.fromkeys(claims):
        judging = [cell for cell in cells if ".claim(" in cell.astext() and claim in cell.astext()]
        if judging:
            judging[0]["ids"].append(anchor(claim))
            judging[0] += _back(app, claim)


def _back(app: Sphinx, claim: str) -> list[element]:
    """From the cell to the sentence in the chapter and to its proof."""
    found = standing(app.env, claim)
    if not found:
        return []
    places = links(app.env, found, IN_CHAPTER, IN_PROOFS)
    return [tag("div", tag("span", said(app.env, _JUDGES), " ", nodes.literal("", claim)), *places, class_="cell-claim")]
