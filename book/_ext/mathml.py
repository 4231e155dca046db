"""Formulas as MathML, made at build time: no script, no font and no request, and a screen reader reads them."""

from __future__ import annotations

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

__all__ = ["register"]

_LOG = logging.getLogger(__name__)


def register(app: Sphinx) -> None:
    """Make ``html_math_renderer: mathml`` known."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))


def _inline(writer: HTML5Translator, node: nodes.math) -> None:
    writer.body.append(_markup(node))
    raise nodes.SkipNode


def _block(writer: HTML5Translator, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math">{_markup(node, block=True)}</div>\n')
    raise nodes.SkipNode


def _markup(node: nodes.Element, block: bool = False) -> str:
    try:
        if (formula := node.astext().strip()).count("{") != formula.count("}"):
            raise MathError("a brace has no partner")  # docutils closes it where it pleases
        return str(tex2mathml(formula, as_block=block))
    except MathError as wrong:
        _LOG.warning("a formula that cannot be set as MathML: %s", wrong, location=node)
        return f"<code>{nodes.make_id(node.astext())}</code>"
