"""A run as one small JSON object, version 1: what a figure replays, and what a run is read back from.

    {"version": 1, "lab": "avalanche_1_collapse", "title": {"en", "zh-Hant"} | null, "date": "2026-11-25",
     "machine": "2 cores, ...", "seconds": 9, "step": 0.1,
     "services": [{"name": "storefront", "threads": 48, "instances": 1}, ...],     callers first
     "links": [["users", "storefront"], ["storefront", "orders"]],
     "loads": [{"stream": "POST /orders", "rate": 48, "timeout": 0.5}],            no rate (null): a closed loop
     "series": {"storefront": {"busy": [0, 2, null], "waiting": [0, 0, null]}},    one value a step, all instances' sum
     "calls": {"POST /orders": {"at": [4, 21, 21], "ms": [22, 500, 3], "outcome": "ote"}},
     "faults": [{"on": "orders -> stock", "label": {"en", "zh-Hant"}, "begin": 2.001, "end": 6 | null}],
     "states": [{"at": 2.31, "service": "orders", "breaker": "stock", "state": "open"}]}

Times are seconds since the load's second 0. Of a call, ``at`` is when it should have been sent, in milliseconds since
the one before it, ``ms`` how long its user waited, and ``outcome`` one letter: see ``OUTCOMES``.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from labkit.language import Text
from labkit.measure.gates import CONTROL
from labkit.measure.outcome import REFUSED, TIMED_OUT
from labkit.measure.recording import Mark, Recording
from labkit.measure.samples import Samples
from labkit.measure.series import summed

__all__ = ["LARGEST", "METRICS", "OUTCOMES", "STEP", "THREADS", "VERSION", "written"]

VERSION = 1
STEP = 0.1  # seconds; as often as a load looks at the services
LARGEST = 2 * 2**20  # bytes: more than this no page should have to load

OUTCOMES = {"o": None, "d": "default", "s": "stale", "q": "queued", "a": "alternative",
            "e": None, "t": None, "r": None}
"""Answered: in full, or by a fallback of that ``X-Answer``. Not answered: an error, a time-out, no connection."""

METRICS = {"busy": "pool_threads_busy", "waiting": "pool_tasks_waiting"}
THREADS = "pool_threads_total"


def written(recording: Recording, title: Text | None = None) -> str:
    """The run as one line of JSON; ``ValueError`` when it is too long to be shown on a page."""
    streams = {name: samples for name, samples in recording.streams.items() if name != CONTROL}
    text = json.dumps({
        "version": VERSION, "lab": recording.scene.lab, "title": title and _both(title), "date": recording.wall[:10],
        "machine": recording.scene.machine, "seconds": _second(recording.seconds), "step": STEP,
        "services": [{"name": name, "threads": _threads(recording, name), "instances": instances}
                     for name, instances in recording.scene.instances.items()],
        "links": recording.scene.links,
        "loads": [{"stream": name, "rate": recording.rates.get(name), "timeout": recording.timeout.get(name)}
                  for name in streams],
        "series": {name: _series(recording, name) for name in recording.scene.instances},
        "calls": {name: _calls(samples, recording.tags) for name, samples in streams.items()},
        "faults": [_fault(mark) for mark in recording.faults],
        "states": [{"at": _second(change.at), "service": change.service, "breaker": change.callee, "state": change.state}
                   for change in recording.scene.changes]}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text.encode()) > LARGEST:
        raise ValueError(str(Text(
            "This run has {calls:,} requests, too many for a page to replay. Ask for a lower rate or fewer seconds.",
            "這次執行有 {calls:,} 個請求，太多了，網頁上無法重播。請調低速率或縮短秒數。").format(
                calls=sum(map(len, streams.values())))))
    return text


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh-Hant": text.zh}


def _second(value: float) -> float | int:
    """To the millisecond, and whole seconds as such."""
    rounded = round(float(value), 3)
    return int(rounded) if rounded.is_integer() else rounded


def _fault(mark: Mark) -> dict[str, Any]:
    return {"on": mark.on, "label": _both(mark.label), "begin": _second(max(0.0, mark.begin)),
            "end": None if mark.end is None else _second(mark.end)}


def _threads(recording: Recording, service: str) -> int | None:
    try:
        values = summed(recording.watch, service, THREADS)[1]
    except LookupError:
        return None
    return None if np.isnan(values).all() else int(np.nanmax(values))


def _series(recording: Recording, service: str) -> dict[str, list[int | None]]:
    """Its metrics on a grid of steps; null where nobody answered, and where a look was left out."""
    steps = math.ceil(recording.seconds / STEP - 1e-6)
    return {short: _on_grid(recording, service, metric, steps) for short, metric in METRICS.items()}


def _on_grid(recording: Recording, service: str, metric: str, steps: int) -> list[int | None]:
    grid: list[int | None] = [None] * steps
    try:
        at, values = summed(recording.watch, service, metric)
    except LookupError:
        return grid
    for moment, value in zip(at.tolist(), values.tolist(), strict=True):
        step = int(moment / STEP + 1e-6)
        if 0 <= step < steps and not math.isnan(value):
            grid[step] = round(value)
    return grid


def _calls(samples: Samples, tags: Any) -> dict[str, Any]:
    """Those that were sent, in the order in which they should have been."""
    sent = Samples.together([samples.where(samples.sent)])
    at = np.rint(sent.at * 1000).astype(np.int64)
    return {"at": np.diff(at, prepend=0).tolist(), "ms": np.rint(sent.latency * 1000).astype(np.int64).tolist(),
            "outcome": "".join(_outcomes(sent, list(tags)))}


def _outcomes(samples: Samples, tags: list[str]) -> Any:
    letters = {tags.index(tag): letter for letter, tag in OUTCOMES.items() if tag in tags}
    outcome = np.full(len(samples), "e")
    outcome[samples.ok] = [letters.get(tag, "o") for tag in samples.tag[samples.ok].tolist()]
    outcome[samples.status == TIMED_OUT] = "t"
    outcome[samples.status == REFUSED] = "r"
    return outcome
