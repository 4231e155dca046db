"""Reads a recorded run, and refuses with a sentence what is none: another version, cut short, broken, huge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from labkit.language import Text
from labkit.measure.outcome import ERROR_FROM, REFUSED, TIMED_OUT
from labkit.measure.recorded import LARGEST, METRICS, OUTCOMES, THREADS, VERSION
from labkit.measure.recording import Change, Mark, Recording, Scene
from labkit.measure.samples import Numbers, Samples

__all__ = ["read"]

_TAGS = [tag for tag in OUTCOMES.values() if tag]
_STATUS = {"e": ERROR_FROM + 100, "t": TIMED_OUT, "r": REFUSED}
_OK = 200


def read(text: str) -> Recording:
    """The recording that :func:`labkit.measure.recorded.written` wrote; ``ValueError`` with a sentence for all else."""
    if len(text.encode()) > LARGEST:
        raise ValueError(str(Text("This recorded run is larger than {most:g} MiB, so it is not read. Record a shorter one.",
                                  "這次錄下的執行超過 {most:g} MiB，因此不讀取。請錄短一點。").format(most=LARGEST / 2**20)))
    try:
        run = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ValueError(str(Text("This recorded run is cut short or is no JSON. Record it anew.",
                                  "這次錄下的執行不完整，或不是 JSON。請重新錄製。"))) from None
    version = run.get("version") if isinstance(run, dict) else None
    if version != VERSION:
        raise ValueError(str(Text("This recorded run has version {given}, and this labkit reads version {known}. Record it anew.",
                                  "這次錄下的執行是第 {given} 版，而這個 labkit 讀的是第 {known} 版。請重新錄製。"
                                  ).format(given=version, known=VERSION)))
    try:
        return _recording(run)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError(str(Text("This recorded run is broken ({what}). Record it anew.",
                                  "這次錄下的執行已損壞（{what}）。請重新錄製。").format(what=error))) from None


def _recording(run: Mapping[str, Any]) -> Recording:
    loads = {load["stream"]: load for load in run["loads"]}
    if set(loads) != set(run["calls"]):
        raise ValueError("loads, calls")
    return Recording(
        0.0, str(run["date"]), float(run["seconds"]), {name: _samples(calls) for name, calls in run["calls"].items()},
        _TAGS, {f"{service['name']}-1": _watched(service, run) for service in run["services"]},
        tuple(map(_mark, run["faults"])),
        {name: float(load["timeout"]) for name, load in loads.items()},
        {name: float(load["rate"]) for name, load in loads.items() if load["rate"] is not None}, _scene(run))


def _scene(run: Mapping[str, Any]) -> Scene:
    return Scene(run["lab"], str(run["machine"]), {str(each["name"]): int(each["instances"]) for each in run["services"]},
                 tuple((str(caller), str(callee)) for caller, callee in run["links"]),
                 tuple(Change(float(each["at"]), str(each["service"]), str(each["breaker"]), str(each["state"]))
                       for each in run["states"]))


def _samples(calls: Mapping[str, Any]) -> Samples:
    at, latency = (np.asarray(calls[name], np.float64) / 1000 for name in ("at", "ms"))
    letters = list(calls["outcome"])
    if not len(at) == len(latency) == len(letters) or not set(letters) <= set(OUTCOMES):
        raise ValueError("calls")
    status = np.array([_STATUS.get(letter, _OK) for letter in letters], np.int16)
    tag = np.array([_TAGS.index(kind) if (kind := OUTCOMES[letter]) else -1 for letter in letters], np.int8)
    return Samples(np.cumsum(at), np.zeros(len(at), np.float32), latency.astype(np.float32), status, tag)


def _watched(service: Mapping[str, Any], run: Mapping[str, Any]) -> dict[str, Numbers]:
    """Its metrics as if one instance had them all."""
    series = {METRICS[short]: np.array(values, np.float64) for short, values in run["series"][service["name"]].items()}
    steps = {len(values) for values in series.values()}
    if len(steps) > 1:
        raise ValueError("series")
    at = np.arange(max(steps, default=0)) * float(run["step"])
    threads = np.nan if service["threads"] is None else float(service["threads"])
    return {"at": at, **series, THREADS: np.full(len(at), threads)}


def _mark(fault: Mapping[str, Any]) -> Mark:
    end = None if fault["end"] is None else float(fault["end"])
    return Mark(Text(str(fault["label"]["en"]), str(fault["label"]["zh-Hant"])), float(fault["begin"]), end, str(fault["on"]))


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
