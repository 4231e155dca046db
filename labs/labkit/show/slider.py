"""A labelled slider in a live notebook (anywidget). Loaded only where there is one: nothing else needs a widget."""

from __future__ import annotations

from pathlib import Path

import traitlets
from anywidget import AnyWidget

from labkit.show.style import stylesheet

__all__ = ["Slider"]


class Slider(AnyWidget):
    """``value`` is None until the slider is moved. ``said`` is the line under it, which is also what is read out."""

    _esm = Path(__file__).with_name("slider.js").read_text(encoding="utf-8")
    _css = stylesheet("slider")

    question = traitlets.Unicode().tag(sync=True)
    min = traitlets.Float().tag(sync=True)
    max = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    value = traitlets.Float(None, allow_none=True).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
