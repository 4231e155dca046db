"""Where a load took place, written down when it is over: the next cell may start other services under these names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from labkit.handles.fleet import USERS, Fleet
from labkit.handles.plan import ServicePlan
from labkit.handles.service import Service
from labkit.measure.machine import machine
from labkit.measure.recording import Change, Scene

__all__ = ["scene"]

_SESSION = "JPY_SESSION_NAME"  # Jupyter's: the notebook that a kernel belongs to


def scene(fleet: Fleet, target: str, zero: float) -> Scene:
    """What a load on ``target`` could reach, and what its breakers did since ``zero`` on the monotonic clock."""
    names = _callers_first(fleet.plans, target)
    calls = ((name, callee) for name in names for callee in fleet.plans[name].calls if callee in names)
    changes = [change for name in names for change in _changes(fleet.services[name], zero)]
    return Scene(Path(os.environ.get(_SESSION, "")).stem or None, machine(),
                 {name: len(fleet.services[name].instances) for name in names}, ((USERS, target), *calls),
                 tuple(sorted(changes, key=lambda change: change.at)))


def _callers_first(plans: Mapping[str, ServicePlan], target: str) -> list[str]:
    """``target`` and all that it calls by way of others, each after its callers."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name not in seen and name in plans:
            seen.add(name)
            for callee in reversed(plans[name].calls):
                visit(callee)
            order.append(name)

    visit(target)
    return order[::-1]


def _changes(service: Service, zero: float) -> Iterator[Change]:
    """Its breakers' changes of state. A process that is started anew has new breakers, and they are closed."""
    known: dict[str, set[str]] = {}  # instance -> whom its breakers are for
    for entry in service.events("breaker", "started"):
        callees = known.setdefault(entry["instance"], set())
        if entry["event"] == "breaker":
            callees.add(entry["callee"])
            states = {entry["callee"]: entry["to"]}
        else:
            states = dict.fromkeys(sorted(callees), "closed")
        if entry["at"] >= zero:
            yield from (Change(entry["at"] - zero, service.name, callee, state) for callee, state in states.items())
