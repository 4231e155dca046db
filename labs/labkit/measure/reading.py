"""Reads a recorded run, and refuses with a sentence what is none: another version, cut short, broken, huge."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from labkit.language import Text
from labkit.measure.outcome import ERROR_FROM, REFUSED, TIMED_OUT
from labkit.measure.recorded import LARGEST, METRICS, OUTCOMES, THREADS, VERSION
from labkit.measure.recording import Change, Mark, Recording, Scene
from labkit.measure.samples import Numbers, Samples

__all__ = ["read"]

_TAGS = [tag for tag in OUTCOMES.values() if tag]
_OK = 200
_STATUS = {"e": ERROR_FROM + 100, "t": TIMED_OUT, "r": REFUSED}
_DAY = r"^\d{4}-\d\d-\d\d$"
_LETTERS = f"^[{''.join(OUTCOMES)}]*$"

Name = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Seconds = Annotated[float, Field(ge=0, lt=1e6, allow_inf_nan=False)]
Length = Annotated[Seconds, Field(gt=0)]


class _Part(BaseModel):
    """A part of the record; what a later version may add is passed over."""

    model_config = ConfigDict(strict=True)


class _Both(_Part):
    en: str
    zh: str = Field(alias="zh-Hant")


class _Service(_Part):
    name: Name
    threads: Count | None
    instances: Count


class _Load(_Part):
    stream: Name
    rate: Length | None
    timeout: Length | None


class _Series(_Part):
    busy: list[Count | None]
    waiting: list[Count | None]


class _Calls(_Part):
    at: list[Count]
    ms: list[Count]
    outcome: str = Field(pattern=_LETTERS)


class _Fault(_Part):
    on: str
    label: _Both
    begin: Seconds
    end: Seconds | None


class _State(_Part):
    at: Seconds
    service: Name
    breaker: Name
    state: Literal["closed", "open", "half-open"]


class _Run(_Part):
    """See :mod:`labkit.measure.recorded`."""

    lab: str | None
    title: _Both | None
    date: str = Field(pattern=_DAY)
    machine: str
    seconds: Length
    step: Length
    services: list[_Service]
    links: list[Annotated[list[Name], Field(min_length=2, max_length=2)]]
    loads: list[_Load]
    series: dict[Name, _Series]
    calls: dict[Name, _Calls]
    faults: list[_Fault]
    states: list[_State]


def read(text: str) -> Recording:
    """The recording that :func:`labkit.measure.recorded.written` wrote; ``ValueError`` with a sentence for all else."""
    if len(text.encode()) > LARGEST:
        raise _refused(Text("This recorded run is larger than {most:g} MiB, so it is not read. Record a shorter one.",
                            "這次錄下的執行超過 {most:g} MiB，因此不讀取。請錄短一點。"), most=LARGEST / 2**20)
    try:
        run = from_json(text, allow_inf_nan=False)
    except ValueError:
        raise _refused(Text("This recorded run is cut short or is no JSON. Record it anew.",
                            "這次錄下的執行不完整，或不是 JSON。請重新錄製。")) from None
    version = run.get("version") if isinstance(run, dict) else None
    if version != VERSION:
        raise _refused(Text("This recorded run has version {given}, and this labkit reads version {known}. Record it anew.",
                            "這次錄下的執行是第 {given} 版，而這個 labkit 讀的是第 {known} 版。請重新錄製。"),
                       given=version, known=VERSION)
    try:
        return _recording(_Run.model_validate(run))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _broken(".".join(map(str, first["loc"]))) from None


def _refused(text: Text, **values: Any) -> ValueError:
    return ValueError(str(text.format(**values)))


def _broken(where: str) -> ValueError:
    return _refused(Text("This recorded run is broken at “{where}”. Record it anew.",
                         "這次錄下的執行在「{where}」處已損壞。請重新錄製。"), where=where)


def _recording(run: _Run) -> Recording:
    _check(run)
    return Recording(
        0.0, run.date, run.seconds, {name: _samples(name, calls) for name, calls in run.calls.items()}, _TAGS,
        {f"{service.name}-1": _watched(service, run) for service in run.services},
        tuple(Mark(Text(fault.label.en, fault.label.zh), fault.begin, fault.end, fault.on) for fault in run.faults),
        {load.stream: load.timeout for load in run.loads if load.timeout is not None},
        {load.stream: load.rate for load in run.loads if load.rate is not None}, _scene(run))


def _check(run: _Run) -> None:
    """What its parts say of each other."""
    services = {service.name for service in run.services}
    if len(services) != len(run.services) or set(run.series) != services:
        raise _broken("series")
    if not {callee for _, callee in run.links} <= services:
        raise _broken("links")
    if [load.stream for load in run.loads] != list(run.calls):
        raise _broken("loads")


def _scene(run: _Run) -> Scene:
    return Scene(run.lab, run.machine, {each.name: each.instances for each in run.services},
                 tuple((caller, callee) for caller, callee in run.links),
                 tuple(Change(each.at, each.service, each.breaker, each.state) for each in run.states))


def _samples(name: str, calls: _Calls) -> Samples:
    if not len(calls.at) == len(calls.ms) == len(calls.outcome):
        raise _broken(f"calls.{name}")
    status = np.array([_STATUS.get(letter, _OK) for letter in calls.outcome], np.int16)
    tag = np.array([_TAGS.index(kind) if (kind := OUTCOMES[letter]) else -1 for letter in calls.outcome], np.int8)
    at = np.cumsum(calls.at, dtype=np.float64) / 1000
    return Samples(at, np.zeros(len(status), np.float32),
                   np.array(calls.ms, np.float64) / 1000, status, tag)


def _watched(service: _Service, run: _Run) -> dict[str, Numbers]:
    """Its metrics as if one instance had them all."""
    series = {METRICS[short]: np.array(values, np.float64) for short, values in run.series[service.name]}
    busy, waiting = series.values()
    if len(busy) != len(waiting):
        raise _broken(f"series.{service.name}")
    at = np.arange(len(busy)) * run.step
    return {"at": at, **series, THREADS: np.full(len(at), np.nan if service.threads is None else service.threads)}
