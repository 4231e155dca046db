"""The names of the book's parts in the reader's language.

sphinx-external-toc puts the parts of ``_toc.yml`` into the root page after its text was translated, so their captions
are extracted for the catalogue but never translated; this does it once they are there.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import init
from sphinx.util.i18n import docname_to_domain

__all__ = ["register"]

_AFTER_THE_TOC = 900


def register(app: Sphinx) -> None:
    """Translate captions as soon as the parts are in the page."""
    app.connect("doctree-read", _translate, priority=_AFTER_THE_TOC)


def _translate(app: Sphinx, doctree: nodes.document) -> None:
    folders = [str(app.srcdir / folder) for folder in app.config.locale_dirs]
    catalogue, known = init(folders, app.config.language, docname_to_domain(app.env.docname, False))
    if not known:
        return
    for part in doctree.findall(addnodes.toctree):
        caption = part.get("rawcaption") or part.get("caption")
        if caption and (translated := catalogue.gettext(caption)) != caption:
            part["caption"] = translated
