"""A scale to guess on, drawn: the slider of a prediction as it looks where nobody can move it."""

from __future__ import annotations

from labkit.language import Language
from labkit.measure.figure import figure
from labkit.show.panel import ticks
from labkit.show.shown import written

__all__ = ["scale"]

_WIDTH, _BEGIN, _END, _LINE = 520, 40, 480, 18


def scale(low: float, high: float, unit: str, language: Language) -> str:
    """From ``low`` to ``high`` with a few steps between; an open diamond with a question mark waits in the middle."""
    middle = (_BEGIN + _END) / 2
    steps = [low, *(at for at in ticks(low, high, 5) if 0.08 < (at - low) / (high - low) < 0.92), high]
    parts = [f'<path class="mbe-rule" d="M{_BEGIN} {_LINE}H{_END}"/>',
             *(_step(_BEGIN + (at - low) / (high - low) * (_END - _BEGIN), written(figure(at, unit), language)) for at in steps),
             f'<path class="mbe-diamond" d="M{middle:g} {_LINE - 12}l12 12l-12 12l-12-12z"/>',
             f'<text x="{middle:g}" y="{_LINE}" text-anchor="middle">?</text>']
    return f'<svg class="mbe-scale" viewBox="0 0 {_WIDTH} 54" aria-hidden="true">{"".join(parts)}</svg>'


def _step(at: float, words: str) -> str:
    return (f'<path class="mbe-rule" d="M{at:g} {_LINE - 5}v10"/>'
            f'<text x="{at:g}" y="{_LINE + 25}" text-anchor="middle">{words}</text>')
