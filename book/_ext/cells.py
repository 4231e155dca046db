"""A cell that judges a claim has an address on its lab's page: ``#claim-avalanche-vertical``."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from book._ext.measured import anchor
from book.tools.claims import claim_at

__all__ = ["register"]


def register(app: Sphinx) -> None:
    """Mark the cells of each lab once it is read."""
    app.connect("doctree-read", _mark)


def _mark(_app: Sphinx, doctree: nodes.document) -> None:
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            code = "".join(block.astext() for block in cell.findall(nodes.literal_block))
            cell["ids"] += [anchor(claim) for claim in claim_at(code)]
