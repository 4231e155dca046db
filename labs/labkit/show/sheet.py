"""A sheet of panels that share the time axis: where everything goes, in units of which 520 span the chart.

    latency, seconds         latency 3 s              a title, and the faults' labels above their bands
    0.5 |..........................xxxxxxxxxx.. timed out
        |_______________________---------------- p99  labels at the ends of the lines
      0 |____________________________________________
        0        2        4        6        8   seconds
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.language import Language, Text
from labkit.measure.figure import plain
from labkit.show.labels import width
from labkit.show.panel import Panel, ticks
from labkit.show.style import number
from labkit.show.svg import INK, new_figure, plain_settings, shapes
from labkit.show.words import LARGEST, stroke, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SPAN", "Band", "Drawing", "draw_over_time"]

SPAN = 520.0
_ROW = LARGEST * 1.2
_SECONDS = Text("seconds", "秒")


@dataclass(frozen=True)
class Band:
    """A fault, from ``begin`` to ``end`` seconds, with its label."""

    label: Text
    begin: float
    end: float


@dataclass(frozen=True)
class Drawing:
    """The elements of an SVG and its size."""

    inner: str
    width: float
    height: float


@dataclass(frozen=True)
class Frame:
    """Where the plots are: all begin at ``left`` and are ``across`` wide, and ``span`` seconds run through them."""

    left: float
    across: float
    span: tuple[float, float]

    @classmethod
    def around(cls, panels: Sequence[Panel], span: tuple[float, float], language: Language) -> Frame:
        """With room at the left for the panels' figures, and at the right for their labels."""
        left = max(panel.left(language) for panel in panels)
        last = width(_SECONDS.to(language) + plain(span[1]), LARGEST) + 6
        return cls(left, SPAN - left - max(last, *(panel.right(language, span) for panel in panels)), span)

    def x(self, seconds: float) -> float:
        """Where a moment is."""
        return self.left + (seconds - self.span[0]) / (self.span[1] - self.span[0]) * self.across


def draw_over_time(panels: Sequence[Panel], bands: Sequence[Band], span: tuple[float, float], language: Language
                   ) -> Drawing:
    """Panels one under the other over the same seconds, the faults shaded through all of them."""
    frame = Frame.around(panels, span, language)
    labels, rows = _band_labels(bands, frame, width(panels[0].title.to(language), LARGEST), language)
    heads = [_ROW * (1 + rows if rows else 1.4), *(_ROW * 2 for _ in panels[1:])]
    high = sum(heads) + sum(panel.height for panel in panels) + _ROW
    said = [*labels, *(_lid(band, frame, heads[0]) for band in bands), *_axis(frame, high - _ROW / 2 + 2, language)]
    with plain_settings():
        figure, top = new_figure(SPAN, high), 0.0
        for panel, head in zip(panels, heads, strict=True):
            title = _ROW / 2 if panel is panels[0] else head - _ROW * 0.85
            said.append(word(0, top + title, panel.title.to(language), "secondary"))
            axes = _axes(figure, frame, panel, top + head, high)
            _shade(axes, bands)
            panel.draw(axes)
            said += panel.words(axes, language, span)
            top += head + panel.height
        return Drawing(shapes(figure) + "".join(said), SPAN, high)


def _axes(figure: Figure, frame: Frame, panel: Panel, top: float, high: float) -> Axes:
    box = (frame.left / SPAN, 1 - (top + panel.height) / high, frame.across / SPAN, panel.height / high)
    return figure.add_axes(box, yscale="log" if panel.log else "linear", xlim=frame.span)


def _shade(axes: Axes, bands: Sequence[Band]) -> None:
    for band in bands:
        axes.axvspan(band.begin, band.end, color=INK["failed"], alpha=number("band"), linewidth=0, zorder=0)


def _lid(band: Band, frame: Frame, y: float) -> str:
    return stroke(f"M{frame.x(band.begin):.1f} {y:.1f}H{frame.x(band.end):.1f}", "failed", 1.5)


def _axis(frame: Frame, y: float, language: Language) -> list[str]:
    places = ticks(*frame.span, 6)
    end = max(frame.x(places[-1]) + width(plain(places[-1]), LARGEST) / 2, frame.left + frame.across) + 6
    return [*(word(frame.x(at), y, plain(at), "secondary", "middle") for at in places),
            word(end, y, _SECONDS.to(language), "secondary")]


def _band_labels(bands: Sequence[Band], frame: Frame, title: float, language: Language) -> tuple[list[str], int]:
    """A label at each band's top left, on the first row where it touches no other; and how many rows it took."""
    ends, said = [title + 8], []
    for band in sorted(bands, key=lambda band: band.begin):
        text = band.label.to(language)
        start = max(0.0, min(frame.x(band.begin), SPAN - width(text, LARGEST)))
        row = next((row for row, end in enumerate(ends) if end <= start), len(ends))
        ends[row:row + 1] = [start + width(text, LARGEST) + 8]
        said.append(word(start, _ROW * (row + 0.5), text, "failed"))
    return said, len(ends) - 1
