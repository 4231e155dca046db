"""Hover cards: a term in the prose that links to the glossary carries its definition along.

The definitions that a page's terms need stand at its end, taken from the glossary when the page is written; ``cards.js``
shows one beside its term on hover, focus or touch. Without a script the link leads to the glossary, and a screen reader
reads the definition as the link's description.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from book._ext import fresh
from book.tools.tree import Tree

__all__ = ["register"]

_GLOSSARY = "book/glossary"

Definition = tuple[str, str]  # a term as the glossary writes it, and the first paragraph about it


def register(app: Sphinx) -> None:
    """Add the cards once the references of a page are resolved."""
    app.connect("doctree-read", _note)
    app.connect("doctree-resolved", _add)


def _note(app: Sphinx, doctree: nodes.document) -> None:
    """A page with terms is built again when the glossary changes, in either language."""
    if any(reference.get("reftype") == "term" for reference in doctree.findall(addnodes.pending_xref)):
        tree = Tree(Path(app.srcdir))
        fresh.note(app.env, tree.root / f"{_GLOSSARY}.md")
        fresh.note(app.env, tree.catalogues / f"{_GLOSSARY}.po")


def _add(app: Sphinx, doctree: nodes.document, page: str) -> None:
    if page == _GLOSSARY or _GLOSSARY not in app.env.found_docs:
        return
    glossary = app.builder.get_relative_uri(page, _GLOSSARY)
    links = [link for link in doctree.findall(nodes.reference) if link.get("refuri", "").startswith(f"{glossary}#term-")]
    used = dict.fromkeys(_anchor(link) for link in links)
    for link in links:
        link.replace_self(nodes.raw("", _link(link), format="html"))
    if used:
        known = _definitions(app.env)
        cards = "".join(_card(term, *known[term]) for term in used)
        doctree += nodes.raw("", f'<div class="cards">{cards}</div>', format="html")


def _anchor(link: nodes.reference) -> str:
    return str(urlsplit(link["refuri"]).fragment)


def _link(link: nodes.reference) -> str:
    return (f'<a class="term" href="{escape(link["refuri"])}" aria-describedby="card-{_anchor(link)}">'
            f"{escape(link.astext())}</a>")


def _card(term: str, name: str, definition: str) -> str:
    return (f'<div class="card-of-term" id="card-{term}" role="tooltip" popover="manual">'
            f"<b>{escape(name)}</b> {escape(definition)}</div>")


def _definitions(env: BuildEnvironment) -> dict[str, Definition]:
    """Anchor -> definition, in the edition's language."""
    items = env.get_doctree(_GLOSSARY).findall(nodes.definition_list_item)
    return {anchor: (term.astext(), next(item.findall(nodes.paragraph)).astext())
            for item in items for term in item.findall(nodes.term) for anchor in term["ids"]}
