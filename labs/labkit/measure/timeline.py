"""A run in buckets of time: how many were sent, what became of them, and how long they took, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labkit.language import Text
from labkit.measure.samples import Flags, Numbers, Samples

__all__ = ["Timeline", "timeline"]

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Timeline:
    """Arrays of the same length, one entry a bucket; a request counts in the bucket of its intended send.

    ``start``: seconds since second 0. ``sent`` = ``ok`` + ``errors`` + ``timeouts``: counts. ``p50``, ``p99``,
    ``largest``: seconds, exact (nearest rank) and not from a histogram, since a bucket holds few; NaN where nothing was
    sent.
    """

    start: Numbers
    sent: Numbers
    ok: Numbers
    errors: Numbers
    timeouts: Numbers
    p50: Numbers
    p99: Numbers
    largest: Numbers


def timeline(samples: Samples, begin: float, end: float, width: float) -> Timeline:
    """``samples`` in buckets of ``width`` seconds from ``begin`` to ``end``; the last bucket may be cut short."""
    if not width > 0:
        raise ValueError(str(Text("A bucket of {width} s cannot be: use a width above 0, such as 0.1.",
                                  "時間格不能是 {width} 秒：請用大於 0 的寬度，例如 0.1。").format(width=width)))
    buckets = max(1, int(np.ceil((end - begin) / width - _ROUNDING)))
    sent = samples.between(begin, end)
    sent = sent.where(sent.sent)
    place = np.minimum(((sent.at - begin) / width + _ROUNDING).astype(np.int64), buckets - 1)

    def count(chosen: Flags) -> Numbers:
        return np.bincount(place[chosen], minlength=buckets).astype(float)

    number = count(np.ones(len(sent), bool))
    ranked = sent.latency[np.lexsort((sent.latency, place))]
    start = np.asarray(begin + width * np.arange(buckets), np.float64)
    p50, p99, largest = (_ranks(ranked, number, q) for q in (0.5, 0.99, 1.0))
    return Timeline(start, number, count(sent.ok), count(sent.error), count(sent.timed_out), p50, p99, largest)


def _ranks(ranked: Numbers, number: Numbers, q: float) -> Numbers:
    """The value of rank ⌈q·n⌉ of each bucket; ``ranked`` holds bucket after bucket, each in ascending order."""
    found = np.full(len(number), np.nan)
    there = number > 0
    first = np.cumsum(number) - number
    rank = np.ceil(q * number - _ROUNDING) - 1
    found[there] = ranked[(first + rank)[there].astype(np.int64)]
    return found
