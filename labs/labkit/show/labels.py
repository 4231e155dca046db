"""Words on a chart: how much room they need, and how labels at the ends of lines keep out of each other's way.

The reader's own fonts draw the text, so nobody knows its width beforehand: a generous estimate has to do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["LINE", "spread", "width"]

_SLIM, _USUAL, _BROAD, _CHINESE = 0.41, 0.65, 0.99, 1.0  # of DejaVu Sans, the broadest of the fonts that readers have
_SLIM_ONES, _BROAD_ONES = frozenset("fijlrtI.,:;'|!()[]/ "), frozenset("mwMW%@—…")
LINE = 1.15
"""How far apart lines of text are, in font sizes."""


def width(text: str, size: float) -> float:
    """Width of ``text`` at font size ``size``, as broad as it may come out."""
    return size * sum(map(_broad, text))


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


def _broad(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return _CHINESE
    return _SLIM if char in _SLIM_ONES else _BROAD if char in _BROAD_ONES else _USUAL


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
