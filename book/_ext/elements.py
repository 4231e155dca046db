"""Any HTML element as a node of a page: what docutils has no node for (details, progress bars drawn as SVG, a form's parts).

Its text is escaped, indexed for search and never offered to the catalogues, since what makes it knows both languages.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

__all__ = ["Attribute", "drawing", "element", "register", "tag"]

Attribute = str | bool | None  # True: there, without a value; False and None: not there


class element(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """``<tag attributes>children</tag>``."""


class drawing(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """Finished markup, such as an SVG, in ``markup``."""


def tag(name: str, /, *children: nodes.Node | str, **attributes: Attribute) -> element:
    """An element; ``class_`` is ``class``, ``aria_label`` is ``aria-label``, a string among the children is its text."""
    pairs = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value not in (None, False)}
    inner = [nodes.Text(child) if isinstance(child, str) else child for child in children]
    return element("", *inner, tag=name, pairs=pairs)


def register(app: Sphinx) -> None:
    """Say how both are written."""
    app.add_node(element, html=(_open, _close), gettext=(_nothing, _nothing))
    app.add_node(drawing, html=(_draw, None), gettext=(_nothing, _nothing))


def _open(writer: HTML5Translator, node: element) -> None:
    pairs = "".join(f" {key}" if value is True else f' {key}="{escape(str(value))}"' for key, value in node["pairs"].items())
    ids = f' id="{escape(node["ids"][0])}"' if node["ids"] else ""
    writer.body.append(f"<{node['tag']}{ids}{pairs}>")


def _close(writer: HTML5Translator, node: element) -> None:
    if node["tag"] not in ("input", "br"):
        writer.body.append(f"</{node['tag']}>")


def _draw(writer: HTML5Translator, node: drawing) -> None:
    writer.body.append(node["markup"])
    raise nodes.SkipNode


def _nothing(_writer: object, _node: nodes.Element) -> None:
    """The catalogues are made from paragraphs; there are none of theirs in here."""
