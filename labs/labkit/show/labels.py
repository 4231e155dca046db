"""Words on a chart: how much room they need, and how labels at the ends of lines keep out of each other's way.

The reader's own fonts draw the text, so nobody knows its width beforehand: a generous estimate has to do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["LINE", "spread", "width"]

_WIDE, _NARROW = 1.0, 0.56
LINE = 1.15
"""How far apart lines of text are, in font sizes."""


def width(text: str, size: float) -> float:
    """Estimated width of ``text`` at font size ``size``: Chinese is as wide as it is high, Latin about half of it."""
    return size * sum(_WIDE if unicodedata.east_asian_width(char) in "WF" else _NARROW for char in text)


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres for labels that each want a place and take up a size: none touches another, all are within the limits.

    Labels that would touch become one block, centred on what its members wanted (pool adjacent violators, the
    algorithm of isotonic regression: Ayer et al. 1955).
    """
    blocks: list[_Block] = []
    for i in sorted(range(len(wanted)), key=lambda i: wanted[i]):
        blocks.append(_Block([i], wanted, sizes, low, high))
        while len(blocks) > 1 and blocks[-2].end > blocks[-1].begin:
            blocks[-2:] = [_Block(blocks[-2].members + blocks[-1].members, wanted, sizes, low, high)]
    placed = {i: centre for block in blocks for i, centre in block.centres(sizes)}
    return [placed[i] for i in range(len(wanted))]


class _Block:
    """Labels side by side, as near as may be to where they want to be."""

    def __init__(self, members: list[int], wanted: Sequence[float], sizes: Sequence[float], low: float, high: float
                 ) -> None:
        self.members = members
        long = sum(sizes[i] for i in members)
        offsets = [sum(sizes[i] for i in members[:k]) + sizes[m] / 2 for k, m in enumerate(members)]
        best = sum(wanted[i] - offset for i, offset in zip(members, offsets, strict=True)) / len(members)
        self.begin = max(min(best, high - long), low)
        self.end = self.begin + long

    def centres(self, sizes: Sequence[float]) -> Iterator[tuple[int, float]]:
        """Each member and where its middle is."""
        at = self.begin
        for i in self.members:
            yield i, at + sizes[i] / 2
            at += sizes[i]
