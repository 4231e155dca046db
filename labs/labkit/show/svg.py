"""From a matplotlib figure to an SVG that is at home in any page.

matplotlib writes a document of its own: colours as they are, a style for every element of the page, ids that repeat in
the next chart. What leaves here is an ``<svg>`` for HTML: colours are CSS variables, so one picture serves light and
dark; ids are this picture's own; numbers are short; and nothing is random.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from labkit.show.style import COLOURS, PREFIX

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["INK", "new_figure", "plain_settings", "shapes"]

INK = {name: f"#00fe{index:02x}" for index, name in enumerate(COLOURS)}
"""Stand-in colours to draw with in matplotlib: each becomes ``var(--mbe-name)``."""

_NAME = {ink: name for name, ink in INK.items()}
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "microservices by experiment",
                             "hatch.linewidth": 1.1, "lines.dash_capstyle": "butt", "lines.scale_dashes": False}
_NUMBER = re.compile(r"-?\d+\.\d+")
_NEEDLESS = {"fill-opacity": "1", "stroke-opacity": "1", "opacity": "1", "stroke-dashoffset": "0",
             "stroke-miterlimit": "100000", "stroke-linejoin": "miter"}


@contextmanager
def plain_settings() -> Iterator[None]:
    """matplotlib as it is out of the box plus ours, inside the block alone: the reader's own settings stay."""
    import matplotlib
    from matplotlib.style import context

    with context("default"), matplotlib.rc_context(_SETTINGS):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure whose units are those of the SVG; it belongs to no window and to no list (no pyplot)."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72, frameon=False)
    FigureCanvasSVG(figure)
    return figure


def shapes(figure: Figure) -> str:
    """What the figure draws, as SVG elements without the ``<svg>`` around them."""
    page = io.StringIO()
    figure.savefig(page, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    root = ElementTree.fromstring(page.getvalue())
    definitions = [part for part in root.iter() if part.get("id") and part.tag in (f"{_SVG}path", f"{_SVG}pattern")]
    drawn = "".join(_definition(part) for part in definitions)
    drawn = (f"<defs>{drawn}</defs>" if drawn else "") + "".join(_drawn(child) for child in root)
    return _with_own_ids(drawn, [part.attrib["id"] for part in definitions])


def _with_own_ids(drawn: str, ids: list[str]) -> str:
    """Ids that no other chart of the page has, and that the same figures always get."""
    own = hashlib.blake2s(drawn.encode(), digest_size=4).hexdigest()
    for position, id_ in enumerate(dict.fromkeys(ids)):
        drawn = drawn.replace(id_, f"mbe-{own}-{position}")
    return drawn


def _definition(part: ElementTree.Element) -> str:
    return _element(part, "".join(_drawn(child) for child in part), {"id": part.get("id", "")})


def _drawn(part: ElementTree.Element) -> str:
    """One element and what is in it. Groups go, they are matplotlib's own; so do definitions, which come first."""
    name = part.tag.removeprefix(_SVG)
    if name in ("defs", "metadata"):
        return ""
    inner = "".join(_drawn(child) for child in part)
    return inner if name == "g" else _element(part, inner, {})


def _element(part: ElementTree.Element, inner: str, first: dict[str, str]) -> str:
    kept = {key: value for key, value in part.attrib.items() if key not in ("id", "style", "clip-path", _LINK)}
    if part.get(_LINK):
        kept["href"] = part.attrib[_LINK]
    style = _style(part.get("style", ""))
    attributes = {**first, **{key: _short(value) for key, value in kept.items()}, **({"style": style} if style else {})}
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    name = part.tag.removeprefix(_SVG)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def _style(style: str) -> str:
    """The declarations that say something, their colours as variables."""
    pairs = (tuple(pair.split(": ", 1)) for pair in style.split("; ") if ": " in pair)
    return ";".join(f"{key}:{_value(value)}" for key, value in pairs if _NEEDLESS.get(key) != value.strip())


def _value(value: str) -> str:
    name = _NAME.get(value.strip().lower())
    return f"var({PREFIX}{name})" if name else value.strip()


def _short(text: str) -> str:
    """Coordinates to a tenth of a unit, on one line."""
    shorter = _NUMBER.sub(lambda found: f"{float(found.group()):.1f}".removesuffix(".0"), text)
    return re.sub(r"\s*([MLCQzZ])\s*", r"\1", " ".join(shorter.split()))
