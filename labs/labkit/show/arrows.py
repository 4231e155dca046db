"""Who calls whom, drawn: an arrow; a slow one is dashed and has a clock, a cut one a gap; each names its own fault."""

from __future__ import annotations

import math

from labkit.language import Language
from labkit.show.boxes import Place
from labkit.show.snapshot import Link
from labkit.show.style import PREFIX, number, values
from labkit.show.words import stroke, word

__all__ = ["draw_link"]

_ROLE = {"healthy": "secondary", "slow": "waiting", "cut": "failed"}


def draw_link(link: Link, begin: Place, end: Place, bow: Place, language: Language) -> list[str]:
    """From ``begin`` to ``end``, led out of the way by ``bow`` where something is between them."""
    role = _ROLE[link.state]
    middle = Place((begin.x + end.x) / 2 + 0.75 * bow.x, (begin.y + end.y) / 2 + 0.75 * bow.y)
    drawn = [_line(begin, end, bow, role, dashed=link.state == "slow"), _head(begin, end, bow, role)]
    if link.state == "cut":
        drawn.append(_gap(middle, _direction(begin, end)))
    if link.state == "slow":
        drawn.append(_clock(middle))
    if link.fault:
        drawn.append(_label(link.fault.to(language), middle, begin, end, "waiting" if role == "waiting" else "failed"))
    return drawn


def _label(text: str, middle: Place, begin: Place, end: Place, role: str) -> str:
    """Over a level line, to the right of one that runs down, and in the free corner of one that slants."""
    across, down = end.x - begin.x, end.y - begin.y
    if abs(across) < abs(down):
        return word(middle.x + 14, middle.y, text, role)
    if abs(down) < 1:
        return word(middle.x, middle.y - 18, text, role, "middle")
    return word(middle.x + 12, middle.y - math.copysign(11, across * down), text, role)


def _line(begin: Place, end: Place, bow: Place, role: str, dashed: bool) -> str:
    there = [begin.plus(bow.x, bow.y), end.plus(bow.x, bow.y), end]
    path = f"M{begin.x:.1f} {begin.y:.1f}C" + " ".join(f"{at.x:.1f} {at.y:.1f}" for at in there)
    dash = f";stroke-dasharray:{values()['light']['dash-waiting']}" if dashed else ""
    return f'<path d="{path}" style="fill:none;stroke:var({PREFIX}{role});stroke-width:{number("line"):g}{dash}"/>'


def _head(begin: Place, end: Place, bow: Place, role: str) -> str:
    angle = math.atan2(-bow.y, -bow.x) if bow.x or bow.y else _direction(begin, end)
    sides = [end.plus(-8 * math.cos(angle + turn), -8 * math.sin(angle + turn)) for turn in (0.42, -0.42)]
    corners = "L".join(f"{at.x:.1f} {at.y:.1f}" for at in (end, *sides))
    return f'<path d="M{corners}Z" style="fill:var({PREFIX}{role})"/>'


def _gap(middle: Place, angle: float) -> str:
    """Nothing for a stretch, between two strokes across it."""
    along, up = (6 * math.cos(angle), 6 * math.sin(angle)), (-7 * math.sin(angle), 7 * math.cos(angle))
    nothing = f"M{middle.x - along[0]:.1f} {middle.y - along[1]:.1f}l{2 * along[0]:.1f} {2 * along[1]:.1f}"
    ends = (f"M{middle.x + side * along[0] - up[0]:.1f} {middle.y + side * along[1] - up[1]:.1f}"
            f"l{2 * up[0]:.1f} {2 * up[1]:.1f}" for side in (-1, 1))
    return stroke(nothing, "paper", 6) + stroke("".join(ends), "failed", number("line"))


def _clock(at: Place) -> str:
    face = (f'<circle cx="{at.x:.1f}" cy="{at.y:.1f}" r="8" style="fill:var({PREFIX}paper);'
            f'stroke:var({PREFIX}waiting);stroke-width:1.4"/>')
    return face + stroke(f"M{at.x:.1f} {at.y - 5:.1f}v5h4", "waiting", 1.4)


def _direction(begin: Place, end: Place) -> float:
    return math.atan2(end.y - begin.y, end.x - begin.x)
