"""What became of each request of a stream, as arrays side by side; and percentiles of their latencies.

All times are seconds; a request belongs to the moment of its *intended* send, whenever it was answered.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from hdrh.histogram import HdrHistogram

from labkit.measure.outcome import ERROR_FROM, NO_CONNECTION, REFUSED, TIMED_OUT, TOO_LATE

__all__ = ["Flags", "Numbers", "Samples", "nearest_rank", "percentile"]

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_TYPES = {"at": "<f8", "late": "<f4", "latency": "<f4", "status": "<i2", "tag": "<i1"}
_MICROSECOND = 1e-6
_ROUNDING = 1e-9
_DIGITS = 3  # significant digits that the histogram keeps


@dataclass(frozen=True, eq=False)
class Samples:
    """One entry for each request; the arrays are those of :class:`labkit.load.record.Record`."""

    at: Numbers
    late: Numbers
    latency: Numbers
    status: np.ndarray[Any, np.dtype[np.int16]]
    tag: np.ndarray[Any, np.dtype[np.int8]]

    @classmethod
    def decode(cls, arrays: Mapping[str, str]) -> Self:
        """From base64 of little-endian numbers."""
        return cls(**{name: np.frombuffer(base64.b64decode(arrays[name]), kind) for name, kind in _TYPES.items()})

    def encode(self) -> dict[str, str]:
        """The inverse of :meth:`decode`."""
        return {name: base64.b64encode(getattr(self, name).astype(kind).tobytes()).decode("ascii")
                for name, kind in _TYPES.items()}

    @classmethod
    def together(cls, parts: Iterable[Samples]) -> Self:
        """The requests of several streams, in the order of their intended sends."""
        several = [cls.decode(dict.fromkeys(_TYPES, "")), *parts]
        columns = {each.name: np.concatenate([getattr(part, each.name) for part in several]) for each in fields(cls)}
        order = np.argsort(columns["at"], kind="stable")
        return cls(**{name: column[order] for name, column in columns.items()})

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: Flags) -> Samples:
        """Only the chosen ones."""
        return Samples(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    def between(self, begin: float, end: float) -> Samples:
        """Only those whose intended send was in [begin, end)."""
        return self.where((self.at >= begin) & (self.at < end))

    # What became of them: every request that was sent is exactly one of ok, error and timed_out.

    @property
    def sent(self) -> Flags:
        """Those that left at all; the others are the generator's own failure."""
        sent: Flags = (self.status != TOO_LATE) & (self.status != NO_CONNECTION)
        return sent

    @property
    def ok(self) -> Flags:
        """Those whose users got what they asked for, in time."""
        good: Flags = (self.status > 0) & (self.status < ERROR_FROM)
        return good

    @property
    def timed_out(self) -> Flags:
        """Those whose users gave up."""
        given_up: Flags = self.status == TIMED_OUT
        return given_up

    @property
    def error(self) -> Flags:
        """Those that failed before their user gave up: HTTP errors, refused, reset, bad answers."""
        failed: Flags = (self.status >= ERROR_FROM) | (self.sent & (self.status <= REFUSED))
        return failed


def percentile(latencies: Numbers, q: float) -> float:
    """The ``q``-th percentile (0 to 100) from an HdrHistogram with three significant digits; NaN of nothing.

    Gil Tene's high dynamic range histogram: https://hdrhistogram.org
    """
    if len(latencies) == 0:
        return math.nan
    largest = float(np.max(latencies))
    micros, counts = np.unique(np.maximum(np.rint(latencies / _MICROSECOND), 1).astype(np.int64), return_counts=True)
    histogram = HdrHistogram(1, max(2 * int(micros[-1]), 2000), _DIGITS)
    for value, count in zip(micros.tolist(), counts.tolist(), strict=True):
        histogram.record_value(value, count)
    rank = max(1, math.ceil(q / 100 * len(latencies) - _ROUNDING))  # it would round the rank, and so to either side
    return min(float(histogram.get_value_at_percentile(100 * rank / len(latencies))) * _MICROSECOND, largest)


def nearest_rank(values: Numbers, q: float) -> float:
    """The smallest value that at least ``q`` per cent of ``values`` do not exceed; NaN of nothing. For few values."""
    return float(np.percentile(values, q, method="inverted_cdf")) if len(values) else math.nan
