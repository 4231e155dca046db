"""All faults by name: one line here for each file."""

from __future__ import annotations

from typing import Any

from labkit.faults.bandwidth import Bandwidth
from labkit.faults.cut import Cut
from labkit.faults.disconnect import Disconnect
from labkit.faults.error import ErrorRate
from labkit.faults.fault import Fault, FaultError, unknown
from labkit.faults.kill import Kill
from labkit.faults.latency import Latency
from labkit.faults.noop import Noop
from labkit.faults.pause import Pause
from labkit.faults.reset import Reset
from labkit.faults.throttle import Throttle
from labkit.language import Text

__all__ = ["FAULTS", "build"]

FAULTS: dict[str, type[Fault]] = {
    kind.name: kind for kind in (Latency, Bandwidth, ErrorRate, Cut, Reset, Pause, Kill, Throttle, Disconnect, Noop)}


def build(name: str, settings: dict[str, Any]) -> Fault:
    """The fault of this name with these settings, checked."""
    if name not in FAULTS:
        raise FaultError(unknown(Text("fault", "故障"), name, FAULTS))
    try:
        return FAULTS[name](**settings)
    except TypeError as problem:
        raise FaultError(Text('The fault "{name}" does not take these settings: {problem}.',
                              "故障「{name}」不接受這些設定：{problem}。").format(name=name, problem=problem)) from None
