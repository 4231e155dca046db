"""A figure in a live notebook (anywidget). Loaded only where there is one: nothing else needs a widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets
from anywidget import AnyWidget

from labkit.show.style import stylesheet

__all__ = ["FigureWidget", "figure_widget"]


class FigureWidget(AnyWidget):
    """The keys of a figure's model. ``said`` and ``at`` are written by the figure: its last sentence, and its second."""

    _css = stylesheet("figure")

    language = traitlets.Unicode("en").tag(sync=True)
    preset = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    parameters = traitlets.Dict().tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)
    recording = traitlets.Dict(None, allow_none=True).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    at = traitlets.Float(0.0).tag(sync=True)


def figure_widget(module: str, model: Mapping[str, Any]) -> FigureWidget:
    """A widget that hosts this ``module`` (its text)."""
    hosting = type("FigureWidget", (FigureWidget,), {"_esm": module})
    widget: FigureWidget = hosting(**model)
    widget.add_class("mbe")
    return widget
