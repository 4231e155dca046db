"""Figures that readers can play with, placed in the prose, and the modules that they are.

    ```{figure-live} avalanche
    :preset: hang
    :parameters: {rate: 60}
    :seed: 2
    What the reader can try here.
    ```

The page holds the figure's still picture and its caption; ``figures.js`` puts the live one in its place. A figure or
preset that does not exist is a warning, which fails the strict build and names the nearest one, as is a parameter that
it does not have or that cannot have this value.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from book._ext import fresh
from book._ext.parameters import impossible
from book.tools.editions import edition_of
from book.tools.figures import write
from labkit.check.names import unknown
from labkit.language import Text
from labkit.show import module
from labkit.show.live import State, opening

__all__ = ["register"]

_LOG = logging.getLogger(__name__)
_FIGURE, _PRESET = Text("figure", "互動圖"), Text("preset", "預設情境")


class live_figure(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """A figure; its one child is the caption."""


def register(app: Sphinx) -> None:
    """Make the directive known and ship the modules."""
    app.add_node(live_figure, html=(_open, _close))
    app.add_directive("figure-live", _FigureLive)
    app.connect("build-finished", _ship)


def _parameters(text: str) -> dict[str, Any]:
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise ValueError(f"not YAML: {' '.join(str(wrong).split())}") from None
    if not isinstance(given, dict):
        raise ValueError(f"give names and values, as in {{rate: 60}}, not {text!r}")
    return given


class _FigureLive(SphinxDirective):
    """The figure's name; its settings as options; its caption as content."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "preset": directives.unchanged_required, "parameters": _parameters, "seed": directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if not self._known(_FIGURE, name, module.names()):
            return []
        for file in module.sources(name):
            fresh.note(self.env, file)  # its modules too: a preset may have gone
        state = State(self.options.get("preset"), self.options.get("parameters", {}), self.options.get("seed", 1))
        if state.preset is not None:
            self._known(_PRESET, state.preset, module.presets(name))
        for sentence in impossible(name, state.parameters):
            self._warn(sentence)
        figure = live_figure("", *self._caption(), name=name, state=state)
        self.set_source_info(figure)
        return [figure]

    def _known(self, kind: Text, name: str, known: list[str]) -> bool:
        if name in known:
            return True
        self._warn(str(unknown(kind, name, known)))
        return False

    def _caption(self) -> list[nodes.Node]:
        caption = self.parse_content_to_nodes()
        if len(caption) != 1 or not isinstance(caption[0], nodes.paragraph):
            self._warn("a figure needs a caption of one paragraph: it is what a reader without JavaScript has")
        return caption

    def _warn(self, what: str) -> None:
        _LOG.warning("%s", what, location=self.get_location())


def _open(writer: HTML5Translator, node: live_figure) -> None:
    language = edition_of(writer.config.language).code
    writer.body.append(opening(node["name"], node["state"], module.still(node["name"], language), language) + "<figcaption>")


def _close(writer: HTML5Translator, _node: live_figure) -> None:
    writer.body.append("</figcaption></figure>\n")


def _ship(app: Sphinx, error: Exception | None) -> None:
    """Put the figures beside the shim."""
    if error is None and app.builder.format == "html":
        write(Path(app.outdir) / "_static" / "figures")
