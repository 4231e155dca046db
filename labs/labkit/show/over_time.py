"""What every chart over time begins with: how wide its buckets are, where the faults were, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from labkit.language import Text
from labkit.measure.figure import figure
from labkit.show.sheet import Band

if TYPE_CHECKING:
    from labkit.measure.view import View

__all__ = ["bands", "bucket", "faults_in_words", "joined"]

_MOST = 48
_WIDTHS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # quarters: 48 a second is 12 in each, not 9 or 10


def bucket(run: View) -> float:
    """The narrowest plain width that gives a run at most 48 buckets, so that a phone can show each."""
    return next((width for width in _WIDTHS if run.seconds / width <= _MOST), run.seconds / _MOST)


def bands(run: View) -> list[Band]:
    """The run's faults as far as they fall in its time; one not lifted lasts to the end."""
    found = []
    first, last = run.span
    for fault in run.faults:
        begin, end = max(first, fault.begin), last if fault.end is None else min(last, fault.end)
        if begin < end:
            found.append(Band(fault.placed, begin, end))
    return found


def faults_in_words(run: View) -> Text:
    """The same for those who do not see the bands."""
    return joined(Text("Fault: {label}, from {begin} to {end}.", "故障：{label}，從 {begin}到 {end}。").format(
        label=band.label, begin=figure(band.begin, "s", 2), end=figure(band.end, "s", 2)) for band in bands(run))


def joined(sentences: Iterable[Text]) -> Text:
    """Sentences one after the other: with a space between them in English, with none in Chinese."""
    said = [sentence for sentence in sentences if sentence.en]
    return Text(" ".join(text.en for text in said), "".join(text.zh for text in said))
