"""All that one load measured, decoded; and its written form, in which a run can be shown where it cannot be run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from labkit.language import Text
from labkit.measure.samples import Numbers, Samples

__all__ = ["Mark", "Recording"]

_VERSION = 1


@dataclass(frozen=True)
class Mark:
    """A fault on a run's time axis: from ``begin`` to ``end`` seconds since second 0; ``end`` is None if not lifted."""

    label: Text
    begin: float
    end: float | None


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

    @classmethod
    def of(cls, result: Mapping[str, Any], *, timeout: Mapping[str, float], rates: Mapping[str, float],
           faults: Sequence[Mark] = ()) -> Self:
        """From the engine's result; ``faults`` in the result itself go before those given."""
        return cls(result["t0"], result["wall"], result["seconds"],
                   {name: Samples.decode(arrays) for name, arrays in result["streams"].items()}, result["tags"],
                   {name: {metric: np.array(values, float) for metric, values in series.items()}
                    for name, series in result["watch"].items()},
                   tuple(result.get("faults", faults)), dict(timeout), dict(rates))

    def to_json(self) -> str:
        """One line of JSON; about thirty bytes a request."""
        faults = [{"en": mark.label.en, "zh": mark.label.zh, "begin": mark.begin, "end": mark.end}
                  for mark in self.faults]
        watch = {name: {metric: [_plain(value) for value in values.tolist()] for metric, values in series.items()}
                 for name, series in self.watch.items()}
        return json.dumps({"version": _VERSION, "t0": self.t0, "wall": self.wall, "seconds": self.seconds,
                           "timeout": self.timeout, "rates": self.rates, "faults": faults, "tags": self.tags,
                           "streams": {name: samples.encode() for name, samples in self.streams.items()},
                           "watch": watch}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of :meth:`to_json`; ``ValueError`` for another version."""
        written = json.loads(text)
        if written.get("version") != _VERSION:
            raise ValueError(str(Text(
                "This recorded run has version {given}, and this labkit reads version {known}. Record it anew.",
                "這次錄下的執行是第 {given} 版，而這個 labkit 讀的是第 {known} 版。請重新錄製。"
            ).format(given=written.get("version"), known=_VERSION)))
        marks = [Mark(Text(each["en"], each["zh"]), each["begin"], each["end"]) for each in written.pop("faults")]
        return cls.of(written, timeout=written["timeout"], rates=written["rates"], faults=marks)


def _plain(value: float) -> float | int | None:
    if value != value:
        return None
    return int(value) if value.is_integer() else value
