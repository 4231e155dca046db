"""One load on one set-up, kept so that it can be repeated: the same services, the same faults, a fresh phase."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labkit.faults.injection import Injection
from labkit.handles.fleet import Fleet
from labkit.handles.instance import Instance
from labkit.handles.plan import ServicePlan
from labkit.handles.scene import scene
from labkit.handles.service import Service
from labkit.language import Text
from labkit.load.drive import Launch, drive
from labkit.load.plan import LoadPlan, Stream
from labkit.measure.cache_use import CACHE_METRICS
from labkit.measure.gates import CONTROL
from labkit.measure.recording import Mark
from labkit.measure.run import Painter, Run

__all__ = ["METRICS", "Experiment", "Request", "requests_of"]

Done = tuple[Injection, float, float]  # what came or went, the second that was planned, and time.monotonic() when it had
_PING_RATE = 20.0
_PING_SECONDS = 1.0
METRICS = ("pool_threads_busy", "pool_threads_total", "pool_tasks_waiting", "event_loop_lag_seconds", "requests_total",
           "requests_received_total", "calls_total", "requests_in_flight", "queued_orders", *CACHE_METRICS)


@dataclass(frozen=True)
class Request:
    """What users ask for: "GET /" or "POST /orders" at ``rate`` a second, with the time-out of their patience."""

    path: str
    rate: float
    timeout: float
    arrivals: str = "constant"
    users: int = 0
    think: float = 0.0
    body: str | None = None

    def stream(self, url: str, seed: int) -> Stream:
        """The same for the load engine, on the service at ``url``."""
        method, path = self.path.split(" ", 1) if " " in self.path else ("GET", self.path)
        headers = {} if self.body is None else {"Content-Type": "application/json"}
        return Stream(self.path, url + path, method, headers, self.body, self.arrivals, self.rate, self.users,
                      self.think, self.timeout, seed)


@dataclass(frozen=True)
class Experiment:
    """Loads ``target`` with ``requests`` for ``seconds`` while ``faults`` come and go.

    ``seeds`` gives a fresh seed for each run, which moves the phase of the arrivals.
    """

    fleet: Fleet
    launch: Launch
    target: Service
    requests: Sequence[Request]
    seconds: float
    faults: Sequence[Injection]
    seeds: Callable[[], int]
    progress: Callable[[float, int, int], None]
    setup: tuple[ServicePlan, ...] = ()
    standing: Sequence[Injection] = field(default_factory=tuple)
    tag: str = "X-Answer"

    def run(self, painter: Painter) -> Run:
        """Run it and give what was measured; the run can be repeated by :meth:`Run.again`."""
        rates = {request.path: request.rate for request in self.requests if request.rate}
        timeouts = {request.path: request.timeout for request in self.requests}
        return Run(self.once(), rates=rates | {CONTROL: _PING_RATE}, timeout=timeouts | {CONTROL: _PING_SECONDS},
                   again=self.again, painter=painter)

    def once(self) -> dict[str, Any]:
        """Run it once and give the engine's result, with the faults' times as ``"faults"`` and the ``"scene"``."""
        self.fleet.require(self.target)
        done: list[Done] = []
        steps = [_step(fault, fault.at or 0.0, fault.inject, done) for fault in self.faults]
        steps += [_step(fault, fault.until, fault.lift, done) for fault in self.faults if fault.until is not None]
        with contextlib.ExitStack() as lifts:
            for fault in self.faults:
                lifts.callback(fault.lift)
            result = drive(self._plan(), self.launch, self.progress, steps)
        zero = result["t0"]
        marks = [_mark(fault, zero, done) for fault in (*self.standing, *self.faults)]
        return {**result, "scene": scene(self.fleet, self.target.name, zero), "faults": [mark for mark in marks if mark]}

    def again(self) -> dict[str, Any]:
        """Set everything up as it was, start it anew, and run once more."""
        self.fleet.restore(self.setup)
        self.fleet.reset()
        with contextlib.ExitStack() as lifts:
            for fault in self.standing:
                lifts.callback(fault.lift)
                fault.inject()
            return self.once()

    def _plan(self) -> LoadPlan:
        seed = self.seeds()
        streams = [request.stream(self.target.url, seed + number) for number, request in enumerate(self.requests)]
        if not self._disturbed():
            streams.append(Stream(CONTROL, self.target[0].url + "/ping", rate=_PING_RATE, timeout=_PING_SECONDS, seed=seed,
                                  counted=False))
        watch = {instance.name: instance.url + "/metrics" for instance in self._instances() if instance.observed}
        return LoadPlan(streams, self.seconds, self.tag, watch=watch, metrics=METRICS)

    def _instances(self) -> list[Instance]:
        return [instance for service in self.fleet.services.values() for instance in service.instances]

    def _disturbed(self) -> bool:
        """Whether a fault sits on the very target, or it does not run: then its ping tells of that, not of a busy machine."""
        touched = {id(fault.target) for fault in (*self.faults, *self.standing)}
        return not self.target.running or bool(touched & {id(self.target), *map(id, self.target.instances)})


def _step(fault: Injection, second: float, act: Callable[[], None], done: list[Done]) -> tuple[float, Callable[[], None]]:
    """``act`` at its second, and a note of when it was done."""
    def step() -> None:
        act()
        done.append((fault, second, time.monotonic()))

    return second, step


def _mark(fault: Injection, zero: float, done: Sequence[Done]) -> Mark | None:
    """When it was in place, if it ever was. Only the proxy's faults come at once by nature, so others are never late."""
    span = fault.mark
    if span is None:
        return None
    late = [at - zero - second for one, second, at in done if one is fault and fault.fault.needs == "proxy"]
    return Mark(span.label, span.began - zero, None if span.ended is None else span.ended - zero, span.on, max([0.0, *late]))


def requests_of(paths: str | Mapping[str, float], rate: float | None, **common: Any) -> list[Request]:
    """One path with ``rate``, or several as ``{"POST /orders": 48, "GET /": 48}``."""
    if isinstance(paths, str):
        paths = {paths: rate if rate is not None else 0.0}
    elif rate is not None:
        raise ValueError(str(Text("With several paths give each its own rate, {\"GET /\": 40}, and leave rate= out.",
                                  "有好幾個路徑時，請分別給每個路徑速率，例如 {\"GET /\": 40}，不要再用 rate=。")))
    return [Request(path, each, **common) for path, each in paths.items()]
