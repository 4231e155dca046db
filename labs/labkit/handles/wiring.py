"""Which fault proxy a call goes through.

Users call from this machine. Where services run on it too, one proxy carries all links. Where they run on a network of
their own, as containers do, a second proxy stands on that network and carries the calls between services::

    users --> proxy on this machine --> 127.0.0.1:32768  storefront-1
                                                         storefront-1 --> proxy on the network --> orders-1:8000

A fault on an instance holds for every way to it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from labkit.faults.control import ProxyControl
from labkit.faults.fault import Fault
from labkit.substrates.substrate import Endpoint, Substrate

__all__ = ["Wiring", "start_wiring"]

_HERE = "127.0.0.1"


@dataclass
class _Way:
    """A route: the proxy that it runs through, and where it leads."""

    control: ProxyControl
    ends: list[Endpoint]


@dataclass
class _Broken:
    """A fault on one instance, and its number in each proxy that leads there."""

    fault: Fault
    end: Endpoint
    numbers: dict[ProxyControl, int] = field(default_factory=dict)


class Wiring:
    """The proxies of a lab. ``inner`` is the one on the services' own network, where ``host`` is its name."""

    def __init__(self, outer: ProxyControl, inner: ProxyControl | None = None, host: str = _HERE) -> None:
        self._outer, self._inner, self._host = outer, inner or outer, host
        self._ways: dict[str, _Way] = {}
        self._broken: list[_Broken] = []

    def route(self, name: str, ends: Sequence[Endpoint], *, from_here: bool) -> str:
        """Open a route to ``ends``; gives "host:port" to call. ``from_here``: the caller is on this machine."""
        control = self._outer if from_here else self._inner
        port = control.route(name, self._addresses(control, ends))
        self._ways[name] = _Way(control, list(ends))
        self._break_new_ways()
        return f"{_HERE if from_here else self._host}:{port}"

    def upstreams(self, name: str, ends: Sequence[Endpoint]) -> None:
        """Lead a route to other instances."""
        way = self._ways[name]
        way.control.upstreams(name, self._addresses(way.control, ends))
        way.ends = list(ends)
        self._break_new_ways()

    def unroute(self, name: str) -> None:
        """Close a route."""
        self._ways.pop(name).control.unroute(name)

    def break_route(self, fault: Fault, name: str) -> Callable[[], None]:
        """Put ``fault`` on a route; gives what lifts it."""
        control = self._ways[name].control
        number = control.fault(fault, route=name)
        return lambda: control.lift(number)

    def break_end(self, fault: Fault, end: Endpoint) -> Callable[[], None]:
        """Put ``fault`` on all that comes to one instance, from wherever; gives what lifts it."""
        broken = _Broken(fault, end)
        self._break(broken)
        self._broken.append(broken)

        def lift() -> None:
            self._broken.remove(broken)
            for control, number in broken.numbers.items():
                control.lift(number)

        return lift

    def close(self) -> None:
        """End the proxies, and with them every route and fault."""
        for control in dict.fromkeys((self._inner, self._outer)):
            control.close()

    def _break_new_ways(self) -> None:
        for broken in self._broken:
            self._break(broken)

    def _break(self, broken: _Broken) -> None:
        leading = dict.fromkeys(way.control for way in self._ways.values() if broken.end in way.ends)
        for control in leading or (self._outer,):  # which says so, when nothing leads there
            if control not in broken.numbers:
                upstream, = self._addresses(control, [broken.end])
                broken.numbers[control] = control.fault(broken.fault, upstream=upstream)

    def _addresses(self, control: ProxyControl, ends: Sequence[Endpoint]) -> list[str]:
        return [end.outside if control is self._outer else end.inside for end in ends]


def start_wiring(substrate: Substrate) -> Wiring:
    """The proxies of a new lab: one on this machine, and one on the services' own network where they have one."""
    here, there = socket.socketpair()
    with there:
        substrate.launch("labkit.faults.proxy:main", {}, [there.fileno()], name="proxy")
    inner = substrate.inner_proxy()
    return Wiring(ProxyControl(here), *((ProxyControl(inner[0]), inner[1]) if inner else ()))
