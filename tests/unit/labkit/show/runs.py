"""Runs to draw: avalanches that are computed instead of measured, with what a real one looks like, in no time."""

from __future__ import annotations

import numpy as np

from labkit.language import Text
from labkit.measure.recording import Mark, Recording
from labkit.measure.run import Run
from labkit.measure.samples import Numbers, Samples

SECONDS = 10.0
TIMEOUT = 0.5
HANGS = Mark(Text("latency 3 s", "延遲 3 秒"), 2.0, 7.0, "stock")


def stream(rate: float, dead: tuple[float, float] | None = None, seed: int = 1, failing: float = 0.0) -> Samples:
    """Constant arrivals answered in about 25 ms; within ``dead`` all time out; a share ``failing`` answers 503."""
    random = np.random.default_rng(seed)
    at = np.arange(0, SECONDS, 1 / rate)
    latency = 0.022 + random.gamma(1.5, 0.004, len(at))
    status = np.where(random.random(len(at)) < failing, 503, 200)
    if dead:
        lost = (at >= dead[0]) & (at < dead[1])
        status, latency = np.where(lost, 0, status), np.where(lost, TIMEOUT, latency)
    return Samples(at, np.zeros_like(at), latency, status.astype(np.int16), np.full(len(at), -1, np.int8))


def busy(pool: int, begin: float, full: float, end: float) -> dict[str, Numbers]:
    """Busy threads that fill from ``begin`` to ``full``, and empty after ``end``."""
    at = np.arange(0, SECONDS, 0.1)
    threads = np.interp(at, [0, begin, full, end, end + 0.4], [1.4, 1.4, pool, pool, 1.4])
    return {"at": at, "pool_threads_busy": np.round(threads)}


def run(streams: dict[str, Samples], watch: dict[str, dict[str, Numbers]] | None = None,
        faults: tuple[Mark, ...] = (HANGS,)) -> Run:
    return Run(Recording(0.0, "2025-11-23T12:00:00", SECONDS, streams, [], watch or {}, faults,
                         dict.fromkeys(streams, TIMEOUT), {}))


def avalanche() -> Run:
    """stock hangs from 2 s to 7 s: orders fills 0.5 s later, storefront 1 s later, and nobody is answered."""
    return run({"POST /orders": stream(48, (2.0, 7.2)), "GET /": stream(48, (3.0, 7.3), 2)},
               {"stock-1": busy(2, 20, 21, 22), "orders-1": busy(24, 2, 2.48, 7.2),
                "storefront-1": busy(48, 2, 2.95, 7.4)})


def mended() -> Run:
    """The same fault behind a breaker: a few time-outs until it opens, a few failures."""
    return run({"POST /orders": stream(48, (2.0, 2.4), 3, failing=0.02), "GET /": stream(48, None, 4)},
               {"orders-1": busy(4, 2, 2.3, 2.6), "storefront-1": busy(4, 2, 2.3, 2.6)})


def silent() -> Run:
    """A service that did not tell its busy threads for a second, and a fault that was never lifted."""
    paused = busy(8, 2, 3, 11)
    paused["pool_threads_busy"][40:50] = np.nan
    return run({"GET /": stream(20, (4, 10))}, {"orders-1": paused}, (Mark(Text("paused", "暫停"), 4.0, None),))
