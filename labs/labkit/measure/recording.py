"""All that one load measured, decoded: what every figure, chart and replay of a run is read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from labkit.language import Text
from labkit.measure.samples import Numbers, Samples

__all__ = ["Change", "Mark", "Recording", "Scene"]


@dataclass(frozen=True)
class Mark:
    """A fault on a run's time axis: from ``begin`` to ``end`` seconds since second 0; ``end`` is None if not lifted.

    ``on`` is the link ("orders -> stock"), the service or the instance that had it, which ``label`` leaves out. ``late`` is
    by how many seconds it came or went after the time that was planned.
    """

    label: Text
    begin: float
    end: float | None
    on: str = ""
    late: float = 0.0

    @property
    def placed(self) -> Text:
        """The fault and where it was: "latency 3 s on orders -> stock"."""
        where = Text("{fault} on {target}", "{target}：{fault}").format(fault=self.label, target=self.on)
        return where if self.on else self.label


@dataclass(frozen=True)
class Change:
    """The breaker for calls from ``service`` to ``callee`` became ``state`` at ``at`` seconds since second 0."""

    at: float
    service: str
    callee: str
    state: str


@dataclass(frozen=True)
class Scene:
    """Where a run took place: ``instances`` by service, callers first; who calls whom; and what their breakers did.

    ``lab`` is the notebook, ``machine`` the machine in one line.
    """

    lab: str | None = None
    machine: str = ""
    instances: Mapping[str, int] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, eq=False)
class Recording:
    """``t0`` is second 0 on the monotonic clock, ``wall`` the time of day (ISO 8601). ``timeout`` and ``rates`` are by
    stream (no rate: a closed loop). ``watch`` is ``{instance: {"at": times, metric: values}}``, NaN for no answer.
    """

    t0: float
    wall: str
    seconds: float
    streams: Mapping[str, Samples]
    tags: Sequence[str]
    watch: Mapping[str, Mapping[str, Numbers]]
    faults: tuple[Mark, ...]
    timeout: Mapping[str, float]
    rates: Mapping[str, float]
    scene: Scene = Scene()

    @classmethod
    def of(cls, result: Mapping[str, Any], *, timeout: Mapping[str, float], rates: Mapping[str, float],
           faults: Sequence[Mark] = ()) -> Self:
        """From the engine's result; ``faults`` in the result itself go before those given, and it may have a ``scene``."""
        return cls(result["t0"], result["wall"], result["seconds"],
                   {name: Samples.decode(arrays) for name, arrays in result["streams"].items()}, result["tags"],
                   {name: {metric: np.array(values, float) for metric, values in series.items()}
                    for name, series in result["watch"].items()},
                   tuple(result.get("faults", faults)), dict(timeout), dict(rates), result.get("scene", Scene()))
