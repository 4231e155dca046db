"""What is running, drawn: a service as a box with a row of cells, a system with a double edge, a client as a circle."""

from __future__ import annotations

import math
from dataclasses import dataclass

from labkit.language import Language
from labkit.measure.figure import plain
from labkit.show.labels import width
from labkit.show.snapshot import Node
from labkit.show.style import PREFIX, number, values
from labkit.show.words import stroke, word

__all__ = ["TYPE", "Place", "draw_node", "size"]

TYPE = 12.5
"""Font size, in the picture's own units: it is shown at its natural size."""

_WIDE, _HIGH, _ROUND = 108.0, 62.0, 7.0
_MOST_CELLS, _CELL, _CELL_GAP = 12, 6.0, 1.5


@dataclass(frozen=True)
class Place:
    """A point of the picture."""

    x: float
    y: float

    def plus(self, x: float, y: float) -> Place:
        """The point so far to the right of it and below."""
        return Place(self.x + x, self.y + y)


def size(node: Node) -> Place:
    """How wide and how high a node is drawn."""
    if node.kind == "client":
        return Place(max(34.0, width(node.name, TYPE)), 72.0)
    return Place(max(_WIDE, width(_name(node), TYPE) + 20), _HIGH)


def draw_node(node: Node, at: Place, language: Language) -> list[str]:
    """The node with its middle at ``at``."""
    if node.kind == "client":
        return [_circle(at, 15, "panel", "secondary"), word(at.x, at.y + 28, node.name, "text", "middle")]
    corner = at.plus(-size(node).x / 2, -size(node).y / 2)
    behind = [_box(node, corner.plus(4 * i, -4 * i)) for i in range(min(node.instances, 3) - 1, 0, -1)]
    edge = [_box(node, corner, inset=3.5)] if node.kind == "system" else []
    cross = [_cross(corner.plus(size(node).x - 3, 3), 5.0)] if node.state == "failed" else []
    return [*behind, _box(node, corner), *edge, *_words(node, at, language), *cross]


def _words(node: Node, at: Place, language: Language) -> list[str]:
    """Name, pool, and below them the note or else how many threads are busy."""
    lines = 1 + bool(node.threads) + bool(node.note or node.threads)
    above = {1: 0, 2: -9, 3: -18}[lines]
    said = [word(at.x, at.y + above, _name(node), "text", "middle")]
    if node.threads:
        said += _pool(node, at)
    below = at.y + (18 if lines == 3 else 9)
    if node.note:
        said.append(word(at.x, below, node.note.to(language), _shade(node), "middle"))
    elif node.threads:
        busy = "?" if node.busy is None else plain(node.busy)
        said.append(word(at.x, below, f"{busy}/{node.threads}", "busy", "middle"))
    return said


def _pool(node: Node, at: Place) -> list[str]:
    """A cell for each thread, or for each twelfth of a big pool; they fill from the left."""
    cells = min(node.threads, _MOST_CELLS)
    full = math.ceil((node.busy or 0) / node.threads * cells)
    long = cells * (_CELL + _CELL_GAP) - _CELL_GAP
    return [f'<rect x="{at.x - long / 2 + i * (_CELL + _CELL_GAP):.1f}" y="{at.y - 6:.1f}" width="{_CELL:g}" '
            f'height="11" rx="1.5" style="fill:{f"var({PREFIX}busy)" if i < full else "none"};'
            f'stroke:var({PREFIX}busy)"/>' for i in range(cells)]


def _box(node: Node, corner: Place, inset: float = 0.0) -> str:
    dash = f";stroke-dasharray:{values()['light']['dash-waiting']}" if node.state == "waiting" else ""
    fill = "none" if inset else f"var({PREFIX}panel)"
    wide, high = size(node).x - 2 * inset, size(node).y - 2 * inset
    return (f'<rect x="{corner.x + inset:.1f}" y="{corner.y + inset:.1f}" width="{wide:.1f}" height="{high:.1f}" '
            f'rx="{_ROUND - inset / 2:g}" style="fill:{fill};stroke:var({PREFIX}{_shade(node)});'
            f'stroke-width:{number("line"):g}{dash}"/>')


def _circle(at: Place, r: float, fill: str, line: str) -> str:
    return (f'<circle cx="{at.x:.1f}" cy="{at.y:.1f}" r="{r:g}" style="fill:var({PREFIX}{fill});'
            f'stroke:var({PREFIX}{line});stroke-width:{number("line"):g}"/>')


def _cross(at: Place, r: float) -> str:
    lines = f"M{at.x - r:.1f} {at.y - r:.1f}l{2 * r:g} {2 * r:g}M{at.x + r:.1f} {at.y - r:.1f}l{-2 * r:g} {2 * r:g}"
    return _circle(at, r + 3, "paper", "paper") + stroke(lines, "failed", 2.2)


def _name(node: Node) -> str:
    return f"{node.name} ×{node.instances}" if node.instances > 1 else node.name


def _shade(node: Node) -> str:
    return node.state if node.state in ("waiting", "failed") else "healthy"
