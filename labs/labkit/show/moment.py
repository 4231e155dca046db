"""One moment of a run as a picture: how many threads of each service were busy, and which faults were on."""

from __future__ import annotations

import numpy as np

from labkit.measure.recording import Mark, Recording
from labkit.measure.samples import Numbers
from labkit.measure.series import summed
from labkit.show.snapshot import Link, Node, Snapshot

__all__ = ["fullest", "moment"]

_BUSY, _POOL = "pool_threads_busy", "pool_threads_total"


def fullest(recording: Recording) -> float:
    """The second at which the largest share of all threads was busy, the first such one; 0 where nobody told."""
    pools = [series for name in recording.scene.instances if (series := _series(recording, name, _BUSY)) and len(series[0])]
    if not pools:
        return 0.0
    times = np.unique(np.concatenate([at for at, _ in pools]))
    total = sum(np.interp(times, at, np.nan_to_num(values)) for at, values in pools)
    return float(times[int(np.argmax(total))])


def moment(recording: Recording, second: float) -> Snapshot:
    """The services that the load could reach, as they were at ``second``."""
    marks = [mark for mark in recording.faults if mark.begin <= second and (mark.end is None or second < mark.end)]
    clients = sorted({caller for caller, _ in recording.scene.links} - set(recording.scene.instances))
    nodes = [Node(name, "client") for name in clients]
    nodes += [_node(recording, name, instances, second, marks) for name, instances in recording.scene.instances.items()]
    return Snapshot(tuple(nodes), tuple(_link(caller, callee, marks) for caller, callee in recording.scene.links))


def _node(recording: Recording, name: str, instances: int, second: float, marks: list[Mark]) -> Node:
    busy, threads = (_at(_series(recording, name, metric), second) for metric in (_BUSY, _POOL))
    note = next((mark.label for mark in marks if mark.on.rpartition("-")[0] == name or mark.on == name), None)
    return Node(name, instances=instances, threads=int(threads or 0), busy=busy, note=note,
                state="failed" if note else "healthy")


def _link(caller: str, callee: str, marks: list[Mark]) -> Link:
    fault = next((mark.label for mark in marks if mark.on == f"{caller} -> {callee}"), None)
    return Link(caller, callee, fault, "slow" if fault else "healthy")


def _series(recording: Recording, name: str, metric: str) -> tuple[Numbers, Numbers] | None:
    try:
        return summed(recording.watch, name, metric)
    except LookupError:
        return None


def _at(series: tuple[Numbers, Numbers] | None, second: float) -> float | None:
    """The last value told until ``second``."""
    if series is None:
        return None
    told = series[1][(series[0] <= second + 1e-6) & ~np.isnan(series[1])]
    return float(told[-1]) if len(told) else None


