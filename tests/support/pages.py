"""The pages of the built site, as tests ask for them."""

from __future__ import annotations

from book.tools.editions import EDITIONS as _EDITIONS
from book.tools.tree import HERE

__all__ = ["ALL", "EDITIONS", "KINDS"]

EDITIONS = tuple(edition.code for edition in _EDITIONS)

KINDS = {
    "home": "book/index", "chapter": "book/avalanche", "lab": "labs/avalanche_1_collapse", "proofs": "book/proofs",
    "patterns": "book/patterns/index", "pattern": "book/patterns/breaker", "glossary": "book/glossary",
    "running": "book/running", "search": "search", "index": "genindex",
}
"""One page of each kind, by its name without an ending."""

ALL = tuple(HERE.pages())
"""Every page of the table of contents."""
