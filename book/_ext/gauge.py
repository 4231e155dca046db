"""A measured figure drawn against its bounds: a track, the part of it that the claim allows, and where the figure fell.

The picture says nothing that the words beside it do not say, so it is hidden from a screen reader.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["gauge"]

Bound = tuple[str, float]  # a relation of < ≤ > ≥ and its limit

_WIDTH, _HEIGHT, _EDGE = 160.0, 20.0, 6.0


def gauge(value: float | None, bounds: Sequence[Bound], unit: str, ok: bool) -> str:
    """The drawing as SVG; empty where there is no figure, no bound, or a value below zero (the track begins at zero)."""
    if value is None or not bounds or min(value, *(limit for _, limit in bounds)) < 0:
        return ""
    end = 1.0 if unit == "share" and value <= 1 else max(value, *(limit for _, limit in bounds)) * 1.15 or 1.0
    low, high = _allowed(bounds, end)
    middle, width = _HEIGHT / 2, (high - low) / end * (_WIDTH - 2 * _EDGE)
    parts = [f'<rect class="gauge-allowed" x="{_x(low, end)}" y="{middle - 5:g}" width="{width:.1f}" height="10"/>',
             f'<path class="gauge-track" d="M{_EDGE:g} {middle:g}H{_WIDTH - _EDGE:g}"/>',
             *(f'<path class="gauge-bound" d="M{_x(limit, end)} {middle - 8:g}v16"/>' for _, limit in bounds),
             _mark(_x(value, end), middle, ok)]
    return (f'<svg class="gauge" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" width="{_WIDTH:g}" height="{_HEIGHT:g}" '
            f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>')


def _allowed(bounds: Sequence[Bound], end: float) -> tuple[float, float]:
    """From where to where the claim holds."""
    low = max((limit for relation, limit in bounds if relation in (">", "≥")), default=0.0)
    high = min((limit for relation, limit in bounds if relation in ("<", "≤")), default=end)
    return low, max(low, high)


def _mark(x: str, y: float, ok: bool) -> str:
    """A round dot where it holds, a cross where it does not."""
    if ok:
        return f'<circle class="gauge-value" cx="{x}" cy="{y:g}" r="4.5"/>'
    return f'<path class="gauge-value gauge-missed" d="M{float(x) - 4:g} {y - 4:g}l8 8m0-8l-8 8"/>'


def _x(value: float, end: float) -> str:
    return f"{_EDGE + value / end * (_WIDTH - 2 * _EDGE):.1f}"
