"""The signs of an outcome: a tick, a cross, an hourglass, an open circle. Drawn, since not every reader's fonts have them."""

from __future__ import annotations

__all__ = ["SIGNS", "sign"]

SIGNS = {"mended": "✓", "failed": "✕", "waiting": "⧖", "open": "○"}
"""The same where there is only text."""

_PATHS = {"mended": "M3 8.5l3.5 3.5L13 4.5", "failed": "M4 4l8 8M12 4l-8 8",
          "waiting": "M4 2.5h8M4 13.5h8M4.5 2.5c0 4 7 7 7 11M11.5 2.5c0 4-7 7-7 11",
          "open": "M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9"}


def sign(role: str) -> str:
    """The sign as SVG, in the colour of the text around it; the words beside it say the same."""
    return (f'<svg class="mbe-sign" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path '
            f'd="{_PATHS[role]}" style="fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round"/></svg>')
