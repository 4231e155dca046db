"""Runs written by hand: what became of each request is decided by the test, as is the time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from labkit.measure.recording import Mark
from labkit.measure.run import Run
from labkit.measure.samples import Samples

SECONDS = 8.0


def samples(at: Sequence[float], status: int | Sequence[int] = 200, latency: float | Sequence[float] = 0.02,
            late: float | Sequence[float] = 0.0, tag: int | Sequence[int] = -1) -> Samples:
    """Requests by intended send; a single value is that of each."""
    def column(value: Any, kind: str) -> Any:
        return np.broadcast_to(np.asarray(value, kind), len(at)).copy()

    return Samples(np.asarray(at, "<f8"), column(late, "<f4"), column(latency, "<f4"), column(status, "<i2"),
                   column(tag, "<i1"))


def every(gap: float, seconds: float = SECONDS, **columns: Any) -> Samples:
    """One request each ``gap`` seconds, the first in the middle of a gap."""
    return samples(np.arange(gap / 2, seconds, gap), **columns)


def result(streams: dict[str, Samples], watch: dict[str, Any] | None = None, tags: Sequence[str] = (),
           seconds: float = SECONDS, **more: Any) -> dict[str, Any]:
    """The same as the engine reports it."""
    return {"t0": 1000.0, "wall": "2025-11-23T12:00:00.000+00:00", "seconds": seconds, "tags": list(tags),
            "streams": {name: each.encode() for name, each in streams.items()}, "watch": watch or {}, **more}


def run(streams: dict[str, Samples], *, faults: Sequence[Mark] = (), again: Any = None, painter: Any = None,
        rates: dict[str, float] | None = None, **more: Any) -> Run:
    """A run of these streams; every user waits for half a second."""
    return Run(result(streams, **more), timeout=dict.fromkeys(streams, 0.5), rates=rates or {}, faults=faults,
               again=again, painter=painter)
