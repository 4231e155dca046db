"""A cell that judges a claim has an address on its lab's page: ``#claim-avalanche-vertical``."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from book._ext.standing import anchor
from labkit.check.records import judged_in, notebooks

__all__ = ["register"]


def register(app: Sphinx) -> None:
    """Mark the cells of each lab once it is read."""
    app.connect("doctree-read", _mark)


def _mark(app: Sphinx, doctree: nodes.document) -> None:
    claims = judged_in(notebooks() / f"{Path(app.env.docname).name}.ipynb")
    cells = [cell for cell in doctree.findall(nodes.container) if cell.get("nb_element") == "cell_code"]
    for claim in dict.fromkeys(claims):
        judging = [cell for cell in cells if ".claim(" in cell.astext() and claim in cell.astext()]
        if judging:
            judging[0]["ids"].append(anchor(claim))
